"""What happens, told as it happens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from emulator.app import App
from tests.conftest import WAIT, Control
from tests.control.shown import MANUAL, START, path
from tests.receiver import Receiver
from tests.sending import send

Sent = Callable[..., dict[str, Any]]


@contextmanager
def stream(control: Control, query: str = "") -> Iterator[Iterator[dict[str, Any]]]:
    """Read the events of a sandbox as they come."""
    url = f"{control.root}/sandboxes/{control.id}/events{query}"
    with requests.get(url, stream=True, timeout=WAIT) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream"), answer.text
        lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
        assert next(lines) == ": listening"
        yield (json.loads(line[6:]) for line in lines if line.startswith("data: "))


def test_events_tell_what_happens_as_it_happens(hooked: Control) -> None:
    with stream(hooked) as events:
        send(hooked, "ifax")
        hooked.advance()
        hooked.vendor("ifax", active=True)
        hooked.call("PATCH", f"/sandboxes/{hooked.id}/clock", 200, json={"speed": 5})
        for path, status in (("scenarios", 201), ("scenarios/next", 201)):
            hooked.call("POST", f"/sandboxes/{hooked.id}/{path}", status, json={"attempts": ["busy"]})
        hooked.call("DELETE", f"/sandboxes/{hooked.id}/scenarios", 204)
        hooked.call("POST", f"/sandboxes/{hooked.id}/reset", 200)
        kinds: list[str] = []
        while kinds[-1:] != ["sandbox"]:
            event = next(events)
            kinds.append(event["kind"])
            if event.get("what") == "delivered":
                assert (event["fax"], event["vendor"], event["direction"]) == ("fax-1", "ifax", "outbound")
    played = [*["state"] * 6, "call", "state", "state", "webhook"]
    assert kinds == ["state", "request", *played, "settings", "clock", *["scenarios"] * 3, "sandbox"]


def test_events_are_told_whole(server: Control, receiver: Receiver) -> None:
    control = server.create(clock=MANUAL, webhooks={"faxto": {"outbound": receiver.url}})
    with stream(control) as events:
        send(control, "faxto", "+15005550002")
        control.advance()
        control.vendor("faxto", active=True)
        control.call("PATCH", path(control, "/clock"), 200, json={"speed": 5})
        control.call("POST", path(control, "/scenarios"), 201, json={"attempts": ["busy"]})
        control.call("POST", path(control, "/reset"), 200)
        told = [next(events) for _ in range(14)]
    assert {each.pop("dropped") for each in told} == {0}
    fax = {"vendor": "faxto", "direction": "outbound", "fax": "fax-1"}
    by_kind = {each["kind"]: each for each in reversed(told)}
    assert 0 <= by_kind["request"].pop("seconds") < WAIT
    assert by_kind == {
        "state": {**fax, "at": START, "kind": "state", "what": "received"},
        "request": {
            "at": START, "kind": "request", "vendor": "faxto", "method": "POST", "path": "/api/v2/fax",
            "endpoint": "send", "fax": "fax-1", "status": 200,
        },
        "webhook": {
            "vendor": "faxto", "at": "2026-01-31T12:00:07.000Z", "kind": "webhook", "fax": "fax-1",
            "what": "delivery_receipt", "delivery": "delivery-1", "attempt": 1, "status": 200, "error": None,
            "url": receiver.url, "state": "delivered",
        },
        "settings": {"kind": "settings", "vendor": "faxto"},
        "clock": {
            "at": "2026-01-31T12:00:07.000Z", "now": "2026-01-31T12:00:07.000Z", "kind": "clock",
            "mode": "manual", "speed": 5,
        },
        "scenarios": {"kind": "scenarios", "what": "added"},
        "sandbox": {"kind": "sandbox", "what": "reset"},
    }  # fmt: skip


def test_events_of_one_kind_only(hooked: Control) -> None:
    with stream(hooked, "?kind=webhook") as events:
        send(hooked, "ifax")
        hooked.advance()
        event = next(events)
    assert (event["kind"], event["what"], event["status"]) == ("webhook", "fax.sent", 200)


def test_too_many_held_answers_are_refused_and_vendors_are_served(
    app: App, control: Control, sent: Sent
) -> None:
    held = [requests.get(f"{control.root}/sandboxes/{control.id}/events", stream=True, timeout=WAIT)
            for _ in range(app.feed.most)]  # fmt: skip
    try:
        for path in ("/events", "/faxes?wait=5s", "/requests?newer_than=9&wait=5s"):
            refused = requests.get(f"{control.root}/sandboxes/{control.id}{path}", timeout=WAIT)
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
            assert refused.json()["error"]["code"] == "too_many"
        assert sent()["state"] == "delivered"
    finally:
        for each in held:
            each.close()
    while (
        requests.get(f"{control.root}/sandboxes/{control.id}/faxes?wait=1ms&to=1", timeout=WAIT).status_code
        != 200
    ):
        pass  # the server notices one after the other that they have gone
    with stream(control, "?kind=state") as events:
        send(control, "ifax")
        assert next(events)["what"] == "received"


def test_unknown_kind_of_event_is_refused(control: Control) -> None:
    error = control.call("GET", f"/sandboxes/{control.id}/events?kind=stat", 400)["error"]
    assert (error["field"], error["message"].partition(";")[2][:20]) == ("kind", " did you mean state?")
