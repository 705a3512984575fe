"""Sending one fax: what is taken, what comes back, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.vendors.mfax.conftest import NUMBER, Mfax, error


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
