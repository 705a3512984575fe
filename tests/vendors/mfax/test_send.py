"""Sending: what comes back, to whom faxes go, and what cannot be taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.mfax.bodies import BRIDGE, MESSAGES, fax, listed, whole
from tests.vendors.mfax.conftest import NUMBER, Mfax, error, subscribe

OTHER = "+12125550124"
HISTORY = "/v1/fax/history"
TEXTS = {
    "recipientName": ("recipientName", 40),
    "senderName": (None, 40),
    "subject": ("subject", 55),
    "callerId": ("faxCallerId", 10),
    "notes": (None, 4000),
}
"""A text's key in the answer, if it is shown, and its longest length."""


def test_a_sent_fax_is_shown_as_the_long_object(mfax: Mfax, document: Callable[[str], bytes]) -> None:
    answer = mfax.upload(
        "/v1/faxes",
        ("letter.pdf", document("three-pages.pdf")),
        recipientFax=NUMBER,
        recipientName="Ada",
        senderName="Charles",
        subject="Engines",
        callerId="5094570000",
        notes="Read this.",
        cf='{"case": "7"}',
    )
    written = {"recipientName": "Ada", "subject": "Engines", "faxCallerId": "5094570000"}
    whole(answer, fax("send", pagesCount=3, cf={"case": "7"}, **written))


@pytest.mark.parametrize("field", TEXTS)
def test_texts_have_their_documented_length(mfax: Mfax, pdf: bytes, field: str) -> None:
    shown, longest = TEXTS[field]
    text = "ü" * longest
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, **{field: text})
    whole(answer, fax("send", **({shown: text} if shown else {})))
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, **{field: f"{text}ü"})
    message = f"{field}: Longer than maximum length {longest}."
    whole(answer, error("InvalidInputError", message), 400)


def test_several_destinations_get_a_fax_each(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=f"{NUMBER}, 12125550124")
    whole(answer, fax("send"))
    whole(mfax.get(HISTORY), listed(fax("history", 2, faxNumber=OTHER), fax("history", 1)))


def test_a_thousand_destinations_get_a_fax_each_and_more_are_refused(mfax: Mfax) -> None:
    numbers = [f"+1212555{line:04d}" for line in range(1000)]
    form = {"faxNumber": ",".join(numbers), "coverPage": "true"}
    whole(mfax.post("/v1/faxes", **form), fax("send", faxNumber=numbers[0]))
    rows = [row for half in (0, 500) for row in mfax.get(HISTORY, limit=500, offset=half).json()["rows"]]
    made = [{**fax("history"), "faxNumber": number} for number in reversed(numbers)]
    assert [{**row, "messageId": MESSAGES[0]} for row in rows] == made
    assert len({row["messageId"] for row in rows}) == 1000
    answer = mfax.post("/v1/faxes", **{**form, "faxNumber": f"{form['faxNumber']},{NUMBER}"})
    whole(answer, error("InvalidInputError", "A call takes at most 1000 recipients."), 400)
    whole(mfax.get(HISTORY, limit=1, offset=1000), listed(limit=1, offset=1000, count=1000))


def test_an_unknown_contact_is_said(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, recipientContacts="nobody")
    whole(answer, error("InvalidInputError", "Contact nobody not found."), 400)
    whole(mfax.get(HISTORY), listed())


TOO_MANY = ("TooManyRequestsError", "Too many requests, please try again later.", 429)
REFUSED = {
    "15005550006": ("NotAllowedError", "Not enough pages left in the plan of the account.", 403),
    "15005550013": ("NotAllowedError", "Faxing to this number is blocked.", 403),
    "15005550020": ("InternalServerError", "Internal server error.", 500),
    "15005550021": TOO_MANY,
    "12": ("InvalidInputError", "Invalid fax number.", 400),
}


@pytest.mark.parametrize("to", REFUSED)
def test_when_one_destination_is_refused_nobody_gets_a_fax(
    mfax: Mfax, pdf: bytes, receiver: Receiver, to: str
) -> None:
    """One answer stands for all destinations, so it is all of them or none."""
    subscribe(mfax, receiver, "fax.v1.outbound.init", "fax.outbound.extended")
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=f"{NUMBER},{OTHER},{to},12125550125")
    name, message, status = REFUSED[to]
    whole(answer, error(name, message), status)
    mfax.control.advance()
    assert mfax.control.faxes() == []
    assert receiver.requests == []


def test_a_scenario_for_the_second_destination_refuses_the_whole_call(mfax: Mfax, pdf: bytes) -> None:
    rule = {"name": "blocked", "match": {"to": OTHER}, "http": {"status": 402, "body": {"any": "thing"}}}
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/scenarios", json=rule)
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=f"{NUMBER},{OTHER}")
    whole(answer, {"any": "thing"}, 402)
    assert mfax.control.faxes() == []
    whole(mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER), fax("send", 3))


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "recipientFax: at least one fax number is required."),
        ({"faxNumber": "not a number"}, "Invalid fax number."),
        ({"faxNumber": "123"}, "Invalid fax number."),
        ({"faxNumber": "+1202555012"}, "Invalid fax number."),
        ({"faxNumber": "+120255501234"}, "Invalid fax number."),
        ({"faxNumber": "+0012025550123"}, "Invalid fax number."),
        ({"faxNumber": "+１２０２５５５０１２３"}, "Invalid fax number."),  # noqa: RUF001
        ({"recipientFax": "１２０２５５５０１２３"}, "Invalid fax number."),  # noqa: RUF001
        ({"faxNumber": "+4420794601"}, "Invalid fax number."),
        ({"faxNumber": "+" + "1" * 20}, "Invalid fax number."),
        ({"recipientContacts": "nobody"}, "Contact nobody not found."),
        ({"faxNumber": NUMBER, "coverPage": "maybe"}, "coverPage: Must be true or false."),
        ({"faxNumber": NUMBER, "cf": "[1]"}, "cf: Must be a JSON object."),
        ({"faxNumber": NUMBER, "cf": '{"a": NaN}'}, "cf: Not valid JSON."),
        ({"faxNumber": NUMBER, "cf": "{" * 100_000}, "cf: Not valid JSON."),
        ({"faxNumber": NUMBER, "scheduledDate": "tomorrow"}, "scheduledDate: Must be an ISO date."),
        ({"faxNumber": NUMBER, "webhookId": "mine"}, "webhookId: Not a valid UUID."),
        ({"faxNumber": NUMBER, "optimizeFax": "colour"}, "optimizeFax: Must be one of: auto, text, image."),
        (
            {"faxNumber": NUMBER, "fileIds": "d1077489-5ea1-4db1-9760-853f175e8288"},
            "fileIds: File not found.",
        ),
        ({"faxNumber": ",".join(["12125550123"] * 1001)}, "A call takes at most 1000 recipients."),
    ],
)
def test_what_cannot_be_taken_is_said(mfax: Mfax, pdf: bytes, form: dict[str, str], message: str) -> None:
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), **form)
    whole(answer, error("InvalidInputError", message), 400)
    assert mfax.control.faxes() == []


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+44 (0)20 7946 0123", "+442079460123"),
        ("011 44 20 7946 0123", "+442079460123"),
        ("11234567890", "+11234567890"),
        ("1234567890", "+11234567890"),
    ],
)
def test_a_number_is_read_as_people_write_it(mfax: Mfax, pdf: bytes, written: str, number: str) -> None:
    shown = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=written).json()
    assert shown["faxNumber"] == number


@pytest.mark.parametrize(
    ("number", "country"), [("+14165550123", "CA"), ("+442079460123", "GB"), ("+15005550001", "US")]
)
def test_the_country_follows_from_the_number(mfax: Mfax, pdf: bytes, number: str, country: str) -> None:
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=number)
    whole(answer, fax("send", faxNumber=number, country=country))


def test_with_the_switch_faxes_belong_to_a_faxbridge(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.vendor("mfax", profile={"faxbridge": True})
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER)
    whole(answer, fax("send", **BRIDGE))


def test_async_answers_with_the_message_id_alone(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, **{"async": "true"})
    whole(answer, {"messageId": MESSAGES[0]})
    whole(mfax.get(f"/v1/fax/{MESSAGES[0]}/info"), fax("info"))


FINE = {"duration": 31333, "resolvedDate": "2026-03-02T12:00:41.333Z"}
"""A page of the finer resolution takes longer."""


@pytest.mark.parametrize(("word", "end"), [("auto", {}), ("text", {}), ("image", FINE)])
def test_optimize_fax_sets_the_resolution(mfax: Mfax, pdf: bytes, word: str, end: dict[str, Any]) -> None:
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, optimizeFax=word)
    whole(answer, fax("send"))
    mfax.control.advance()
    whole(mfax.get(f"/v1/fax/{MESSAGES[0]}/info"), fax("info", 1, "success", **end))


def test_a_tag_is_on_a_fax_once(mfax: Mfax, pdf: bytes) -> None:
    tag = mfax.post("/v1/tag", name="Urgent").json()
    written = f"{tag['uuid']},{tag['uuid'].upper()},example,{tag['uuid']}"
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, tags=written)
    whole(answer, fax("send", tags=[tag]))
    mfax.post(f"/v1/fax/{answer.json()['messageId']}/tag", tagId=tag["uuid"])
    assert mfax.info(answer.json()["messageId"])["tags"] == [tag]
