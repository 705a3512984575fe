"""Webhooks sent once more, after their time."""

from __future__ import annotations

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import send


def test_delivery_is_sent_once_more(hooked: Control, receiver: Receiver) -> None:
    send(hooked, "ifax")
    hooked.advance()
    [delivery] = hooked.webhooks()
    path = f"/sandboxes/{hooked.id}/webhooks/{delivery['id']}"
    again = hooked.call("POST", f"{path}/replay", 200)
    first, second = receiver.requests
    assert first.body == second.body
    assert [each["number"] for each in again["attempts"]] == [1, 2]
    assert (again["state"], again["due_at"]) == ("delivered", None)
    assert hooked.call("GET", path, 200) == again


def test_replay_begins_the_vendors_retries_anew(hooked: Control, receiver: Receiver) -> None:
    receiver.answer(500, times=None)
    send(hooked, "ifax")
    hooked.advance()
    tries = len(receiver.requests)
    assert tries > 1
    [delivery] = hooked.webhooks()
    hooked.call("POST", f"/sandboxes/{hooked.id}/webhooks/{delivery['id']}/replay", 200)
    hooked.advance()
    assert len(receiver.requests) == 2 * tries
    assert hooked.webhooks()[0]["state"] == "failed"


def test_dropped_webhook_can_be_sent_after_all(hooked: Control, receiver: Receiver) -> None:
    send(hooked, "ifax", "+15005550016")
    hooked.advance()
    [delivery] = hooked.webhooks()
    assert receiver.requests == []
    hooked.call("POST", f"/sandboxes/{hooked.id}/webhooks/{delivery['id']}/replay", 200)
    assert len(receiver.requests) == 1


def test_unknown_delivery_is_not_found(control: Control) -> None:
    said = control.call("POST", f"/sandboxes/{control.id}/webhooks/delivery-9/replay", 404)
    assert said == {"error": {"code": "not_found", "message": "no delivery delivery-9"}}


def test_webhooks_of_one_fax(hooked: Control) -> None:
    for _ in range(2):
        send(hooked, "ifax")
    hooked.advance()
    listed = hooked.call("GET", f"/sandboxes/{hooked.id}/webhooks?fax=fax-2", 200)["webhooks"]
    assert [each["fax"] for each in listed] == ["fax-2"]
