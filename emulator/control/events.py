"""Server-sent events of everything that happens in a sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

from flask import Response, request

from emulator.control.answers import ASIDE_KEY, CLOSED_KEY, query, the_program, the_world
from emulator.control.route import Route
from emulator.control.schemas import EVENT_KINDS, EventQuery
from emulator.control.views import clock_view, entry_view
from emulator.core.engine.courier import post_entry
from emulator.core.faxes.fax import Fax
from emulator.core.instants import iso
from emulator.core.sandbox import Clock
from emulator.core.webhooks.delivery import Delivery
from emulator.watch.feed import Subscription

HEARTBEAT = 15.0
"""Real seconds of silence after which a comment is sent, so that a client that has gone is noticed."""

SentEvent = tuple[str, dict[str, Any]]


def read_events(sandbox: str) -> Response:
    wanted = query(EventQuery)
    world = the_world(sandbox)
    stack = ExitStack()
    subscription = stack.enter_context(the_program().feed.subscribe(sandbox))
    request.environ.get(CLOSED_KEY, _ignore)(subscription.close)
    aside = request.environ.get(ASIDE_KEY)
    lines = _stream(subscription, stack, aside, wanted.get("kind"), world.real)
    answer = Response(_Closing(lines, stack), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    return answer


class _Closing:
    """An iterable that lets go of what it holds even when it was never begun."""

    def __init__(self, lines: Generator[bytes, None, None], stack: ExitStack) -> None:
        self.lines = lines
        self.stack = stack

    def __iter__(self) -> Iterator[bytes]:
        return self.lines

    def close(self) -> None:
        self.lines.close()
        self.stack.close()


def _ignore(callback: Callable[[], None]) -> None:
    """Do nothing: this server does not tell when a client goes."""


def _stream(
    subscription: Subscription, stack: ExitStack, aside: Any, kind: str | None, real: Callable[[], float]
) -> Generator[bytes, None, None]:
    if aside is not None:
        stack.enter_context(aside())
    numbers = count(1)
    yield b": listening\n\n"
    while not subscription.closed:
        news = subscription.take(HEARTBEAT)
        if news is None:
            yield b": still here\n\n"
            continue
        for name, data in EVENTS[news[0]](news[1], real):
            if kind in (None, name):
                data["dropped"] = subscription.dropped
                yield f"id: {next(numbers)}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode()


def _fax(change: tuple[Fax | None, Fax], real: Callable[[], float]) -> Iterable[SentEvent]:
    before, after = change
    seen = len(before.timeline) if before else 0
    for entry in after.timeline[seen:]:
        yield (
            entry.kind,
            {"vendor": after.vendor, "direction": after.direction.value, **entry_view(entry, after.id)},
        )


def _delivery(delivery: Delivery, real: Callable[[], float]) -> Iterable[SentEvent]:
    entry = post_entry(delivery, delivery.attempts[-1])
    yield "webhook", {"vendor": delivery.vendor, **entry_view(entry, delivery.fax)}


def _request(entry: dict[str, Any], real: Callable[[], float]) -> Iterable[SentEvent]:
    shown = {
        name: entry[name] for name in ("vendor", "method", "path", "endpoint", "fax", "status", "seconds")
    }
    yield "request", {"at": iso(entry["at"]), "kind": "request", **shown}


def _clock(clock: Clock, real: Callable[[], float]) -> Iterable[SentEvent]:
    shown = clock_view(clock, real())
    yield "clock", {"at": shown["now"], "kind": "clock", **shown}


def _settings(vendor: str, real: Callable[[], float]) -> Iterable[SentEvent]:
    yield "settings", {"kind": "settings", "vendor": vendor}


def _sandbox(word: str, real: Callable[[], float]) -> Iterable[SentEvent]:
    yield "sandbox", {"kind": "sandbox", "what": word}


def _scenarios(word: str, real: Callable[[], float]) -> Iterable[SentEvent]:
    yield "scenarios", {"kind": "scenarios", "what": word}


EVENTS: dict[str, Callable[[Any, Callable[[], float]], Iterable[SentEvent]]] = {
    "fax": _fax,
    "delivery": _delivery,
    "request": _request,
    "clock": _clock,
    "settings": _settings,
    "sandbox": _sandbox,
    "scenarios": _scenarios,
}

ROUTES = (
    Route(
        "GET", "/sandboxes/<sandbox>/events", read_events,
        f"Stream what happens from now on as server-sent events: {', '.join(EVENT_KINDS)}.",
        query=EventQuery, statuses=(200, 400, 404, 503), media=("text/event-stream",),
    ),
)  # fmt: skip
