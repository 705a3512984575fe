"""A sandbox's time over HTTP: shown, changed, advanced."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Control
from tests.control.shown import START, path, refused, timeline
from tests.receiver import Receiver
from tests.sending import send

EVENTS = ["fax.v1.outbound.init", "document.complete", "fax.v1.outbound.complete"]


def test_the_clock_is_shown_and_changed(still: Control):
    assert still.call("GET", path(still, "/clock"), 200) == {"mode": "manual", "speed": 20, "now": START}
    later = {"mode": "manual", "speed": 0.5, "now": "2026-02-01T00:00:00.000Z"}
    assert still.call("PATCH", path(still, "/clock"), 200, json=later) == later
    running = still.call("PATCH", path(still, "/clock"), 200, json={"mode": "running", "speed": 0})
    assert running == {"mode": "running", "speed": 0, "now": "2026-02-01T00:00:00.000Z"}


def test_time_never_goes_back(still: Control):
    past = {"now": "2026-01-31T11:59:59.999Z"}
    assert still.call("PATCH", path(still, "/clock"), 400, json=past) == refused(
        "invalid", "time never goes back: `now` is before the sandbox's present", "now"
    )
    assert still.call("POST", path(still, "/clock/advance"), 400, json={"to": past["now"]}) == refused(
        "invalid", "time never goes back: `to` is before the sandbox's present", "to"
    )


@pytest.mark.parametrize("span", [5, 5.0, "5", "5s", "5000ms", "0.0833333h"])
def test_an_advance_by_a_span(still: Control, span: object):
    answer = still.advance(by=span)
    assert answer["timeline"] == []
    assert answer["now"] in ("2026-01-31T12:00:05.000Z", "2026-01-31T12:05:00.000Z")


def test_an_advance_to_an_instant(still: Control):
    assert still.advance(to="2026-02-01T01:00:00+01:00") == {
        "now": "2026-02-01T00:00:00.000Z",
        "timeline": [],
    }


def test_an_advance_until_idle_gives_the_whole_timeline(still: Control, receiver: Receiver):
    still.vendor("ifax", webhooks={"outbound": f"{receiver.url}/hook"})
    receiver.answer(500)
    send(still, "ifax")
    played = still.advance()
    assert timeline(played) == [
        ("00.500", "state", "rendering"),
        ("01.500", "state", "credit_check"),
        ("02.000", "state", "waiting_line"),
        ("02.500", "state", "queued"),
        ("03.000", "state", "dialing"),
        ("09.000", "state", "transmitting"),
        (played["timeline"][6]["at"][17:-1], "call", "page"),
        (played["timeline"][7]["at"][17:-1], "state", "reporting"),
        (played["timeline"][8]["at"][17:-1], "state", "delivered"),
        (played["timeline"][8]["at"][17:-1], "webhook", "fax.sent"),
        (played["timeline"][8]["at"][17:-1], "webhook", "fax.sent"),
    ]
    assert played["timeline"][4] == {
        "at": "2026-01-31T12:00:03.000Z", "kind": "state", "fax": "fax-1", "what": "dialing", "attempt": 1,
    }  # fmt: skip
    first, second = played["timeline"][-2:]
    assert first == {
        "at": played["timeline"][8]["at"],
        "kind": "webhook",
        "fax": "fax-1",
        "what": "fax.sent",
        "delivery": "delivery-1",
        "attempt": 1,
        "status": 500,
        "error": None,
        "url": f"{receiver.url}/hook",
        "state": "pending",
    }
    assert second == {**first, "at": second["at"], "attempt": 2, "status": 200, "state": "delivered"}
    assert second["at"] == played["now"] == still.now()


def test_an_advance_until_a_fax_is_in_a_state(still: Control):
    send(still, "ifax")
    assert timeline(still.advance(until={"fax": "fax-1", "state": "queued"}))[-1] == (
        "02.500",
        "state",
        "queued",
    )
    assert still.fax("fax-1")["state"] == "queued"
    assert still.now() == "2026-01-31T12:00:02.500Z"


def test_an_advance_until_a_state_sends_the_webhooks_that_tell_of_it(still: Control, receiver: Receiver):
    still.vendor("ifax", webhooks={"outbound": f"{receiver.url}/hook"})
    receiver.answer(500)
    send(still, "ifax")
    played = still.advance(until={"fax": "fax-1", "state": "delivered"})
    assert [post.json()["faxStatus"] for post in receiver.requests] == ["delivered", "delivered"]
    assert [row["status"] for row in played["timeline"] if row["kind"] == "webhook"] == [500, 200]
    assert still.webhooks()[0]["state"] == "delivered"
    again = still.advance(until={"fax": "fax-1", "state": "delivered"})
    assert again == {"now": played["now"], "timeline": []}


def test_an_advance_until_a_state_leaves_the_webhooks_of_later_ones(still: Control, receiver: Receiver):
    still.vendor("mfax", webhooks={"outbound": f"{receiver.url}/hook"}, profile={"webhook_events": EVENTS})
    send(still, "mfax")
    still.advance(until={"fax": "fax-1", "state": "transmitting"})
    assert still.fax("fax-1")["state"] == "transmitting"
    assert [hook["event"] for hook in reversed(still.webhooks())] == EVENTS[:2]
    assert len(receiver.requests) == 2
    still.advance(until={"fax": "fax-1", "state": "delivered"})
    assert len(receiver.requests) == 3


def test_a_state_that_does_not_come_is_refused(still: Control):
    send(still, "ifax")
    wanted = {"until": {"fax": "fax-1", "state": "failed"}}
    assert still.call("POST", path(still, "/clock/advance"), 400, json=wanted) == refused(
        "invalid", "fax-1 is delivered and does not come to failed by itself", "until"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "until"),
        ({"by": 1, "until": "idle"}, "until"),
        ({"by": "soon"}, "by"),
        ({"by": -1}, "by"),
        ({"by": "9" * 30}, "by"),
        ({"by": 9e9, "x": 1}, "x"),
        ({"to": 5}, "to"),
        ({"to": "2999-13-01"}, "to"),
        ({"until": "done"}, "until"),
        ({"until": {"fax": "fax-1"}}, "until.state"),
        ({"until": {"fax": "fax-1", "state": "asleep"}}, "until.state"),
    ],
)
def test_an_advance_that_cannot_be_is_refused_with_the_field(
    still: Control, body: dict[str, Any], field: str
):
    answer = still.call("POST", path(still, "/clock/advance"), 400, json=body)
    assert (answer["error"]["code"], answer["error"]["field"]) == ("invalid", field)
    assert still.now() == START


def test_time_can_be_advanced_to_its_end_and_no_further(still: Control):
    for _ in range(3):
        still.advance(by=9e9)
    answer = still.call("POST", path(still, "/clock/advance"), 400, json={"by": 9e9})
    assert answer == refused("invalid", "that is later than this program's time goes", "by")
    send(still, "ifax")
    still.advance()
    assert still.faxes()[0]["state"] == "delivered"
