"""One document to many: send multiple and resend."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from emulator import documents
from tests.receiver import Receiver
from tests.vendors.mfax.bodies import CONTACT, MESSAGES, fax, listed, values, whole
from tests.vendors.mfax.conftest import NUMBER, UNKNOWN, Mfax, error, subscribe
from tests.vendors.mfax.facts import FACTS

NO_FILES = "InvalidInputError: No files and cover page in to send."
OTHER = "+12125550124"
FIRST = MESSAGES[0]
PLAIN = {"cf": {"case": "7"}}


def covers(mfax: Mfax) -> list[list[str]]:
    """Give what the cover page of each fax says of whom it is for, when and how long, the first fax first."""
    found = []
    for each in reversed(mfax.control.faxes()):
        content = mfax.get(f"/v1/fax/{each['vendor_view']['id']}/download").content
        lines = [line.strip() for line in documents.text_of(content)[0].splitlines()]
        found.append([lines[1], lines[3], lines[6], lines[7]])
    return found


def test_multiple_sends_one_fax_to_each_destination(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload(
        "/v1/faxes/multiple", ("a.pdf", pdf), recipientFax=f"12125550123,{OTHER}", cf='{"case": "7"}'
    )
    first = fax("send-multiple", 1, **PLAIN)
    second = fax("send-multiple", 2, faxNumber=OTHER, **PLAIN)
    whole(answer, {"success": [first, second], "errors": []})
    mfax.control.advance()
    ended = fax("history", 2, "success", faxNumber=OTHER, **PLAIN), fax("history", 1, "success", **PLAIN)
    whole(mfax.get("/v1/fax/history"), listed(*ended))


WRONG = {
    "12": "InvalidInputError: Invalid fax number.",
    "12125550199": "NotAllowedError: Faxing to this number is blocked.",
    "442079460123": "NotAllowedError: International fax was disabled for account",
    "15005550006": "NotAllowedError: Not enough pages left in the plan of the account.",
    "15005550013": "NotAllowedError: Faxing to this number is blocked.",
}


def test_multiple_lists_what_is_wrong_with_a_recipient(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.vendor("mfax", restricted_numbers=["+12125550199"], profile={"international": False})
    answer = mfax.upload(
        "/v1/faxes/multiple",
        ("a.pdf", pdf),
        recipientFax=",".join([NUMBER, *WRONG, OTHER]),
        recipientContacts="nobody",
    )
    # A number that is wrong at once takes no message's number, one that a scenario refuses does.
    good = [fax("send-multiple", 1), fax("send-multiple", 4, faxNumber=OTHER)]
    errors = [{"error": text, "recipientFax": number} for number, text in WRONG.items()]
    errors.append({"error": "InvalidInputError: Contact nobody not found.", "recipientFax": ""})
    whole(answer, {"success": good, "errors": errors})
    history = [fax("history", 4, faxNumber=OTHER), fax("history", 1)]
    whole(mfax.get("/v1/fax/history"), listed(*history))


def test_multiple_without_a_document_is_an_error_of_each_recipient(mfax: Mfax) -> None:
    (documented, _) = (row["item"] for row in FACTS["listed_errors"])
    answer = mfax.upload("/v1/faxes/multiple", recipientFax=f"{documented['recipientFax']},12015234233")
    second = {"error": NO_FILES, "recipientFax": "12015234233"}
    whole(answer, {"success": [], "errors": [documented, second]})


def test_multiple_goes_to_contacts_too(mfax: Mfax) -> None:
    contact = mfax.post("/v1/contacts", name="Ada", faxNumber="12125550124")
    added = {**CONTACT, "faxNumber": "12125550124"}
    whole(contact, added)
    answer = mfax.upload(
        "/v1/faxes/multiple", recipientFax=NUMBER, recipientContacts=CONTACT["uuid"], coverPage="true"
    )
    second = fax("send-multiple", 2, faxNumber=OTHER, contacts=[added])
    whole(answer, {"success": [fax("send-multiple"), second], "errors": []})
    assert covers(mfax) == [
        ["To:", "Fax: +12125550123", "Date: 2026-03-02", "Pages: 1"],
        ["To: Ada", "Fax: +12125550124", "Date: 2026-03-02", "Pages: 1"],
    ]


def test_multiple_needs_a_recipient(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload("/v1/faxes/multiple", ("a.pdf", pdf), recipientFax=" , ")
    whole(answer, error("InvalidInputError", "recipientFax: at least one fax number is required."), 400)


@pytest.mark.parametrize(
    ("to", "name", "message", "status"),
    [
        ("15005550021", "TooManyRequestsError", "Too many requests, please try again later.", 429),
        ("15005550020", "InternalServerError", "Internal server error.", 500),
    ],
)
def test_a_refusal_of_the_whole_call_leaves_nothing_sent(
    mfax: Mfax, pdf: bytes, receiver: Receiver, to: str, name: str, message: str, status: int
) -> None:
    subscribe(mfax, receiver, "fax.v1.outbound.init")
    answer = mfax.upload("/v1/faxes/multiple", ("a.pdf", pdf), recipientFax=f"{NUMBER},{to},{OTHER}")
    whole(answer, error(name, message), status)
    mfax.control.advance()
    assert mfax.control.faxes() == []
    assert receiver.requests == []


def test_resend_makes_a_new_fax_and_leaves_the_old_one(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf, "15005550008", cf='{"case": "7"}', subject="Engines")
    mfax.control.advance()
    old = fax("info", 1, "failed", faxNumber="+15005550008")
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), old)
    answer = mfax.post("/v1/fax/resend", messageId=FIRST, recipientFax="2125550123")
    again = fax("resend", 2, createdAt="2026-03-02T12:00:06.000Z", **PLAIN)
    whole(answer, {"success": [again], "errors": []})
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), old)
    mfax.control.advance()
    times = {"createdAt": "2026-03-02T12:00:06.000Z", "resolvedDate": "2026-03-02T12:00:41.986Z"}
    whole(mfax.get(f"/v1/fax/{MESSAGES[1]}/info"), fax("info", 2, "success", **times))


def test_resend_goes_to_the_same_number_unless_told_otherwise(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    whole(mfax.post("/v1/fax/resend", messageId=FIRST), {"success": [fax("resend", 2)], "errors": []})


@pytest.mark.parametrize("path", ["/v1/faxes", "/v1/faxes/multiple", "/v1/fax/send"])
def test_each_cover_page_names_its_own_recipient(
    mfax: Mfax, document: Callable[[str], bytes], path: str
) -> None:
    mfax.post("/v1/contacts", name="Ada", faxNumber="+12125550125")
    form = {"recipientFax": f"{NUMBER},{OTHER}", "recipientContacts": CONTACT["uuid"], "recipientName": "All"}
    mfax.upload(path, ("a.pdf", document("three-pages.pdf")), **form, coverPage="true")
    assert covers(mfax) == [
        ["To: All", "Fax: +12125550123", "Date: 2026-03-02", "Pages: 4"],
        ["To: All", "Fax: +12125550124", "Date: 2026-03-02", "Pages: 4"],
        ["To: Ada", "Fax: +12125550125", "Date: 2026-03-02", "Pages: 4"],
    ]
    assert [each["pages"]["total"] for each in mfax.control.faxes()] == [4, 4, 4]


def test_a_resend_writes_a_cover_page_for_its_own_number_and_day(
    mfax: Mfax, document: Callable[[str], bytes]
) -> None:
    form = {"recipientName": "Ada", "coverPage": "true"}
    mfax.upload("/v1/faxes", ("a.pdf", document("three-pages.pdf")), faxNumber=NUMBER, **form)
    mfax.control.advance(by="24h")
    mfax.post("/v1/fax/resend", messageId=FIRST, recipientFax=OTHER)
    mfax.post("/v1/fax/resend", messageId=MESSAGES[1], recipientFax="+12125550125")
    assert covers(mfax) == [
        ["To: Ada", "Fax: +12125550123", "Date: 2026-03-02", "Pages: 4"],
        ["To: Ada", "Fax: +12125550124", "Date: 2026-03-03", "Pages: 4"],
        ["To: Ada", "Fax: +12125550125", "Date: 2026-03-03", "Pages: 4"],
    ]
    content = mfax.get(f"/v1/fax/{MESSAGES[2]}/download").content
    assert documents.text_of(content)[1:] == documents.text_of(document("three-pages.pdf"))


def test_a_resend_before_its_document_was_fetched_has_its_own_cover_page(
    mfax: Mfax, receiver: Receiver, pdf: bytes
) -> None:
    receiver.answer(200, body=pdf, times=None)
    mfax.post("/v1/faxes", faxNumber=NUMBER, coverPage="true", attachmentUrls=f"{receiver.url}/a.pdf")
    mfax.post("/v1/fax/resend", messageId=FIRST, recipientFax=OTHER)
    mfax.control.advance()
    assert [numbers for _, numbers, _, _ in covers(mfax)] == [f"Fax: {NUMBER}", f"Fax: {OTHER}"]
    content = mfax.get(f"/v1/fax/{MESSAGES[1]}/download").content
    assert documents.text_of(content)[1:] == documents.text_of(pdf)


def test_a_cover_page_shows_the_day_on_which_the_fax_is_sent(mfax: Mfax) -> None:
    mfax.post("/v1/faxes", faxNumber=NUMBER, coverPage="true", scheduledDate="2026-05-17T23:30:00Z")
    assert covers(mfax) == [["To:", "Fax: +12125550123", "Date: 2026-05-17", "Pages: 1"]]


@pytest.mark.parametrize(
    ("told", "date", "status"),
    [
        ({}, "2026-05-17", "scheduled"),
        ({"scheduledDate": "2026-06-01T00:00:00Z"}, "2026-06-01", "scheduled"),
        ({"scheduledDate": "2020-01-01T00:00:00Z"}, "2026-03-02", "processing"),
    ],
)
def test_a_resend_of_a_scheduled_fax_keeps_its_date_unless_told_otherwise(
    mfax: Mfax, told: dict[str, str], date: str, status: str
) -> None:
    mfax.post("/v1/faxes", faxNumber=NUMBER, coverPage="true", scheduledDate="2026-05-17T12:00:00Z")
    answer = mfax.post("/v1/fax/resend", messageId=FIRST, **told)
    whole(answer, {"success": [fax("resend", 2, status)], "errors": []})
    assert [each[2] for each in covers(mfax)] == ["Date: 2026-05-17", f"Date: {date}"]


def test_a_scheduled_fax_that_was_sent_is_resent_at_once(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf, scheduledDate="2026-03-03")
    mfax.control.advance()
    again = fax("resend", 2, createdAt="2026-03-03T00:00:35.986Z")
    whole(mfax.post("/v1/fax/resend", messageId=FIRST), {"success": [again], "errors": []})


def test_resend_lists_what_forbids_it(mfax: Mfax, pdf: bytes) -> None:
    (_, observed) = (row["item"] for row in FACTS["listed_errors"])
    mfax.send(pdf)
    mfax.control.vendor("mfax", profile={"international": False})
    answer = mfax.post("/v1/fax/resend", messageId=FIRST, recipientFax="+442079460123")
    abroad = {**observed, "input": {"faxNumber": "+442079460123"}}
    whole(answer, {"success": [], "errors": [abroad]})


def test_with_the_switch_resend_answers_the_short_object(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    mfax.control.vendor("mfax", profile={"resend_short": True})
    (sample,) = (each for each in FACTS["samples"] if each["id"] == "resend-observed")
    short = {key: values(2, "processing")[key] for key in sample["keys"]["$.success[]"]}
    whole(mfax.post("/v1/fax/resend", messageId=FIRST), {"success": [short], "errors": []})


@pytest.mark.parametrize(
    ("form", "status", "name", "message"),
    [
        ({}, 400, "InvalidInputError", "messageId: Missing data for required field."),
        ({"messageId": "7"}, 400, "InvalidInputError", "messageId: Not a valid UUID."),
        ({"messageId": UNKNOWN}, 404, "NotFoundError", "Fax not found."),
    ],
)
def test_resend_needs_a_fax(mfax: Mfax, form: dict[str, str], status: int, name: str, message: str) -> None:
    whole(mfax.post("/v1/fax/resend", **form), error(name, message), status)


CLIENTS_BODY = (
    b'--b\r\nContent-Disposition: form-data; name="recipientFax"\r\n\r\n+12125550123\r\n'
    b'--b\r\nContent-Disposition: form-data; name="coverPage"\r\n\r\nfalse\r\n'
    b'--b\r\nContent-Disposition: form-data; name="recipientName"\r\n\r\nAda\r\n'
    b'--b\r\nContent-Disposition: form-data; name="subject"\r\n\r\nEngines\r\n'
    b'--b\r\nContent-Disposition: form-data; name="notes"\r\n\r\n\r\n'
    b'--b\r\nContent-Disposition: form-data; name="%b"; filename="fax.pdf"\r\n'
    b"Content-Type: application/pdf\r\n\r\n%b\r\n--b--\r\n"
)
"""What public clients post to /v1/fax/send."""


@pytest.mark.parametrize("part", [b"file", b"files"])
def test_fax_send_is_answered_as_multiple_is(mfax: Mfax, pdf: bytes, part: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = mfax.call("POST", "/v1/fax/send", data=CLIENTS_BODY % (part, pdf), headers=headers)
    whole(answer, {"success": [fax("fax-send")], "errors": []})
    message = answer.json()["success"][0]["messageId"]
    mfax.control.advance()
    whole(mfax.get(f"/v1/fax/{message}/info"), fax("info", 1, "success"))
    assert mfax.get(f"/v1/fax/{message}/download").content == pdf
