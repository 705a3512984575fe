"""What mFax posts, to whom, in which form, and how often it tries."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from tests.receiver import Received, Receiver
from tests.vendors.mfax.conftest import NUMBER, UNKNOWN, Mfax, subscribe


def event(received: Received) -> str | None:
    return received.header("x-webhook-event")


def inbound(mfax: Mfax, to: str = "+15095550100", **more: Any) -> dict[str, Any]:
    body = {"vendor": "mfax", "to": to, "from": "+12125550199", "pages": 2, **more}
    return dict(mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", 201, json=body))


def posted(mfax: Mfax, fax: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Give what the new webhook says of a fax that info shows so."""
    account = {
        "uuid": fax["account"]["uuid"],
        "accountNumber": fax["account"]["supportCode"],
        "accountName": fax["account"]["companyName"],
        "accountType": "master",
    }
    same = (
        "messageId deliveryId messageNumber status pagesCount pagesComplete duration faxNumber faxCsid "
        "faxCallerId faxECM faxSpeed faxDetected faxProtocol faxAttempt direction channelType faxbridgeId "
        "accountId resultCode resultInfo isArchived isFilePurged createdAt resolvedDate deletedAt"
    )
    return {
        **{name: fax[name] for name in same.split()},
        "recipientName": None,
        "subject": None,
        "deviceId": None,
        "errorInfo": "",
        "errorCode": "0",
        "country": "US",
        "readyAt": fax["resolvedDate"],
        "account": account,
        "customFields": {},
        **values,
    }


def test_the_portals_webhook_posts_the_fax_as_json(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    hook = {"url": f"{receiver.url}/hook", "auth": "user:secret"}
    mfax.control.vendor("mfax", webhooks={"outbound": hook})
    sent = mfax.send(pdf, cf='{"case": "7"}')
    mfax.control.advance()
    (received,) = receiver.requests
    body, fax = received.json(), mfax.info(sent["messageId"])
    assert (received.method, received.path, event(received)) == ("POST", "/hook", "fax.v1.outbound.complete")
    assert received.header("Content-Type") == "application/json"
    assert received.header("Authorization") == "Basic " + b64encode(b"user:secret").decode()
    values = {"watermark": body["watermark"], "faxReceiverCsid": NUMBER, "customFields": {"case": "7"}}
    assert body == posted(mfax, fax, **values)
    assert body["watermark"].isdigit()


def test_the_portals_webhook_posts_failures_too(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    mfax.control.vendor("mfax", webhooks={"outbound": f"{receiver.url}/hook"})
    mfax.send(pdf, "15005550002")
    mfax.control.advance()
    (received,) = receiver.requests
    shown = {
        name: received.json()[name]
        for name in ("status", "resultCode", "resultInfo", "errorCode", "errorInfo")
    }
    assert event(received) == "fax.v1.outbound.complete"
    assert shown == {
        "status": "failed",
        "resultCode": "6100",
        "resultInfo": "Fax Number Busy",
        "errorCode": "6100",
        "errorInfo": "busy",
    }


def test_the_legacy_form_is_multipart_with_the_document(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    mfax.control.vendor(
        "mfax", webhooks={"outbound": f"{receiver.url}/hook"}, profile={"webhook_format": "legacy"}
    )
    sent = mfax.send(pdf)
    mfax.control.advance()
    (received,) = receiver.requests
    data, attachment = received.parts()
    fields, fax = json.loads(data.content), mfax.info(sent["messageId"])
    resolved = {name: fax[name] for name in fax.keys() & sent.keys() - {"users", "account"}}
    assert event(received) is None
    assert (data.name, data.filename, attachment.name, attachment.filename) == (
        "data",
        None,
        "attachment",
        f"{sent['messageId']}.pdf",
    )
    assert (attachment.media_type, attachment.content) == ("application/pdf", pdf)
    expected = {**sent, **resolved, "processingStatusName": "success", "watermark": fields["watermark"]}
    assert fields == {**expected, "errorCode": "0", "errorInfo": ""}
    beginning = "resultInfo messageId channelType isArchived isFilePurged deliveryId watermark messageNumber"
    assert list(fields)[:8] == beginning.split()


def test_legacy_webhooks_carry_no_document_unless_it_is_enabled(
    mfax: Mfax, pdf: bytes, receiver: Receiver
) -> None:
    subscribe(mfax, receiver, "fax.outbound")
    subscribe(mfax, receiver, "fax.outbound", path="/full", attachmentEnabled="true")
    mfax.send(pdf)
    mfax.send(b"\0\1\2")
    mfax.control.advance()
    names = [(received.path, [part.name for part in received.parts()]) for received in receiver.requests]
    assert sorted(names) == [
        ("/full", ["data"]),
        ("/full", ["data", "attachment"]),
        ("/hook", ["data"]),
        ("/hook", ["data"]),
    ]


def test_new_outbound_events_are_posted_in_order(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    names = [f"fax.v1.outbound.{name}" for name in ("init", "succeed", "failed", "complete")]
    subscribe(mfax, receiver, *names)
    mfax.send(pdf)
    mfax.control.advance()
    assert [event(each) for each in receiver.requests] == [names[0], names[1], names[3]]
    assert receiver.requests[0].json()["status"] == "processing"
    mfax.send(pdf, "15005550008")
    mfax.control.advance()
    assert [event(each) for each in receiver.requests[3:]] == [names[0], names[2], names[3]]


def test_new_inbound_events_are_posted_in_order(mfax: Mfax, receiver: Receiver) -> None:
    names = [f"fax.v1.inbound.{name}" for name in ("init", "page", "succeed", "failed", "complete")]
    subscribe(mfax, receiver, *names)
    inbound(mfax)
    mfax.control.advance()
    init, page, succeed, failed, complete = names
    assert [event(each) for each in receiver.requests] == [init, page, page, succeed, complete]
    inbound(mfax, scenario="hangup")
    mfax.control.advance()
    assert [event(each) for each in receiver.requests[5:]] == [init, failed, complete]


def test_the_extended_event_tells_every_status(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    subscribe(mfax, receiver, "fax.outbound.extended", "fax.outbound")
    mfax.send(pdf)
    mfax.control.advance()
    statuses = [json.loads(each.parts()[0].content)["status"] for each in receiver.requests]
    assert statuses == ["processing", "transmitting", "success", "success"]
    message = mfax.send(pdf, scheduledDate="2099-01-01")["messageId"]
    mfax.post(f"/v1/fax/{message}/cancel")
    mfax.control.advance()
    statuses = [json.loads(each.parts()[0].content)["status"] for each in receiver.requests[4:]]
    assert statuses == ["scheduled", "cancelled"]


def test_document_events_tell_how_the_rendering_ended(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    subscribe(mfax, receiver, "document.complete", path="/complete")
    subscribe(mfax, receiver, "document.failed", path="/failed")
    mfax.send(pdf)
    mfax.send(b"\0\1\2")
    mfax.control.advance()
    assert [each.path for each in receiver.requests] == ["/complete", "/failed"]


def test_events_of_numbers_and_users_are_posted(mfax: Mfax, receiver: Receiver) -> None:
    names = ["number.add", "number.release", "user.create", "user.delete"]
    subscribe(mfax, receiver, *names, path="/legacy")
    subscribe(mfax, receiver, "fax.v1.number.add", "fax.v1.number.release", path="/new")
    (number,) = mfax.post("/v1/numbers/provision", type="toll-free").json()
    shown = mfax.get(f"/v1/numbers/{number['uuid']}").json()
    mfax.delete(f"/v1/numbers/{number['uuid']}/release")
    user = mfax.post("/v1/users", email="ada@example.com").json()
    mfax.delete(f"/v1/users/{user['uuid']}")
    mfax.control.advance()
    legacy = [json.loads(each.parts()[0].content) for each in receiver.requests if each.path == "/legacy"]
    new = [(event(each), each.json()) for each in receiver.requests if each.path == "/new"]
    assert legacy == [shown, shown, user, user]
    assert new == [("fax.v1.number.add", shown), ("fax.v1.number.release", shown)]


def test_a_webhook_of_the_sub_account_hears_of_its_own_numbers_and_users_only(
    mfax: Mfax, receiver: Receiver
) -> None:
    own, customer = (row["uuid"] for row in mfax.get("/v1/accounts").json()["rows"])
    names = ("number.add", "number.release", "user.create", "user.delete", "fax.v1.number.add")
    subscribe(mfax, receiver, *names, accountId=customer)
    for account in (own, customer):
        form = {"type": "toll-free", "accountId": account}
        (number,) = mfax.post("/v1/numbers/provision", **form).json()
        mfax.delete(f"/v1/numbers/{number['uuid']}/release")
        user = mfax.post("/v1/users", email="ada@example.com", accountId=account).json()
        mfax.delete(f"/v1/users/{user['uuid']}")
    mfax.control.advance()
    bodies = [
        each.json() if event(each) else json.loads(each.parts()[0].content) for each in receiver.requests
    ]
    assert [body["uuid"] for body in bodies] == [number["uuid"]] * 3 + [user["uuid"]] * 2


def test_a_number_with_its_own_webhook_posts_what_comes_in_there(mfax: Mfax, receiver: Receiver) -> None:
    mfax.control.vendor("mfax", numbers=["+15095550100", "+15095550101"])
    first = mfax.get("/v1/numbers").json()["rows"][0]["uuid"]
    names = ("fax.v1.inbound.complete", "fax.v1.number.release", "fax.v1.outbound.complete")
    subscribe(mfax, receiver, *names, numberId=first)
    inbound(mfax)
    inbound(mfax, "+15095550101")
    mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="true")
    mfax.delete(f"/v1/numbers/{first}/release")
    mfax.control.advance()
    (received,) = receiver.requests
    assert received.json()["faxNumber"] == "+15095550100"


def test_a_fax_with_a_webhook_id_calls_that_webhook_alone(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    mfax.control.vendor("mfax", webhooks={"outbound": f"{receiver.url}/portal"})
    subscribe(mfax, receiver, "fax.v1.outbound.complete", path="/first")
    second = subscribe(mfax, receiver, "fax.v1.outbound.complete", path="/second")
    mfax.send(pdf, webhookId=second["uuid"])
    mfax.control.advance()
    assert [each.path for each in receiver.requests] == ["/second"]
    mfax.send(pdf)
    mfax.control.advance()
    assert sorted(each.path for each in receiver.requests[1:]) == ["/first", "/portal", "/second"]
    mfax.send(pdf, webhookId=UNKNOWN)
    mfax.patch(f"/webhooks/{second['uuid']}", enabled="false")
    mfax.send(pdf, webhookId=second["uuid"])
    mfax.control.advance()
    assert len(receiver.requests) == 4


def test_a_webhook_of_the_sub_account_hears_its_faxes_only(mfax: Mfax, receiver: Receiver) -> None:
    own, customer = (row["uuid"] for row in mfax.get("/v1/accounts").json()["rows"])
    subscribe(mfax, receiver, "fax.v1.inbound.complete", path="/own", accountId=own)
    subscribe(mfax, receiver, "fax.v1.inbound.complete", path="/customer", accountId=customer)
    number = mfax.get("/v1/numbers").json()["rows"][0]["uuid"]
    mfax.patch(f"/v1/numbers/{number}", managedBy=customer)
    inbound(mfax)
    mfax.control.advance()
    assert [each.path for each in receiver.requests] == ["/customer"]


def test_the_portals_webhook_may_have_events_of_its_choice(
    mfax: Mfax, pdf: bytes, receiver: Receiver
) -> None:
    profile = {"webhook_events": ["fax.v1.outbound.succeed", "fax.outbound", 7, [1]]}
    mfax.control.vendor("mfax", webhooks={"outbound": f"{receiver.url}/hook"}, profile=profile)
    mfax.send(pdf)
    mfax.control.advance()
    assert [event(each) for each in receiver.requests] == ["fax.v1.outbound.succeed", None]


def test_a_receiver_may_ask_for_the_fax_from_inside_its_webhook(
    mfax: Mfax, pdf: bytes, receiver: Receiver
) -> None:
    subscribe(mfax, receiver, "fax.v1.outbound.init")
    message = mfax.send(pdf)["messageId"]
    mfax.control.advance()
    assert receiver.requests[0].json()["messageId"] == message
    assert mfax.get(f"/v1/fax/{message}/download").content == pdf
