"""A sandbox's history as a scenario file that makes the same lives again from the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.client import Fax as Seen
from emulator.client import Sandbox
from emulator.core.instants import iso
from emulator.replay.calls import call_of
from emulator.replay.history import History
from emulator.replay.names import Names, everywhere, own
from emulator.replay.order import order_of
from emulator.replay.outside import outside

JSON = dict[str, Any]
HEAD = "# Play it again: localfax replay FILE\n"


@dataclass(frozen=True)
class Event:
    """Something that somebody did from outside: at a virtual instant, in the order of the real ones."""

    at: float
    real_at: float
    number: int
    step: JSON

    @property
    def place(self) -> tuple[float, float, int]:
        return self.at, self.real_at, self.number


def recording(sandbox: Sandbox, name: str = "recording") -> str:
    """Write a sandbox's history as YAML."""
    import yaml

    text = yaml.safe_dump(recorded(sandbox, name), sort_keys=False, allow_unicode=True, width=120)
    return HEAD + text


def recorded(sandbox: Sandbox, name: str = "recording") -> JSON:
    """Give a sandbox's history as a scenario: its world, what was done when, and how each fax stands.

    Kept are all vendor calls, word for word, and what was done at the control plane: faxes received, cancels,
    settings, webhooks sent once more; what webhooks were answered, and the documents that were fetched. Of a
    fax whose call the journal has forgotten or cut, or that came by mail, the record makes a call that sends
    it; the purpose says how much is missing.
    """
    history, seen = History(sandbox.snapshot()), {fax.id: fax for fax in sandbox.faxes()}
    around = outside(history.snapshot, history.hooks)
    names = {vendor: Names(own(sandbox, vendor), around.aliases) for vendor in sandbox.vendors}
    places = Names({}, around.aliases)
    events = sorted(
        [*_calls(history, names, sandbox), *_acts(history, places), *_untold(history)],
        key=lambda event: event.place,
    )
    begun = events[0].at if events else history.now
    world: JSON = {
        "name": sandbox.data["name"],
        "seed": sandbox.seed,
        "now": iso(begun),
        "webhooks": False,
        "vendors": everywhere(places.hide, history.beginning),
    }
    return {
        "name": name[:100],
        "purpose": _purpose(history),
        "sandbox": world | ({"answers": around.answers} if around.answers else {}),
        "steps": [*_timed(events, begun), *_end(history, events[-1].at if events else begun)],
        "expect": [_expected(seen[fax.id]) for fax in history.faxes],
    }


def _purpose(history: History) -> str:
    told = "What happened once in a sandbox."
    if history.cut:
        told += f" Not word for word, as their bodies were too long to keep: {len(history.cut)} calls."
    if forgotten := [f"{count} {journal}" for journal, count in sorted(history.dropped.items())]:
        told += f" Forgotten by the journals: {', '.join(forgotten)}."
    return told


def _calls(history: History, names: Mapping[str, Names], sandbox: Sandbox) -> Iterator[Event]:
    for number, entry in enumerate(history.calls):
        if (content := history.content(entry)) is None:
            continue
        made, vendor = history.made(entry), entry["vendor"]
        at = made[0].created_at if made else entry["at"]
        step = call_of(entry, content, made, names[vendor], list(sandbox.credentials(vendor)))
        yield _event(at, entry["real_at"], number, step)


def _acts(history: History, places: Names) -> Iterator[Event]:
    for number, entry in enumerate(history.acts):
        step = ACTS[entry["act"]](history, places, entry)
        yield _event(_instant(history, entry), entry["real_at"], number, step)


def _untold(history: History) -> Iterator[Event]:
    for fax, real_at in history.untold():
        yield _event(fax.created_at, real_at, fax.sequence, order_of(fax, history.document(fax)))


def _instant(history: History, act: JSON) -> float:
    """Give when an act took effect: on a clock that runs that is a little later than it began."""
    fax = history.fax(act["fax"]) if act.get("fax") in history.places else None
    moments = {"receive_fax": fax and fax.created_at, "cancel_fax": fax and fax.finished_at}
    return moments.get(act["act"]) or float(act["at"])


def _event(at: float, real_at: float, number: int, step: JSON) -> Event:
    return Event(round(at, 3), real_at, number, step)


def _received(history: History, names: Names, entry: JSON) -> JSON:
    fax = history.fax(entry["fax"])
    return order_of(fax, None if entry["drawn"] else history.document(fax))


ACTS: Mapping[str, Callable[[History, Names, JSON], JSON]] = {
    "receive_fax": _received,
    "cancel_fax": lambda history, names, entry: {"cancel": history.places[entry["fax"]]},
    "replay_webhook": lambda history, names, entry: {"redeliver": entry["delivery"]},
    "change_vendor": lambda history, names, entry: {
        "settings": {"vendor": entry["vendor"], "change": everywhere(names.hide, entry["change"])}
    },
}
"""The step of each act of the control plane's journal."""


def _timed(events: list[Event], at: float) -> Iterator[JSON]:
    for event in events:
        yield from _advance(event.at - at)
        yield event.step
        at = event.at


def _advance(seconds: float) -> list[JSON]:
    return [{"advance": f"{seconds:.3f}s"}] if round(seconds, 3) > 0 else []


def _end(history: History, at: float) -> list[JSON]:
    """Go on to the end, or as far as the sandbox had come."""
    if history.waits:
        return _advance(history.now - at)
    return [{"advance": "idle"}] if history.faxes else []


def _expected(fax: Seen) -> JSON:
    found = {
        "state": fax.state,
        "outcome": fax.outcome,
        "attempts": len(fax.attempts),
        "pages": fax.pages,
        "sent": fax.pages_sent,
        "code": fax.vendor_code,
    }
    return {name: value for name, value in found.items() if value is not None}
