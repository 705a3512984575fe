"""Server-sent events of everything that happens in a sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from itertools import count
from typing import Any

from flask import Response

from emulator.control.answers import query, the_program, the_world
from emulator.control.route import Route
from emulator.control.schemas import EVENT_KINDS, EventQuery
from emulator.control.views import clock_view, entry_view
from emulator.core.engine.courier import post_entry
from emulator.core.engine.engine import LivingWorld
from emulator.core.faxes.fax import Fax
from emulator.core.instants import iso
from emulator.core.sandbox import Clock
from emulator.core.webhooks.delivery import Delivery
from emulator.watch.feed import Subscription
from emulator.watch.near import misses_of
from emulator.watch.refusals import is_refused, reason_of

SentEvent = tuple[str, dict[str, Any]]


def read_events(sandbox: str) -> Response:
    wanted = query(EventQuery)
    world = the_world(sandbox)
    stack = ExitStack()
    subscription = stack.enter_context(the_program().feed.subscribe(sandbox))
    stream = EventStream(subscription, stack, wanted.get("kind"), world)
    answer = Response(mimetype="text/event-stream", direct_passthrough=True)
    answer.response = stream  # type: ignore[assignment]  # which the server reads when there is news
    answer.headers["Cache-Control"] = "no-store"
    return answer


class EventStream:
    """An answer that the server reads whenever it is told that there is news; see its `Stream`."""

    heartbeat = b": still here\n\n"

    def __init__(
        self, subscription: Subscription, stack: ExitStack, kind: str | None, world: LivingWorld
    ) -> None:
        self._subscription = subscription
        self._stack = stack
        self._kind = kind
        self._world = world
        self._numbers = count(1)
        self._greeting = b": listening\n\n"

    @property
    def ended(self) -> bool:
        return self._subscription.closed

    def attach(self, wake: Callable[[], None]) -> None:
        self._subscription.wake = wake

    def read(self) -> bytes:
        pieces, self._greeting = [self._greeting], b""
        for kind, thing in self._subscription.take_all():
            for name, data in EVENTS[kind](thing, self._world):
                if self._kind in (None, name):
                    data["dropped"] = self._subscription.dropped
                    line = f"id: {next(self._numbers)}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
                    pieces.append(line.encode())
        return b"".join(pieces)

    def keep(self) -> None:
        """Say to other processes that somebody still listens."""
        self._subscription.listens()

    def close(self) -> None:
        self._stack.close()


def _fax(change: tuple[Fax | None, Fax], world: LivingWorld) -> Iterable[SentEvent]:
    before, after = change
    seen = len(before.timeline) if before else 0
    for entry in after.timeline[seen:]:
        yield (
            entry.kind,
            {"vendor": after.vendor, "direction": after.direction.value, **entry_view(entry, after.id)},
        )


def _delivery(delivery: Delivery, world: LivingWorld) -> Iterable[SentEvent]:
    entry = post_entry(delivery, delivery.attempts[-1])
    yield "webhook", {"vendor": delivery.vendor, **entry_view(entry, delivery.fax)}


def _request(entry: dict[str, Any], world: LivingWorld) -> Iterable[SentEvent]:
    shown = {
        name: entry[name] for name in ("vendor", "method", "path", "endpoint", "fax", "status", "seconds")
    }
    if is_refused(entry):
        shown["why"] = reason_of(entry, misses_of(world, entry))
    yield "request", {"at": iso(entry["at"]), "kind": "request", **shown}


def _clock(clock: Clock, world: LivingWorld) -> Iterable[SentEvent]:
    shown = clock_view(clock, world.real())
    yield "clock", {"at": shown["now"], "kind": "clock", **shown}


def _settings(vendor: str, world: LivingWorld) -> Iterable[SentEvent]:
    yield "settings", {"kind": "settings", "vendor": vendor}


def _sandbox(word: str, world: LivingWorld) -> Iterable[SentEvent]:
    yield "sandbox", {"kind": "sandbox", "what": word}


def _scenarios(word: str, world: LivingWorld) -> Iterable[SentEvent]:
    yield "scenarios", {"kind": "scenarios", "what": word}


EVENTS: dict[str, Callable[[Any, LivingWorld], Iterable[SentEvent]]] = {
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
