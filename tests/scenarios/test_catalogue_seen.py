"""What each scenario of the catalogue promises, as the application sees it: calls, answers, webhooks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import requests

from emulator.scenarios import Files, write_scenario
from emulator.vendors import all_vendors
from tests.conftest import Control
from tests.control.shown import path
from tests.receiver import Receiver
from tests.scenarios.conftest import Replay
from tests.sending import send

SCENARIOS = {each.name: each for each in Files([], all_vendors()).scenarios()}


def number(name: str) -> str:
    return str(SCENARIOS[name].match.to)


# calls
CALLS: dict[str, list[dict[str, Any]]] = {
    "a-person-answers": [{"outcome": "not_fax", "ring": 12, "pages_sent": 0, "speed": None, "csid": None}],
    "busy-then-delivered": [
        {"outcome": "busy", "ring": 3, "duration": 0},
        {"outcome": "delivered", "speed": 14400, "csid": "+1 212 555 0123", "pages_sent": 1},
    ],
    "cancelled-while-dialing": [{"outcome": "cancelled", "ring": 7, "duration": 0, "pages_sent": 0}],
    "cannot-be-converted": [],
    "delivered-in-part": [{"outcome": "delivered", "pages_sent": 2}],
    "done-when-asked-three-times": [{"outcome": "delivered", "pages_sent": 1}],
    "fast-machine": [{"outcome": "delivered", "ring": 2, "speed": 33600, "ecm": True}],
    "hung-up-on-page-two": [{"outcome": "hangup", "pages_sent": 1}] * 4,
    "line-breaks-then-whole": [
        {"outcome": "line_error", "pages_sent": 1}, {"outcome": "delivered", "pages_sent": 3},
    ],
    "money-runs-out": [],
    "never-ends": [{"outcome": "stuck", "pages_sent": 0}],
    "never-through": [
        {"outcome": word, "duration": 0} for word in ("busy", "no_answer", "circuits_busy", "circuits_busy")
    ],
    "number-not-in-service": [{"outcome": "bad_number", "duration": 0}],
    "old-machine": [{"outcome": "delivered", "ring": 20, "speed": 2400, "ecm": False, "csid": "OLD MACHINE"}],
    "ten-minutes-a-page": [{"outcome": "delivered", "pages_sent": 2}],
    "third-time-lucky": [
        {"outcome": "no_answer", "ring": 45}, {"outcome": "busy", "ring": 3}, {"outcome": "delivered"},
    ],
}  # fmt: skip
"""The calls of the scenario's fax at Openfax."""

LAST: dict[str, tuple[float, float]] = {
    "fast-machine": (0, 15),
    "old-machine": (60, 600),
    "ten-minutes-a-page": (1200, 1260),
}
"""Seconds between which the only call lasts."""


@pytest.mark.parametrize("name", CALLS)
def test_calls_are_as_they_are_told(name: str, new_replay: Callable[..., Replay]) -> None:
    replay = new_replay()
    replay.play(write_scenario(SCENARIOS[name]))
    calls = replay.control.fax(str(replay.made[0].fax))["attempts"]
    assert len(calls) == len(CALLS[name])
    for call, wanted in zip(calls, CALLS[name], strict=True):
        assert {key: call[key] for key in wanted} == wanted
    least, most = LAST.get(name, (0, 1e9))
    assert all(least <= call["duration"] <= most for call in calls)


# answers to the submit
def test_a_submit_that_is_limited_or_down_says_when_to_come_again(control: Control) -> None:
    limited = [send(control, "mfax", number("submit-limited-twice")) for _ in range(3)]
    assert [each.status_code for each in limited] == [429, 429, 200]
    assert [each.headers.get("Retry-After") for each in limited] == ["30", "30", None]
    down = [send(control, "ifax", number("submit-503-once")) for _ in range(2)]
    assert [each.status_code for each in down] == [503, 200]
    assert (down[0].headers["Retry-After"], down[0].json()) == ("5", {"error": "come back later"})


def test_a_page_of_html_is_given_as_it_is(control: Control) -> None:
    answer = send(control, "ifax", number("submit-a-page-of-html"))
    assert (answer.status_code, answer.text) == (502, "<html><h1>Bad Gateway</h1></html>")


def test_a_garbled_answer_does_not_parse_and_one_cut_short_does_not_end(control: Control) -> None:
    garbled = send(control, "ifax", number("submit-garbled"))
    with pytest.raises(requests.exceptions.JSONDecodeError):
        garbled.json()
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="10 bytes read"):
        send(control, "ifax", number("submit-cut-short"))
    assert len(control.faxes()) == 2


def test_a_cut_connection_leaves_one_fax_or_none(control: Control) -> None:
    for name, faxes in (("submit-cut-before", 0), ("submit-cut-after", 1)):
        with pytest.raises(requests.ConnectionError):
            send(control, "ifax", number(name))
        assert len(control.faxes()) == faxes


def test_a_slow_submit_is_slow(control: Control) -> None:
    begun = time.monotonic()
    send(control, "ifax", number("submit-slow"))
    assert time.monotonic() - begun >= 0.3


# webhooks
@pytest.fixture
def extended(server: Control, receiver: Receiver) -> Control:
    """A sandbox in which every status of a fax is posted."""
    hook = {"outbound": {"url": receiver.url, "auth": "user:secret"}}
    control = server.create(webhooks={"mfax": hook})
    control.vendor("mfax", profile={"webhook_format": "legacy", "webhook_events": ["fax.outbound.extended"]})
    return control


STATUSES = {
    "webhook-stale-after-final": ["success", "transmitting", "processing"],
    "webhooks-out-of-order": ["success", "transmitting", "processing"],
    "webhook-twice": ["processing", "processing", "transmitting", "transmitting", "success", "success"],
    "webhook-lost": [],
    "webhook-late": ["processing", "transmitting", "success"],
    "webhook-before-answer": ["processing", "transmitting", "success"],
    "webhook-wrong-password": ["processing", "transmitting", "success"],
    "webhook-without-password": ["processing", "transmitting", "success"],
}

PASSWORDS = {"webhook-wrong-password": "wrong:wrong", "webhook-without-password": None}


@pytest.mark.parametrize("name", STATUSES)
def test_webhooks_come_as_they_are_told(extended: Control, receiver: Receiver, name: str) -> None:
    send(extended, "mfax", number(name))
    at_once = len(receiver.requests)
    extended.advance()
    posted = [json.loads(each.parts()[0].content)["status"] for each in receiver.requests]
    assert posted == STATUSES[name]
    assert at_once == (3 if name == "webhook-before-answer" else 0)
    assert {each.auth for each in receiver.requests} <= {PASSWORDS.get(name, "user:secret")}


def test_late_webhooks_come_ten_minutes_after_what_they_tell(extended: Control) -> None:
    send(extended, "mfax", number("webhook-late"))
    extended.advance()
    late = [seconds(each["attempts"][0]["at"]) - seconds(each["created_at"]) for each in extended.webhooks()]
    assert [round(each, 3) for each in late] == [600.0] * 3


def test_webhooks_break_off_after_so_many_bytes(extended: Control, receiver: Receiver) -> None:
    send(extended, "mfax", number("webhook-cut-short"))
    extended.advance()
    assert [len(each.body) for each in receiver.requests] == [20, 20, 20]


def test_we_are_told_twice_of_what_somebody_faxes_us(server: Control, receiver: Receiver) -> None:
    control = server.create(webhooks={"ifax": {"inbound": receiver.url}})
    sender = SCENARIOS["inbound-webhook-twice"].match.sender
    body = {"vendor": "ifax", "to": "+12125550100", "from": sender, "csid": "SENDER"}
    control.call("POST", path(control, "/inbound"), 201, json=body)
    control.advance()
    assert len({each.body for each in receiver.requests}) == 1
    assert len(receiver.requests) == 2


def seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()


ELSEWHERE = {"every-third-busy", "fails-when-asked-twice", "inbound-breaks-off", "sometimes-busy"}
"""What these promise is what they expect: see test_catalogue."""


def test_every_scenario_of_the_catalogue_is_seen() -> None:
    submits = {name for name in SCENARIOS if name.startswith("submit-")}
    others = {"webhook-cut-short", "inbound-webhook-twice"}
    assert {*CALLS, *STATUSES, *submits, *others, *ELSEWHERE} == set(SCENARIOS)
