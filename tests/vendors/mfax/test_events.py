"""Every event of a webhook, in both its forms, posted whole; and when it is tried again."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.receiver import Received, Receiver
from tests.vendors.mfax.bodies import BODIES, MESSAGES, number, posted, posted_legacy
from tests.vendors.mfax.conftest import Mfax
from tests.vendors.mfax.facts import FACTS, WEBHOOKS

NOWHERE = "15005550008"


def everything(mfax: Mfax, pdf: bytes) -> None:
    """Do what makes every event happen: three faxes go out, two come in, a number and a user come and go."""
    mfax.send(pdf)
    mfax.send(pdf, NOWHERE)
    mfax.send(b"\0\1\2")
    inbound = {"vendor": "mfax", "to": "+15095550100", "from": "+12125550199", "pages": 2, "csid": "ACME"}
    for more in ({}, {"scenario": "hangup"}):
        mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", json=inbound | more)
    (new,) = mfax.post("/v1/numbers/provision", type="toll-free").json()
    mfax.delete(f"/v1/numbers/{new['uuid']}/release")
    user = mfax.post("/v1/users", email="ada@example.com", firstName="Ada").json()
    mfax.delete(f"/v1/users/{user['uuid']}")
    mfax.control.advance()


FAILED, BROKEN = {"faxNumber": f"+{NOWHERE}"}, {"pagesCount": 0}
IN: dict[str, Any] = BODIES["inbound"]
RINGING = {**IN, "messageNumber": None}
NUMBER = number("number-read", uuid=BODIES["provisioned"][0], number="8005559721")
RELEASED = {**NUMBER, "pendingUntil": BODIES["pending_until"]}
USER: dict[str, Any] = BODIES["user"]


def page(count: int) -> dict[str, Any]:
    """Give what is posted when so many pages of the fax have come in."""
    return posted(4, **{**RINGING, "pagesComplete": count})


LEGACY: dict[str, list[dict[str, Any]]] = {
    "fax.inbound": [posted_legacy(4, "arrived", users=[], **IN)],
    "fax.outbound": [
        posted_legacy(3, "unrendered"),
        posted_legacy(2, "failed", **FAILED),
        posted_legacy(1, "success"),
    ],
    "fax.outbound.extended": [
        posted_legacy(1),
        posted_legacy(2, **FAILED),
        posted_legacy(3, **BROKEN),
        posted_legacy(3, "unrendered"),
        posted_legacy(1, "transmitting"),
        posted_legacy(2, "transmitting", **FAILED),
        posted_legacy(2, "failed", **FAILED),
        posted_legacy(1, "success"),
    ],
    "user.create": [USER],
    "user.delete": [USER],
    "number.add": [NUMBER],
    "number.release": [RELEASED],
    "document.complete": [posted_legacy(1), posted_legacy(2, **FAILED)],
    "document.failed": [posted_legacy(3, "unrendered")],
}
NEW: dict[str, list[dict[str, Any]]] = {
    "fax.v1.inbound.init": [posted(4, **RINGING), posted(5, **RINGING)],
    "fax.v1.inbound.page": [page(1), page(2)],
    "fax.v1.inbound.succeed": [posted(4, "arrived", **IN)],
    "fax.v1.inbound.failed": [posted(5, "broken_off", **IN)],
    "fax.v1.inbound.complete": [posted(5, "broken_off", **IN), posted(4, "arrived", **IN)],
    "fax.v1.outbound.init": [posted(1), posted(2, **FAILED), posted(3, **BROKEN)],
    "fax.v1.outbound.succeed": [posted(1, "success")],
    "fax.v1.outbound.failed": [posted(3, "unrendered"), posted(2, "failed", **FAILED)],
    "fax.v1.outbound.complete": [
        posted(3, "unrendered"),
        posted(2, "failed", **FAILED),
        posted(1, "success"),
    ],
    "fax.v1.number.add": [NUMBER],
    "fax.v1.number.release": [RELEASED],
}


def hear(mfax: Mfax, pdf: bytes, receiver: Receiver, event: str) -> list[Received]:
    """Do everything with a webhook for one event, and give what it posts."""
    form = {"attachmentEnabled": "true", "auth": "user:secret"}
    mfax.post("/webhooks", name="Mine", url=f"{receiver.url}/hook", events=json.dumps({event: True}), **form)
    everything(mfax, pdf)
    assert {(each.method, each.path, each.auth) for each in receiver.requests} == {
        ("POST", "/hook", "user:secret")
    }
    return receiver.requests


@pytest.mark.parametrize("event", WEBHOOKS["new"]["events"])
def test_a_new_event_is_posted_as_json(mfax: Mfax, pdf: bytes, receiver: Receiver, event: str) -> None:
    received = hear(mfax, pdf, receiver, event)
    assert [each.json() for each in received] == NEW[event]
    assert [list(each.json()) for each in received] == [list(body) for body in NEW[event]]
    named = {(each.header("Content-Type"), each.header("x-webhook-event")) for each in received}
    assert named == {("application/json", event)}


@pytest.mark.parametrize("event", WEBHOOKS["legacy"]["events"])
def test_a_legacy_event_is_posted_as_multipart(
    mfax: Mfax, pdf: bytes, receiver: Receiver, event: str
) -> None:
    received = hear(mfax, pdf, receiver, event)
    posts = [{part.name: part for part in each.parts()} for each in received]
    told = [json.loads(parts["data"].content) for parts in posts]
    assert told == LEGACY[event]
    assert [list(each) for each in told] == [list(body) for body in LEGACY[event]]
    assert {each.header("x-webhook-event") for each in received} == {None}
    for parts, body in zip(posts, told, strict=True):
        document = file_of(mfax, body, pdf)
        assert list(parts) == (["data"] if document is None else ["data", "attachment"])
        if document is not None:
            file = parts["attachment"]
            name = f"{body['messageId']}.pdf"
            assert (file.filename, file.media_type, file.content) == (name, "application/pdf", document)


def file_of(mfax: Mfax, body: dict[str, Any], pdf: bytes) -> bytes | None:
    """Give the document that a legacy webhook carries: only faxes have one, and only when it was rendered."""
    if body.get("messageId") not in MESSAGES or body["messageId"] == MESSAGES[2]:
        return None
    inbound = body["direction"] == "inbound"
    return mfax.get(f"/v1/fax/{body['messageId']}/download").content if inbound else pdf


@pytest.mark.parametrize("known", FACTS["webhooks"], ids=lambda known: known["id"])
def test_the_waits_between_tries_are_the_documented_ones(mfax: Mfax, known: dict[str, Any]) -> None:
    events = json.dumps({known["events"][0 if known["id"] == "legacy" else 4]: True})
    mfax.post("/webhooks", name="Mine", url="http://127.0.0.1:9/", events=events)
    body = {"vendor": "mfax", "to": "+15095550100", "from": "+12125550199", "pages": 1}
    mfax.control.call("POST", f"/sandboxes/{mfax.control.id}/inbound", json=body)
    mfax.control.advance()
    (delivery,) = mfax.control.webhooks()
    tries = [datetime.fromisoformat(post["at"]) for post in delivery["attempts"]]
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(tries)]
    assert waits == known["retries"]["waits"]
