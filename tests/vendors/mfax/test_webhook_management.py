"""Webhooks that the API makes, and what their rules of retry do."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.mfax.bodies import BODIES, CUSTOMER, MASTER, WEBHOOK, posted_legacy, whole
from tests.vendors.mfax.conftest import UNKNOWN, Mfax, error, subscribe

WAITS = [5, 25, 120, 600, 3120, 14_400, 79_200]


def test_webhooks_are_made_listed_changed_and_removed(mfax: Mfax) -> None:
    mfax.get("/v1/numbers")
    own, number = MASTER["uuid"], BODIES["number"]["uuid"]
    answer = mfax.post(
        "/webhooks",
        name="Mine",
        url="http://127.0.0.1:9/",
        events='{"fax.inbound": true, "fax.outbound": false}',
        auth="user:secret",
        accountId=own,
        numberId=number,
        attachmentEnabled="true",
        notificationEmails="ada@example.com",
    )
    whole(answer, WEBHOOK)
    for query in ({}, {"accountId": own}, {"numberId": number}):
        whole(mfax.get("/webhooks", **query), {"count": 1, "rows": [WEBHOOK]})
    for query in ({"numberId": UNKNOWN}, {"accountId": CUSTOMER["uuid"]}):
        whole(mfax.get("/webhooks", **query), {"count": 0, "rows": []})
    path = f"/webhooks/{WEBHOOK['uuid']}"
    mfax.control.advance(by="5s")
    changed = {**WEBHOOK, "name": "Yours", "enabled": False, "updatedAt": "2026-03-02T12:00:05.000Z"}
    whole(mfax.patch(path, name="Yours", enabled="false"), changed)
    whole(mfax.get("/webhooks"), {"count": 1, "rows": [changed]})
    whole(mfax.delete(path), "OK")
    for method in ("PATCH", "DELETE"):
        whole(mfax.call(method, path), error("NotFoundError", "Webhook not found."), 404)


@pytest.mark.parametrize(
    ("form", "status", "message"),
    [
        ({"name": None, "url": "https://example.com"}, 400, "name: Missing data for required field."),
        ({"events": "{}"}, 400, "url: Missing data for required field."),
        ({"events": "{}", "url": "ftp://x"}, 400, "url: Must be an http or https address."),
        ({"events": "[]", "url": "http://x/"}, 400, "events: Must be a JSON object."),
        ({"events": '{"fax.lost": true}', "url": "http://x/"}, 400, "events: There is no fax.lost."),
        (
            {"events": '{"fax.inbound": 7}', "url": "http://x/"},
            400,
            "events: Must be true or false.",
        ),
        (
            {"events": "{}", "url": "http://x/", "auth": "secret"},
            400,
            "auth: Must be user:password.",
        ),
        ({"events": "{}", "url": "http://x/", "accountId": UNKNOWN}, 404, "Account not found."),
        ({"events": "{}", "url": "http://x/", "numberId": UNKNOWN}, 404, "Number not found."),
    ],
)
def test_a_webhook_that_cannot_be_made_is_said(
    mfax: Mfax, form: dict[str, str | None], status: int, message: str
) -> None:
    answer = mfax.post("/webhooks", **{"name": "Mine", **form})
    name = {400: "InvalidInputError", 404: "NotFoundError"}[status]
    whole(answer, error(name, message), status)


def test_a_webhook_that_names_no_events_takes_all(mfax: Mfax, pdf: bytes, receiver: Receiver) -> None:
    whole(mfax.post("/webhooks", name="All", url=receiver.url), {
        **WEBHOOK, "name": "All", "url": receiver.url, "attachmentEnabled": False, "authType": None,
    })  # fmt: skip
    mfax.send(pdf)
    mfax.control.advance()
    legacy = ["fax.outbound.extended"] * 3 + ["fax.outbound", "document.complete"]
    new = ["fax.v1.outbound.init", "fax.v1.outbound.succeed", "fax.v1.outbound.complete"]
    assert sorted(each["event"] for each in mfax.control.webhooks()) == sorted(legacy + new)


def test_the_tries_that_follow_go_to_the_corrected_address(
    mfax: Mfax, pdf: bytes, receiver: Receiver
) -> None:
    receiver.answer(500, path="/wrong", times=None)
    hook = subscribe(mfax, receiver, "fax.outbound", path="/wrong", auth="user:secret")
    mfax.send(pdf)
    mfax.control.advance(by="37s")
    mfax.patch(f"/webhooks/{hook['uuid']}", url=f"{receiver.url}/right")
    mfax.control.advance()
    assert [each.path for each in receiver.requests] == ["/wrong", "/right"]
    first, second = receiver.requests
    assert first.header("Authorization") == second.header("Authorization") == "Basic dXNlcjpzZWNyZXQ="
    assert second.parts() == first.parts()


def test_an_account_has_a_hundred_webhooks_at_most(mfax: Mfax, receiver: Receiver) -> None:
    for _ in range(100):
        subscribe(mfax, receiver, "fax.inbound")
    answer = mfax.post("/webhooks", name="Mine", url="http://x/", events="{}")
    whole(answer, error("InvalidInputError", "An account has at most 100 webhooks."), 400)


def seconds(mfax: Mfax) -> list[int]:
    """Give the waits between the tries of the newest webhook, in whole seconds of the sandbox."""
    tries = [datetime.fromisoformat(post["at"]) for post in mfax.control.webhooks()[0]["attempts"]]
    return [round((later - earlier).total_seconds()) for earlier, later in pairwise(tries)]


def notifications(mfax: Mfax) -> list[dict[str, Any]]:
    """Give the e-mails that the control plane has instead of the addressees."""
    shown = mfax.control.call("GET", f"/sandboxes/{mfax.control.id}/notifications", 200)
    return list(shown["notifications"])


def test_a_webhook_is_tried_again_and_then_an_email_is_noted(
    mfax: Mfax, pdf: bytes, receiver: Receiver
) -> None:
    receiver.answer(500, times=None)
    subscribe(
        mfax,
        receiver,
        "fax.outbound",
        attachmentEnabled="true",
        notificationEmails="ada@example.com,b@example.com",
    )
    mfax.send(pdf)
    mfax.control.advance()
    assert seconds(mfax) == WAITS
    delivery = mfax.control.webhooks()[0]
    assert (delivery["state"], len(delivery["attempts"])) == ("failed", 8)
    (email,) = notifications(mfax)
    assert email == {
        "id": 1,
        "at": delivery["attempts"][-1]["at"],
        "vendor": "mfax",
        "kind": "email",
        "to": ["ada@example.com", "b@example.com"],
        "subject": "Webhook fax.outbound could not be delivered",
        "delivery": delivery["id"],
        "fax": mfax.control.faxes()[0]["id"],
        "url": f"{receiver.url}/hook",
        "attempts": 8,
        "error": "HTTP 500",
        "data": {"data": receiver.requests[0].parts()[0].content.decode()},
    }
    assert json.loads(email["data"]["data"]) == posted_legacy(1, "success")


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_success(mfax: Mfax, pdf: bytes, receiver: Receiver, status: int) -> None:
    receiver.answer(302, headers={"Location": "/elsewhere"})
    receiver.answer(status)
    mfax.control.vendor("mfax", webhooks={"outbound": f"{receiver.url}/hook"})
    mfax.send(pdf)
    mfax.control.advance()
    assert mfax.control.webhooks()[0]["state"] == "delivered"


def test_without_addresses_the_email_goes_to_the_admin(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.vendor("mfax", webhooks={"outbound": "http://127.0.0.1:9/closed"})
    mfax.send(pdf)
    mfax.control.advance()
    (email,) = notifications(mfax)
    assert (email["to"], email["error"]) == (["test.tester@example.com"], "unreachable")
