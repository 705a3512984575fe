"""What counts as taken, what is tried again, and when a webhook is switched off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.receiver import Behaviour, Receiver
from tests.vendors.kazoo.client import Kazoo
from tests.vendors.kazoo.hooks import hook, shown
from tests.vendors.kazoo.rules import required


def test_an_answer_that_is_not_200_is_a_failure_and_is_not_tried_again(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    receiver.answer(202)
    made = hook(kazoo, receiver, retries=4)
    sent = kazoo.sent(one_page)
    assert len(receiver.wait(1)) == 1
    [entry] = kazoo.get(f"/webhooks/{made}/attempts")["data"]
    assert entry == {
        "hook_id": made, "result": "failure", "timestamp": sent["delivered"], "retries_left": 3,
        "resp_status_code": 202, "reason": "bad response code",
    }  # fmt: skip
    assert kazoo.control.webhooks()[0]["state"] == "failed"


@pytest.mark.parametrize(("retries", "sends"), [(0, 1), (1, 1), (2, 2), (4, 4)])
def test_silence_is_tried_again_after_two_seconds(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes, retries: int, sends: int
) -> None:
    receiver.answer(behaviour=Behaviour.drop, times=None)
    made = hook(kazoo, receiver, retries=retries)
    kazoo.sent(one_page)
    entries = kazoo.get("/webhooks/attempts")["data"][::-1]
    left = [0] if retries == 0 else list(range(sends - 1, -1, -1))
    begun = entries[0]["timestamp"]
    assert entries == [
        {
            "hook_id": made, "result": "failure", "timestamp": begun + 2 * number, "retries_left": each,
            "reason": "kazoo http client error", "client_error": "unreachable",
        }
        for number, each in enumerate(left)
    ]  # fmt: skip
    assert kazoo.get(f"/webhooks/{made}/attempts")["data"] == entries[::-1]


def test_a_taken_webhook_is_recorded(kazoo: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    made, other = hook(kazoo, receiver), hook(kazoo, receiver, hook="inbound_fax")
    sent = kazoo.sent(one_page)
    [entry] = kazoo.get(f"/webhooks/{made}/attempts")["data"]
    assert entry == {
        "hook_id": made, "result": "success", "timestamp": sent["delivered"], "retries_left": 1,
        "resp_status_code": 200,
    }  # fmt: skip
    assert kazoo.get(f"/webhooks/{other}/attempts")["data"] == []


def failing_burst(kazoo: Kazoo, one_page: bytes, count: int) -> None:
    for number in range(count):
        kazoo.send(one_page, to=f"1212555{number:04}")
    kazoo.control.advance()


def test_six_failures_within_a_minute_switch_a_webhook_off(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    receiver.answer(500, times=None)
    made = hook(kazoo, receiver)
    failing_burst(kazoo, one_page, 5)
    assert kazoo.get(f"/webhooks/{made}")["data"]["enabled"] is True
    kazoo.control.advance(by=61)
    failing_burst(kazoo, one_page, 6)
    off = kazoo.get(f"/webhooks/{made}")["data"]
    reason = {"enabled": False, "disable_reason": "too many failed attempts"}
    assert off == shown(receiver, made, **reason)
    kazoo.sent(one_page, to="12125550199")
    assert len(receiver.wait(11)) == 11
    on = kazoo.answer("PATCH", "/webhooks", json={"data": {"re-enable": True}})["data"]
    assert on == [shown(receiver, made)]


@pytest.mark.parametrize(
    ("path", "data"), [("/webhooks", {"re-enable": True}), ("/webhooks/{}", {"enabled": True})]
)
def test_a_webhook_that_is_switched_on_again_has_six_failures_anew(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes, path: str, data: dict[str, Any]
) -> None:
    receiver.answer(500, times=None)
    made = hook(kazoo, receiver)
    enabled = []
    for _ in range(2):
        for _ in range(2):
            failing_burst(kazoo, one_page, 3)
            enabled.append(kazoo.get(f"/webhooks/{made}")["data"]["enabled"])
        kazoo.answer("PATCH", path.format(made), json={"data": data})
    assert enabled == [True, False, True, False]
    assert len(kazoo.get(f"/webhooks/{made}/attempts")["data"]) == 12


def test_six_connections_that_fail_switch_a_webhook_off_too(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    receiver.answer(500, times=None)
    dead, other = hook(kazoo, receiver, uri="http://127.0.0.1:9/", retries=3), hook(kazoo, receiver)
    failing_burst(kazoo, one_page, 2)
    assert [kazoo.get(f"/webhooks/{each}")["data"]["enabled"] for each in (dead, other)] == [False, True]


def test_switching_on_needs_the_word(kazoo: Kazoo) -> None:
    kazoo.breaks("/webhooks", {}, {"re-enable": required("re-enable")}, method="PATCH")


def test_a_webhook_that_is_switched_off_hears_nothing_and_is_switched_on_by_a_change(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    made = hook(kazoo, receiver, enabled=False)
    kazoo.sent(one_page)
    kazoo.answer("PATCH", f"/webhooks/{made}", json={"data": {"enabled": True}})
    fax = kazoo.sent(one_page)
    assert [dict(post.form())["fax_id"] for post in receiver.wait(1)] == [fax["id"]]
