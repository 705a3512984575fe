"""Faults at both HTTP edges: what the submit call gets, and what becomes of the webhooks."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from typing import Any

import pytest
import requests

from tests.conftest import Control
from tests.receiver import Received, Receiver
from tests.sending import VENDORS, read, send


def next_is(control: Control, **scenario: Any) -> None:
    control.call("POST", f"/sandboxes/{control.id}/scenarios/next", 201, json=scenario)


def last_call(control: Control) -> dict[str, Any]:
    return dict(control.call("GET", f"/sandboxes/{control.id}/requests?limit=1", 200)["requests"][0])


# the submit call
def test_literal_answer_is_given_and_no_fax_is_made(control: Control) -> None:
    next_is(control, name="down", http={"status": 503, "body": {"oops": [1]}, "retry_after": "90s"})
    answer = send(control, "ifax")
    assert (answer.status_code, answer.json(), answer.headers["Retry-After"]) == (503, {"oops": [1]}, "90")
    assert control.faxes() == []
    call = last_call(control)
    assert call["matched"] == {
        "endpoint": call["matched"]["endpoint"],
        "fax": None,
        "scenario": "down",
        "fault": {"status": 503, "body": {"oops": [1]}, "retry_after": 90.0},
    }


def test_text_body_is_given_as_it_is(control: Control) -> None:
    next_is(control, http={"status": 502, "body": "<h1>Bad Gateway</h1>"})
    answer = send(control, "ifax")
    assert (answer.status_code, answer.text) == (502, "<h1>Bad Gateway</h1>")


@pytest.mark.parametrize("vendor", VENDORS)
def test_status_alone_keeps_the_vendors_own_shape(control: Control, vendor: str) -> None:
    next_is(control, http={"status": 503})
    answer = send(control, vendor)
    assert answer.status_code == 503
    assert "<html" not in answer.text.lower()
    assert control.faxes() == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_cut_before_makes_no_fax_and_cut_after_makes_one(control: Control, vendor: str) -> None:
    for drop, faxes in (("before", 0), ("after", 1)):
        next_is(control, http={"drop": drop})
        with pytest.raises(requests.ConnectionError):
            send(control, vendor)
        assert len(control.faxes()) == faxes
    assert send(control, vendor).status_code in (200, 201)


def test_truncated_answer_says_more_than_it_sends(control: Control) -> None:
    next_is(control, http={"truncate": 7})
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="7 bytes read"):
        send(control, "ifax")
    assert len(control.faxes()) == 1


def test_malformed_answer_is_whole_and_does_not_parse(control: Control) -> None:
    next_is(control, http={"malformed": True})
    answer = send(control, "ifax")
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()
    assert len(control.faxes()) == 1


def test_fault_is_for_the_submit_and_not_for_reads(control: Control) -> None:
    next_is(control, http={"drop": "after"})
    with pytest.raises(requests.ConnectionError):
        send(control, "ifax")
    assert read(control, "ifax", control.faxes()[0]["id"]).status_code == 200


def test_next_two_calls_are_refused_and_the_third_is_not(control: Control) -> None:
    fault = {"times": 2, "http": {"status": 503}}
    next_is(control, **fault)
    assert [send(control, "ifax").status_code for _ in range(4)] == [503, 503, 200, 200]
    control.call("POST", f"/sandboxes/{control.id}/scenarios", 201, json=fault)
    assert [send(control, "ifax").status_code for _ in range(4)] == [503, 503, 200, 200]


def test_fault_is_for_what_it_matches(control: Control) -> None:
    match = {"vendor": "ifax", "to": "+1212*", "header.X-Try": "1"}
    rule = {"match": match, "http": {"status": 503}}
    control.call("POST", f"/sandboxes/{control.id}/scenarios", 201, json=rule)
    calls = [
        send(control, "ifax", "+12125550123", headers={"X-Try": "1"}),
        send(control, "ifax", "+12125550123", headers={"X-Try": "2"}),
        send(control, "ifax", "+13105550123", headers={"X-Try": "1"}),
        send(control, "faxto", "+12125550123", headers={"X-Try": "1"}),
    ]
    assert [each.status_code for each in calls] == [503, 200, 200, 200]


def test_chance_of_a_fault_follows_the_sandboxs_seed(server: Control) -> None:
    lives = []
    for seed in ("one", "one", "two"):
        control = server.create(seed=seed)
        rule = {"name": "weather", "probability": 0.5, "http": {"status": 503}}
        control.call("POST", f"/sandboxes/{control.id}/scenarios", 201, json=rule)
        lives.append([send(control, "faxto").status_code for _ in range(12)])
    assert lives[0] == lives[1] != lives[2]
    assert set(lives[0]) == set(lives[2]) == {200, 503}


MANY = 30
"""More calls at one time than the server has threads."""


def start_many(control: Control) -> list[threading.Thread]:
    threads = [threading.Thread(target=send, args=(control, "ifax", "+12125550199")) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    return threads


def held_up(server: Control, delay: float) -> bool:
    """Tell whether a fast call is answered only when slow ones, all under way, have begun to end."""
    control = server.create()
    body = {"match": {"to": "+12125550199"}, "http": {"delay": delay}}
    control.call("POST", f"/sandboxes/{control.id}/scenarios", 201, json=body)
    slow = start_many(control)
    while control.call("GET", f"/sandboxes/{control.id}/counts", 200)["total"] < MANY:
        pass
    assert send(control, "ifax").status_code == 200
    waiting = [thread.is_alive() for thread in slow]
    for thread in slow:
        thread.join()
    return not all(waiting)


def test_delayed_calls_hold_up_nobody(server: Control) -> None:
    """A machine may stand still for longer than a delay; who is held up is so by any."""
    assert not all(held_up(server, delay) for delay in (2, 5, 10, 20))


# webhooks
def posts(receiver: Receiver, path: str = "/hook") -> list[Received]:
    return [each for each in receiver.requests if each.path == path]


@pytest.fixture
def hooked(server: Control, receiver: Receiver) -> Control:
    """A sandbox whose webhooks go to the receiver."""
    hook = {"outbound": {"url": f"{receiver.url}/hook", "auth": "user:secret"}}
    return server.create(webhooks={"ifax": hook, "mfax": hook})


def play(hooked: Control, vendor: str = "ifax", **webhook: Any) -> list[dict[str, Any]]:
    """Send a fax with a webhook fault and play it; give the journal's deliveries, oldest first."""
    next_is(hooked, webhook=webhook)
    send(hooked, vendor)
    hooked.advance()
    return hooked.webhooks()[::-1]


def test_dropped_webhook_is_never_sent_and_journaled(hooked: Control, receiver: Receiver) -> None:
    [delivery] = play(hooked, drop=True)
    assert (delivery["state"], delivery["fault"], delivery["attempts"]) == ("dropped", "dropped", [])
    assert receiver.requests == []


def test_duplicates_are_sent_with_the_same_body(hooked: Control, receiver: Receiver) -> None:
    deliveries = play(hooked, duplicate=2)
    assert [each["fault"] for each in deliveries] == [None, "duplicate", "duplicate"]
    assert len({each.body for each in receiver.requests}) == 1
    assert len(receiver.requests) == 3


def test_delayed_webhook_is_late_on_the_sandboxs_clock(hooked: Control) -> None:
    [delivery] = play(hooked, delay="1h")
    [attempt] = delivery["attempts"]
    assert delivery["fault"] == "delayed"
    assert attempt["at"][11:13] != delivery["created_at"][11:13]


def test_wrong_and_missing_passwords(hooked: Control, receiver: Receiver) -> None:
    send(hooked, "ifax")
    hooked.advance()
    faults = [play(hooked, wrong_auth=how)[-1]["fault"] for how in (True, "missing")]
    assert faults == ["wrong_auth", "no_auth"]
    assert [each.auth for each in receiver.requests] == ["user:secret", "wrong:wrong", None]


def test_truncated_webhook_breaks_off(hooked: Control, receiver: Receiver) -> None:
    [delivery] = play(hooked, truncate=20)
    assert delivery["fault"] == "truncated"
    assert [len(each.body) for each in receiver.requests] == [20]


def test_webhook_comes_before_the_answer_of_the_submit(hooked: Control, receiver: Receiver) -> None:
    next_is(hooked, webhook={"before_response": True})
    answer = send(hooked, "ifax")
    [post] = receiver.requests
    assert post.json()["jobId"] == answer.json()["data"]["jobId"]
    assert hooked.faxes()[0]["state"] == "delivered"
    assert hooked.webhooks()[0]["fault"] == "early"


def test_lonely_webhook_that_is_reordered_comes_after_those_of_later_faxes(
    hooked: Control, receiver: Receiver
) -> None:
    next_is(hooked, webhook={"reorder": True})
    jobs = [send(hooked, "ifax").json()["data"]["jobId"] for _ in range(2)]
    hooked.advance()
    assert [each.json()["jobId"] for each in receiver.requests] == jobs[::-1]
    assert [each["fault"] for each in hooked.webhooks()] == [None, "reordered"]


@pytest.mark.parametrize(
    ("webhook", "statuses"),
    [
        ({}, ["processing", "transmitting", "success"]),
        ({"reorder": True}, ["success", "transmitting", "processing"]),
        ({"status_order": ["received", "dialing", "delivered"]}, ["processing", "transmitting", "success"]),
        ({"status_order": ["dialing", "delivered", "received"]}, ["transmitting", "success", "processing"]),
        ({"status_order": ["delivered", "received"]}, ["success", "processing", "transmitting"]),
        ({"status_order": ["dialing"]}, ["transmitting", "processing", "success"]),
        ({"status_order": ["fax.outbound.extended"]}, ["processing", "transmitting", "success"]),
        (
            {"status_order": ["delivered"], "duplicate": 1},
            ["success", "success", "processing", "processing", "transmitting", "transmitting"],
        ),
    ],
)
def test_every_status_comes_in_the_order_that_is_asked_for(
    server: Control, receiver: Receiver, webhook: dict[str, Any], statuses: list[str]
) -> None:
    """An extended webhook of the legacy form posts every status of the fax."""
    control = server.create(webhooks={"mfax": {"outbound": receiver.url}})
    switches = {"webhook_format": "legacy", "webhook_events": ["fax.outbound.extended"]}
    control.vendor("mfax", profile=switches)
    next_is(control, webhook=webhook)
    send(control, "mfax")
    control.advance()
    posted = [json.loads(each.parts()[0].content)["status"] for each in receiver.requests]
    assert posted == statuses
    [ended] = [entry["at"] for entry in control.fax("fax-1")["timeline"] if entry["what"] == "delivered"]
    tries = sorted((each["attempts"][0]["at"], each["id"]) for each in control.webhooks())
    if any(webhook.get(name) for name in ("reorder", "status_order")):
        assert [round(seconds(at) - seconds(ended), 3) for at, _ in tries] == list(range(len(statuses)))
        assert {each["fault"].split(", ")[-1] for each in control.webhooks()} == {"reordered"}


def seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()


def test_faults_add_up(hooked: Control, receiver: Receiver) -> None:
    deliveries = play(hooked, duplicate=1, wrong_auth=True, truncate=5, delay=60)
    assert [each["fault"] for each in deliveries] == [
        "delayed, wrong_auth, truncated",
        "delayed, wrong_auth, truncated, duplicate",
    ]
    assert [len(each.body) for each in receiver.requests] == [5, 5]
