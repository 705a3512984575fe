"""Faxes that come in: on which number, from whom, and who sees them."""

from __future__ import annotations

from typing import Any

from tests.receiver import Receiver
from tests.vendors.mfax.conftest import Mfax, refused


def arrive(mfax: Mfax, **more: Any) -> str:
    body = {"vendor": "mfax", "to": "+15095550100", "from": "+12125550199", "pages": 2, "csid": "ACME"} | more
    fax = mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", 201, json=body)
    mfax.control.advance()
    return str(fax["vendor_view"]["id"])


def test_a_fax_arrives_on_the_own_number(mfax: Mfax, receiver: Receiver) -> None:
    mfax.control.vendor("mfax", webhooks={"inbound": f"{receiver.url}/hook"})
    message, me = arrive(mfax), mfax.me()
    fax = mfax.info(message)
    assert fax == {
        "accountId": me["accountId"],
        "channelType": "web",
        "direction": "inbound",
        "createdAt": fax["createdAt"],
        "deletedAt": None,
        "deliveryId": fax["deliveryId"],
        "duration": fax["duration"],
        "faxAttempt": 1,
        "faxbridgeId": None,
        "faxCallerId": "2125550199",
        "faxCsid": "ACME",
        "faxDetected": True,
        "faxECM": 256,
        "faxNumber": "+15095550100",
        "faxProtocol": 17,
        "faxSpeed": 14400,
        "isArchived": False,
        "isFilePurged": False,
        "messageId": message,
        "messageNumber": "",
        "pagesComplete": 2,
        "pagesCount": 2,
        "status": "success",
        "resolvedDate": fax["resolvedDate"],
        "resultCode": "0",
        "resultInfo": "OK",
        "contacts": [],
        "tags": [],
        "faxbridge": None,
        "users": [],
        "account": {
            "uuid": me["accountId"],
            "supportCode": fax["account"]["supportCode"],
            "companyName": me["account"]["accountName"],
        },
    }
    (received,) = receiver.requests
    body = received.json()
    assert received.header("x-webhook-event") == "fax.v1.inbound.complete"
    shown = {name: value for name, value in body.items() if name in fax and name != "account"}
    assert shown == {name: fax[name] for name in shown}
    assert (body["faxReceiverCsid"], len(body["deviceId"])) == ("mFax", 24)


def test_a_broken_off_fax_has_failed(mfax: Mfax) -> None:
    fax = mfax.info(arrive(mfax, scenario="line_error"))
    assert (fax["status"], fax["resultCode"], fax["pagesComplete"]) == ("failed", "6000", 0)


def test_the_users_of_the_number_see_it(mfax: Mfax, base_user: Mfax) -> None:
    number = mfax.get("/v1/numbers").json()["rows"][0]["uuid"]
    user = base_user.me()
    unseen = arrive(mfax)
    mfax.post(f"/v1/numbers/{number}/user/{user['uuid']}")
    seen = arrive(mfax)
    assert base_user.info(seen)["users"] == [
        {
            "userId": user["uuid"],
            "firstName": "Base",
            "lastName": "Tester",
            "email": "base.tester@example.com",
        }
    ]
    assert refused(base_user.get(f"/v1/fax/{unseen}/info")) == (404, "NotFoundError", "Fax not found.")
    assert [row["messageId"] for row in base_user.get("/v1/fax/history").json()["rows"]] == [seen]
    assert [row["messageId"] for row in mfax.get("/v1/fax/history").json()["rows"]] == [seen, unseen]
    found = mfax.get("/v1/fax/history", userId=user["uuid"], direction="inbound").json()
    assert [row["messageId"] for row in found["rows"]] == [seen]


def test_a_released_number_has_no_users_any_more(mfax: Mfax) -> None:
    number = mfax.get("/v1/numbers").json()["rows"][0]["uuid"]
    mfax.post(f"/v1/numbers/{number}/user/{mfax.me()['uuid']}")
    mfax.delete(f"/v1/numbers/{number}/release")
    assert mfax.info(arrive(mfax))["users"] == []


def test_a_fax_to_a_number_of_the_sub_account_belongs_there(mfax: Mfax) -> None:
    customer = mfax.get("/v1/accounts").json()["rows"][1]["uuid"]
    number = mfax.get("/v1/numbers").json()["rows"][0]["uuid"]
    mfax.patch(f"/v1/numbers/{number}", managedBy=customer)
    message = arrive(mfax)
    assert mfax.info(message)["accountId"] == customer
    assert mfax.get("/v1/fax/history").json()["rows"] == []
    assert len(mfax.get("/v1/fax/history", accountId=customer).json()["rows"]) == 1


def test_an_inbound_fax_is_read_once_it_was_downloaded(mfax: Mfax) -> None:
    message = arrive(mfax)
    path = f"/v1/fax/{message}"
    assert mfax.patch(path).json()["isRead"] is False
    assert mfax.get(f"{path}/download").content.startswith(b"%PDF-")
    assert mfax.patch(path).json()["isRead"] is True


def test_an_inbound_fax_is_sent_on_only_to_a_number(mfax: Mfax) -> None:
    message = arrive(mfax)
    answer = mfax.post("/v1/fax/resend", messageId=message)
    needed = "recipientFax: a fax that came in is sent on to a number."
    assert refused(answer) == (400, "InvalidInputError", needed)
    again = mfax.post("/v1/fax/resend", messageId=message, recipientFax="12125550123").json()["success"][0]
    assert (again["direction"], again["pagesCount"]) == ("outbound", 2)
