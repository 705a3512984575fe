"""Sending one fax: what is taken, what comes back, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.vendors.mfax.conftest import NUMBER, Mfax, error, refused, texts

NO_FILES = error("InvalidInputError", "No files and cover page in to send.")


def test_a_sent_fax_is_shown_as_the_long_object(mfax: Mfax, document: Callable[[str], bytes]) -> None:
    now = mfax.control.now()
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
    fax = answer.json()
    me = mfax.me()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert fax == {
        "errorInfo": None,
        "resultInfo": "OK",
        "processingStatusName": "processing",
        "classificationLabel": "outbound",
        "messageId": fax["messageId"],
        "deliveryId": None,
        "watermark": None,
        "messageNumber": None,
        "status": "processing",
        "pagesCount": 3,
        "pagesComplete": 0,
        "duration": None,
        "faxNumber": "+12125550123",
        "faxCsid": "mFax",
        "faxCallerId": "5094570000",
        "faxECM": None,
        "faxSpeed": None,
        "faxDetected": None,
        "faxProtocol": None,
        "faxAttempt": None,
        "direction": "outbound",
        "channelType": "api",
        "recipientName": "Ada",
        "subject": "Engines",
        "deviceId": None,
        "faxbridgeId": None,
        "accountId": me["accountId"],
        "errorCode": None,
        "resultCode": "0",
        "isArchived": False,
        "isFilePurged": False,
        "country": "US",
        "createdAt": fax["createdAt"],
        "resolvedDate": None,
        "deletedAt": None,
        "faxbridge_id": None,
        "users": [
            {
                "avatarPath": None,
                "userId": me["uuid"],
                "uuid": me["uuid"],
                "email": "test.tester@example.com",
                "firstName": "Test",
                "lastName": "Tester",
                "accountId": me["accountId"],
                "avatar": None,
                "UserFax": {"viewStatus": True, "downloadStatus": False},
            }
        ],
        "account": {
            "uuid": me["accountId"],
            "accountNumber": fax["account"]["accountNumber"],
            "accountName": me["account"]["accountName"],
            "accountType": "master",
        },
        "tags": [],
        "faxbridge": None,
        "contacts": [],
        "cf": {"case": "7"},
        "device": None,
    }
    assert fax["createdAt"][:19] == now[:19]
    assert fax["createdAt"].endswith("Z")


def test_a_fax_goes_through_its_statuses_to_success(mfax: Mfax, document: Callable[[str], bytes]) -> None:
    sent = mfax.send(document("three-pages.pdf"))
    fax = mfax.control.faxes()[0]["id"]
    mfax.control.advance(until={"fax": fax, "state": "transmitting"})
    assert mfax.info(sent["messageId"])["status"] == "transmitting"
    mfax.control.advance()
    me, ended = mfax.me(), mfax.info(sent["messageId"])
    assert ended == {
        "accountId": me["accountId"],
        "channelType": "api",
        "direction": "outbound",
        "createdAt": sent["createdAt"],
        "deletedAt": None,
        "deliveryId": ended["deliveryId"],
        "duration": round(mfax.control.fax(fax)["attempts"][0]["duration"] * 1000),
        "faxAttempt": 1,
        "faxbridgeId": None,
        "faxCallerId": "5095550100",
        "faxCsid": "mFax",
        "faxDetected": True,
        "faxECM": 256,
        "faxNumber": "+12125550123",
        "faxProtocol": 17,
        "faxSpeed": 14400,
        "isArchived": False,
        "isFilePurged": False,
        "messageId": sent["messageId"],
        "messageNumber": ended["messageNumber"],
        "pagesComplete": 3,
        "pagesCount": 3,
        "status": "success",
        "resolvedDate": ended["resolvedDate"],
        "resultCode": "0",
        "resultInfo": "OK",
        "contacts": [],
        "tags": [],
        "faxbridge": None,
        "users": [
            {
                "userId": me["uuid"],
                "firstName": "Test",
                "lastName": "Tester",
                "email": "test.tester@example.com",
            }
        ],
        "account": {
            "uuid": me["accountId"],
            "supportCode": sent["account"]["accountNumber"],
            "companyName": me["account"]["accountName"],
        },
    }
    assert (len(ended["deliveryId"]), len(ended["messageNumber"])) == (19, 7)
    assert ended["resolvedDate"] > ended["createdAt"]


@pytest.mark.parametrize(
    ("number", "code", "text", "attempts", "detected"),
    [
        ("15005550002", "6100", "Fax Number Busy", 3, False),
        ("15005550003", "6000", "Fax Connect Failed", 3, False),
        ("15005550005", "6000", "Fax Connect Failed", 1, True),
        ("15005550007", "6000", "Fax Connect Failed", 1, False),
        ("15005550008", "6000", "Fax Connect Failed", 1, False),
        ("15005550009", "6000", "Fax Connect Failed", 3, False),
        ("15005550010", "6000", "Fax Connect Failed", 1, True),
    ],
)
def test_a_failed_call_has_its_result_code(
    mfax: Mfax, pdf: bytes, number: str, code: str, text: str, attempts: int, detected: bool
) -> None:
    message = mfax.send(pdf, number)["messageId"]
    mfax.control.advance()
    fax = mfax.info(message)
    shown = (fax["status"], fax["resultCode"], fax["resultInfo"], fax["faxAttempt"], fax["faxDetected"])
    assert shown == ("failed", code, text, attempts, detected)
    assert fax["resolvedDate"] is not None


def test_busy_lines_are_redialled_after_five_minutes(mfax: Mfax, pdf: bytes) -> None:
    message = mfax.send(pdf, "15005550004")["messageId"]
    mfax.control.advance(by="60s")
    assert mfax.info(message)["status"] == "transmitting"
    mfax.control.advance()
    fax = mfax.info(message)
    assert (fax["status"], fax["faxAttempt"]) == ("success", 2)
    first, second = mfax.control.faxes()[0]["attempts"]
    assert (first["outcome"], second["outcome"]) == ("busy", "delivered")


@pytest.mark.parametrize("name", ["encrypted.pdf", "truncated.pdf", "zero-pages.pdf", "not-a-pdf.pdf"])
def test_a_document_that_cannot_be_rendered_fails_later(
    mfax: Mfax, document: Callable[[str], bytes], name: str
) -> None:
    sent = mfax.send(document(name))
    assert (sent["status"], sent["pagesCount"]) == ("processing", 0)
    mfax.control.advance()
    fax = mfax.info(sent["messageId"])
    shown = (fax["status"], fax["resultCode"], fax["resultInfo"], fax["pagesComplete"], fax["duration"])
    assert shown == ("failed", "5200", "Fax Rendering Issue", 0, 0)


def test_files_are_rendered_in_the_order_in_which_they_were_added(
    mfax: Mfax, document: Callable[[str], bytes]
) -> None:
    answer = mfax.upload(
        "/v1/faxes",
        ("a.txt", b"first letter"),
        ("b.pdf", document("three-pages.pdf")),
        ("c.txt", b"last letter"),
        faxNumber=NUMBER,
    )
    assert answer.json()["pagesCount"] == 5
    pages = texts(mfax)
    assert (pages[0].strip(), pages[4].strip()) == ("first letter", "last letter")


@pytest.mark.parametrize("name", ["photo.png", "photo.jpg", "scan.tiff", "letter.txt"])
def test_pictures_and_text_become_pages(mfax: Mfax, document: Callable[[str], bytes], name: str) -> None:
    fax = mfax.send(document(name))
    content = mfax.get(f"/v1/fax/{fax['messageId']}/download").content
    assert content.startswith(b"%PDF-")
    assert fax["pagesCount"] >= 1


def test_a_cover_page_is_drawn_from_the_template(mfax: Mfax, pdf: bytes) -> None:
    fax = mfax.send(
        pdf,
        coverPage="true",
        recipientName="Ada Lovelace",
        senderName="Charles",
        subject="Engines",
        notes="Read this.\nAnd this.",
        callerId="5094570000",
    )
    lines = [line.strip() for line in texts(mfax)[0].splitlines() if line.strip()]
    assert fax["pagesCount"] == 2
    assert lines == [
        "Fax Transmission",
        "To: Ada Lovelace",
        "From: Charles",
        "Fax: +12125550123",
        "Fax: 5094570000",
        "RE: Engines",
        f"Date: {mfax.control.now()[:10]}",
        "Pages: 2",
        "Comments: Read this.",
        "And this.",
    ]


def test_a_cover_page_alone_is_a_fax(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="true", notes="x" * 4000)
    assert (answer.status_code, answer.json()["pagesCount"]) == (200, 1)


def test_a_cover_page_of_the_portal_is_used_by_its_id(mfax: Mfax) -> None:
    uuid = "d1077489-5ea1-4db1-9760-853f175e8288"
    page = {"uuid": uuid, "name": "Short", "template": "For ${tokens.recipientName}${tokens.unknown}!"}
    mfax.control.vendor("mfax", profile={"cover_pages": [page]})
    answer = mfax.upload(
        "/v1/faxes", faxNumber=NUMBER, coverPage="true", coverPageId=uuid, recipientName="Ada"
    )
    assert answer.status_code == 200
    assert texts(mfax)[0].strip() == "For Ada!"
    wrong = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="true", coverPageId=uuid[::-1])
    assert (wrong.status_code, wrong.json()) == (400, error("InvalidInputError", "Cover page not found."))


def test_without_file_and_cover_page_there_is_nothing_to_send(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="false")
    assert (answer.status_code, answer.json()) == (400, NO_FILES)
    assert mfax.control.faxes() == []


def test_the_vendors_own_example_is_accepted(mfax: Mfax, pdf: bytes) -> None:
    """The values of the reference's PHP sample: unknown tags and ids, a date long past."""
    fax = mfax.send(
        pdf,
        "11234567890",
        coverPage="false",
        coverPageId="d1077489-5ea1-4db1-9760-853f175e8288",
        tags="example",
        recipientName="example",
        senderName="example",
        subject="example",
        callerId="example",
        notes="example",
        cf='{"example": "value"}',
        scheduledDate="2020-01-01T00:00:00.000Z",
        webhookId="d1077489-5ea1-4db1-9760-853f175e8288",
    )
    shown = (fax["status"], fax["faxNumber"], fax["faxCallerId"], fax["tags"], fax["cf"])
    assert shown == ("processing", "+11234567890", "example", [], {"example": "value"})


def test_empty_fields_count_as_not_sent(mfax: Mfax, pdf: bytes) -> None:
    empty = (
        "coverPageId",
        "coverPage",
        "tags",
        "notes",
        "cf",
        "scheduledDate",
        "webhookId",
        "async",
        "callerId",
    )
    fax = mfax.send(pdf, **dict.fromkeys(empty, ""))
    assert (fax["tags"], fax["cf"], fax["faxCallerId"]) == ([], {}, "5095550100")


def test_parts_that_claim_to_be_multipart_themselves_are_fields(mfax: Mfax, pdf: bytes) -> None:
    parts = [
        ("faxNumber", (None, NUMBER, "multipart/form-data")),
        ("cf[case]", (None, "7", "multipart/form-data")),
        ("recipientName", (None, "Ada", "multipart/form-data")),
        ("attachments", ("fax.pdf", pdf, "multipart/form-data")),
    ]
    answer = mfax.call("POST", "/v1/faxes", files=parts)
    fax = answer.json()
    assert answer.status_code == 200
    assert (fax["recipientName"], fax["cf"], fax["pagesCount"]) == ("Ada", {"case": "7"}, 1)


@pytest.mark.parametrize("name", ["'attachments'", "letter.pdf", "file"])
def test_a_file_part_of_any_name_is_an_attachment(mfax: Mfax, pdf: bytes, name: str) -> None:
    answer = mfax.upload("/v1/faxes", ("letter.pdf", pdf), part=name, faxNumber=NUMBER)
    assert (answer.status_code, answer.json()["pagesCount"]) == (200, 1)


def test_async_answers_with_the_message_id_alone(mfax: Mfax, pdf: bytes) -> None:
    fax = mfax.send(pdf, **{"async": "true"})
    assert fax == {"messageId": mfax.control.faxes()[0]["vendor_view"]["id"]}
    assert mfax.info(fax["messageId"])["status"] == "processing"


@pytest.mark.parametrize(
    ("field", "longest"),
    [("recipientName", 40), ("senderName", 40), ("subject", 55), ("callerId", 10), ("notes", 4000)],
)
def test_texts_have_their_documented_length(mfax: Mfax, pdf: bytes, field: str, longest: int) -> None:
    assert mfax.send(pdf, **{field: "ü" * longest})["status"] == "processing"
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, **{field: "ü" * (longest + 1)})
    message = f"{field}: Longer than maximum length {longest}."
    assert (answer.status_code, answer.json()) == (400, error("InvalidInputError", message))


def test_a_scheduled_fax_waits_for_its_date(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.call("PATCH", f"/sandboxes/{mfax.control.id}/clock", json={"now": "2031-01-01T00:00:00Z"})
    fax = mfax.send(pdf, scheduledDate="2031-01-02T01:00:00.000+01:00")
    assert (fax["status"], fax["processingStatusName"]) == ("scheduled", "scheduled")
    mfax.control.advance(by="86399s")
    assert mfax.info(fax["messageId"])["status"] == "scheduled"
    mfax.control.advance(by="1s")
    assert mfax.info(fax["messageId"])["status"] == "processing"
    mfax.control.advance()
    assert mfax.info(fax["messageId"])["status"] == "success"


def test_tags_and_contacts_of_the_account_are_shown(mfax: Mfax, pdf: bytes) -> None:
    tag = mfax.post("/v1/tag", name="Urgent", color="#ff0000").json()
    contact = mfax.post("/v1/contacts", firstName="Ada", lastName="Lovelace", faxNumber=NUMBER).json()
    answer = mfax.upload(
        "/v1/faxes", ("a.pdf", pdf), recipientContacts=contact["uuid"], tags=f"{tag['uuid']},other"
    )
    fax = answer.json()
    assert answer.status_code == 200
    shown = (fax["faxNumber"], fax["recipientName"], fax["tags"], fax["contacts"])
    assert shown == (NUMBER, "Ada Lovelace", [tag], [contact])


def test_several_destinations_get_a_fax_each(mfax: Mfax, pdf: bytes) -> None:
    fax = mfax.send(pdf, "12125550123, 12125550124")
    assert fax["faxNumber"] == "+12125550123"
    assert [each["to"] for each in mfax.control.faxes()] == ["+12125550124", "+12125550123"]


def test_lists_may_come_in_brackets(mfax: Mfax, pdf: bytes) -> None:
    tags = [mfax.post("/v1/tag", name=name).json() for name in "ab"]
    parts = [("attachments", ("a.pdf", pdf)), ("faxNumber", (None, NUMBER))]
    parts += [("tags[]", (None, tag["uuid"])) for tag in tags]
    assert mfax.call("POST", "/v1/faxes", files=parts).json()["tags"] == tags


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "Recipient fax number is required."),
        ({"faxNumber": "not a number"}, "Invalid fax number."),
        ({"faxNumber": "123"}, "Invalid fax number."),
        ({"faxNumber": "+" + "1" * 20}, "Invalid fax number."),
        ({"recipientContacts": "nobody"}, "Contact nobody not found."),
        ({"faxNumber": NUMBER, "coverPage": "maybe"}, "coverPage: Must be true or false."),
        ({"faxNumber": NUMBER, "cf": "[1]"}, "cf: Must be a JSON object."),
        ({"faxNumber": NUMBER, "cf": '{"a": NaN}'}, "cf: Not valid JSON."),
        ({"faxNumber": NUMBER, "cf": "{" * 100_000}, "cf: Not valid JSON."),
        ({"faxNumber": NUMBER, "scheduledDate": "tomorrow"}, "scheduledDate: Must be an ISO date."),
        ({"faxNumber": NUMBER, "webhookId": "mine"}, "webhookId: Not a valid UUID."),
        ({"faxNumber": NUMBER, "optimizeFax": "colour"}, "optimizeFax: Must be one of: auto, text, image."),
        ({"faxNumber": NUMBER, "fileIds": "d1077489-5ea1-4db1-9760-853f175e8288"}, "File not found."),
        ({"faxNumber": ",".join(["12125550123"] * 1001)}, "A call takes at most 1000 recipients."),
    ],
)
def test_what_cannot_be_taken_is_said(mfax: Mfax, pdf: bytes, form: dict[str, str], message: str) -> None:
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), **form)
    assert (answer.status_code, answer.json()) == (400, error("InvalidInputError", message))
    assert mfax.control.faxes() == []


def test_too_many_files_are_refused(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", *[("a.txt", b"a")] * 51, faxNumber=NUMBER)
    assert refused(answer) == (400, "InvalidInputError", "attachments: at most 50 files are sent.")


def test_the_country_follows_from_the_number(mfax: Mfax, pdf: bytes) -> None:
    numbers = {"+14165550123": "CA", "+442079460123": "GB", "+15005550001": "US"}
    assert {number: mfax.send(pdf, number)["country"] for number in numbers} == numbers


def test_with_the_switch_a_fresh_fax_has_no_result(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.vendor("mfax", profile={"fresh_result": False})
    fax = mfax.send(pdf)
    assert (fax["resultCode"], fax["resultInfo"]) == (None, None)


def test_with_the_switch_faxes_belong_to_a_faxbridge(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.vendor("mfax", profile={"faxbridge": True})
    fax = mfax.send(pdf)
    device = {"deviceCode": "210000000000", "name": "FaxBridge", "isActive": True}
    assert (fax["faxbridgeId"], fax["faxbridge"]) == (210000000000, device)


def test_a_scenario_may_name_a_result_code(mfax: Mfax, pdf: bytes) -> None:
    path = f"/sandboxes/{mfax.control.id}/scenarios/next"
    mfax.control.call("POST", path, json={"attempts": [{"line_error": {"pages": 0, "code": "5100"}}]})
    message = mfax.send(pdf)["messageId"]
    mfax.control.advance()
    fax: dict[str, Any] = mfax.info(message)
    assert (fax["status"], fax["resultCode"], fax["resultInfo"]) == ("failed", "5100", "Fax Request Blocked")


def test_a_delivered_fax_costs_what_the_account_pays_by_page(
    mfax: Mfax, document: Callable[[str], bytes]
) -> None:
    mfax.control.vendor("mfax", balance=10, rates={"page": 0.05})
    mfax.send(document("three-pages.pdf"))
    mfax.control.advance()
    assert mfax.control.vendor("mfax")["balance"] == 9.85
