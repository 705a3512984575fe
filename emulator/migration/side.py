"""One scenario at one vendor: every word that an application would hear, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emulator.core.instants import iso
from emulator.migration.adapting import adapt
from emulator.replay.play import make_sandbox, play
from emulator.scenarios.fields import parse_duration
from emulator.vendors import all_vendors
from localfax import Entry, Fax, Localfax, Sandbox
from localfax.receiver import Receiver


@dataclass(frozen=True)
class Spell:
    """From when on the vendor said something of a fax, in seconds from its beginning."""

    after: float
    state: str
    code: str | None
    text: str | None


@dataclass(frozen=True)
class Heard:
    """A webhook: its event, when it came, how it was written, what it held, when it would be tried again."""

    event: str
    after: float
    how: str
    data: Mapping[str, Any]
    waits: Sequence[float]


@dataclass(frozen=True)
class SeenFax:
    """A fax as its application sees it; `answer` is that of the submit."""

    submit: str
    answer: Any
    spells: Sequence[Spell]
    calls: int
    sent: int
    webhooks: Sequence[Heard]


@dataclass
class Side:
    """A scenario at one vendor; `lacks` is what has no counterpart there, `wrong` what did not hold."""

    vendor: str
    faxes: list[SeenFax] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Watched(Sandbox):
    """A sandbox whose clock stops at certain instants, where each fax is looked at."""

    def __init__(self, sandbox: Sandbox, stops: Sequence[float] = ()) -> None:
        super().__init__(sandbox.connection, sandbox.data)
        self.stops = list(stops)
        self.spells: dict[str, list[Spell]] = {}

    def advance(
        self, by: str | float | None = None, *, to: str | None = None, until: Any = None
    ) -> list[Entry]:
        """Advance, with a look at every stop on the way."""
        target = None if by is None else self._now() + parse_duration(by)
        while self.stops and (target is None or self.stops[0] <= target):
            super().advance(to=iso(max(self.stops.pop(0), self._now())))
            self.look()
        found = super().advance(to=iso(target)) if target is not None else super().advance(to=to, until=until)
        self.look()
        return found

    def _now(self) -> float:
        return _instant(self.clock()["now"])

    def look(self) -> None:
        """Note what the vendor says of each fax, where that is something new."""
        for fax in self.faxes():
            view, said = fax.data["vendor_view"], self.spells.setdefault(fax.id, [])
            now = self._now() - _instant(fax.data["created_at"])
            spell = Spell(round(now, 3), view["state"], view["code"], view["text"])
            if not said or (said[-1].state, said[-1].code) != (spell.state, spell.code):
                said.append(spell)


def play_side(server: Localfax, scenario: Mapping[str, Any], name: str) -> Side:
    """Play a scenario at a vendor: once to learn when something happens, once more to look then."""
    own, lacks = adapt(scenario, all_vendors()[name])
    side = Side(name, lacks=lacks)
    with Receiver() as receiver:
        first = Watched(make_sandbox(server, own, receiver))
        side.wrong = list(play(first, own, name, receiver).problems)
        stops = sorted(
            {_instant(each.at) for fax in first.faxes() for each in fax.timeline if each.kind == "state"}
        )
        first.delete()
    with Receiver() as receiver:
        sandbox = Watched(make_sandbox(server, own, receiver), stops)
        play(sandbox, own, name, receiver)
        sandbox.look()
        side.faxes = [_seen(sandbox, fax) for fax in reversed(sandbox.faxes())]
        if not side.faxes:
            side.faxes = [_refused(sandbox)]
        sandbox.delete()
    return side


def _seen(sandbox: Watched, fax: Fax) -> SeenFax:
    submit, answer = _submit(sandbox, fax.id)
    return SeenFax(
        submit,
        answer,
        sandbox.spells.get(fax.id, []),
        len(fax.attempts),
        fax.pages_sent,
        _webhooks(sandbox, fax),
    )


def _refused(sandbox: Watched) -> SeenFax:
    submit, answer = _submit(sandbox, None)
    return SeenFax(submit, answer, (), 0, 0, ())


def _submit(sandbox: Watched, fax: str | None) -> tuple[str, Any]:
    """Find what the request was answered that made a fax; for none that of the first request."""
    rows = [each.data for each in reversed(sandbox.requests())]
    made = next((row for row in rows if fax is None or row["matched"]["fax"] == fax), None)
    if made is None:
        return "none: somebody faxed us", None
    try:
        answer = json.loads(made["answer"])
    except ValueError:
        answer = made["answer"] or None
    fault = made.get("fault") or {}
    return ("no answer" if fault.get("drop") else f"HTTP {made['status']}"), answer


def _webhooks(sandbox: Watched, fax: Fax) -> list[Heard]:
    rules = {
        row["id"]: row.get("rule", {}) for row in sandbox.snapshot()["items"] if row["kind"] == "delivery"
    }
    begun = _instant(fax.data["created_at"])
    found = []
    for each in reversed(sandbox.webhooks(fax=fax.id)):
        row, request = each.data, each.data["request"]
        at = row["attempts"][0]["at"] if row["attempts"] else row["created_at"]
        rule = rules.get(row["id"], {})
        waits = _waits(rule.get("retries", 0), rule.get("delays", ()))
        how = f"{request['method']} {request['encoding']}" + (
            " with the document" if request["files"] else ""
        )
        found.append(Heard(row["event"], round(_instant(at) - begun, 3), how, request["fields"], waits))
    return found


def _waits(retries: int, delays: Sequence[float]) -> list[float]:
    return [delays[min(number, len(delays) - 1)] for number in range(retries)] if delays else []


def _instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
