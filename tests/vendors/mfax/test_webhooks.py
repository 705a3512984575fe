"""What mFax posts, to whom, in which form, and how often it tries."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from tests.receiver import Received, Receiver
from tests.vendors.mfax.bodies import BODIES, CUSTOMER, MASTER, MESSAGES, number, posted, posted_legacy
from tests.vendors.mfax.conftest import NUMBER, UNKNOWN, Mfax, subscribe


def event(received: Received) -> str | None:
    return received.header("x-webhook-event")


def inbound(mfax: Mfax, to: str = "+15095550100", **more: Any) -> dict[str, Any]:
    body = {"vendor": "mfax", "to": to, "from": "+12125550199", "pages": 2, "force": True, **more}
    return dict(mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", 201, json=body))


def told(received: Received) -> dict[str, Any]:
    """Give what a webhook of either form says."""
    return dict(received.json() if event(received) else json.loads(received.parts()[0].content))


def test_the_portals_webhook_posts_the_fax_as_json(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    hook = {"url": f"{receiver.url}/hook", "auth": "user:secret"}
    mfax.control.vendor("mfax", webhooks={"outbound": hook})
    mfax.send(pdf, cf='{"case": "7"}')
    mfax.control.advance()
    (received,) = receiver.requests
    assert (received.method, received.path, event(received)) == ("POST", "/hook", "fax.v1.outbound.complete")
    assert received.header("Content-Type") == "application/json"
    assert received.header("Authorization") == "Basic " + b64encode(b"user:secret").decode()
    assert received.json() == posted(1, "success", customFields={"case": "7"})


def test_the_portals_webhook_posts_failures_too(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    mfax.control.vendor("mfax", webhooks={"outbound": f"{receiver.url}/hook"})
    mfax.send(pdf, "15005550008")
    mfax.control.advance()
    (received,) = receiver.requests
    assert event(received) == "fax.v1.outbound.complete"
    assert received.json() == posted(1, "failed", faxNumber="+15005550008")


def test_the_legacy_form_is_multipart_with_the_document(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    mfax.control.vendor(
        "mfax", webhooks={"outbound": f"{receiver.url}/hook"}, profile={"webhook_format": "legacy"}
    )
    mfax.send(pdf, cf='{"case": "7"}', subject="Engines")
    mfax.control.advance()
    (received,) = receiver.requests
    data, attachment = received.parts()
    assert event(received) is None
    assert (data.name, data.filename) == ("data", None)
    assert json.loads(data.content) == posted_legacy(1, "success", cf={"case": "7"}, subject="Engines")
    assert (attachment.name, attachment.filename) == ("attachment", f"{MESSAGES[0]}.pdf")
    assert (attachment.media_type, attachment.content) == ("application/pdf", pdf)


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
    bodies = [posted(1), posted(1, "success"), posted(1, "success")]
    assert [told(each) for each in receiver.requests] == bodies
    assert [event(each) for each in receiver.requests] == [names[0], names[1], names[3]]
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


def test_a_cancelled_fax_is_told_by_the_extended_event_alone(
    mfax: Mfax, pdf: bytes, receiver: Receiver
) -> None:
    subscribe(mfax, receiver, "fax.outbound.extended", "fax.outbound", "fax.v1.outbound.complete")
    mfax.send(pdf, scheduledDate="2099-01-01")
    mfax.post(f"/v1/fax/{MESSAGES[0]}/cancel")
    mfax.control.advance()
    bodies = [posted_legacy(1, "scheduled"), posted_legacy(1, "cancelled")]
    assert [told(each) for each in receiver.requests] == bodies


def test_a_webhook_of_the_sub_account_hears_of_its_own_numbers_and_users_only(
    mfax: Mfax, receiver: Receiver
) -> None:
    own, customer = MASTER["uuid"], CUSTOMER["uuid"]
    names = ("number.add", "number.release", "user.create", "user.delete", "fax.v1.number.add")
    subscribe(mfax, receiver, *names, accountId=customer)
    for account in (own, customer):
        form = {"type": "toll-free", "accountId": account}
        (second,) = mfax.post("/v1/numbers/provision", **form).json()
        mfax.delete(f"/v1/numbers/{second['uuid']}/release")
        user = mfax.post("/v1/users", email="ada@example.com", accountId=account).json()
        mfax.delete(f"/v1/users/{user['uuid']}")
    mfax.control.advance()
    new = number("number-read", uuid=second["uuid"], number=second["number"], managedBy=customer)
    theirs = {**new, "manager": CUSTOMER}
    released = {**theirs, "pendingUntil": BODIES["pending_until"]}
    assert [told(each) for each in receiver.requests] == [theirs] * 2 + [released] + [user] * 2


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
    unnamed = BODIES["inbound"] | {"faxCsid": "+12125550199"}
    assert received.json() == posted(1, "arrived", **unnamed)


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
    own, customer = MASTER["uuid"], CUSTOMER["uuid"]
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
    profile = {"webhook_events": ["fax.v1.outbound.succeed", "fax.outbound"]}
    mfax.control.vendor("mfax", webhooks={"outbound": f"{receiver.url}/hook"}, profile=profile)
    mfax.send(pdf)
    mfax.control.advance()
    assert [event(each) for each in receiver.requests] == ["fax.v1.outbound.succeed", None]


def test_a_receiver_may_ask_for_the_fax_from_inside_its_webhook(
    mfax: Mfax, pdf: bytes, receiver: Receiver
) -> None:
    subscribe(mfax, receiver, "fax.v1.outbound.init")
    mfax.send(pdf)
    mfax.control.advance()
    assert receiver.requests[0].json() == posted(1)
    assert mfax.get(f"/v1/fax/{MESSAGES[0]}/download").content == pdf
