"""Two sides of a scenario beside each other: what an application would see differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import Any

from emulator.core.dialect.recorded import Recorded, Sense
from emulator.core.paths import dotted, leaves
from emulator.migration.side import Heard, SeenFax, Side
from emulator.vendors import all_vendors

NOTHING = "no counterpart"
_TOLD: Mapping[Sense, str] = {
    Sense.id: "id",
    Sense.state: "state",
    Sense.code: "code",
    Sense.said: "text",
    Sense.pages: "pages",
    Sense.sent: "pages sent",
    Sense.to: "called number",
    Sense.sender: "calling number",
    Sense.seconds: "duration",
    Sense.instant: "instants",
    Sense.money: "price",
    Sense.document: "document",
}
"""What an application looks for, by the sense of the keys that hold it."""


@dataclass(frozen=True)
class SideBySide:
    """One thing as both vendors have it."""

    what: str
    ours: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.ours != self.theirs


@dataclass(frozen=True)
class Migrated:
    """One scenario at two vendors."""

    name: str
    purpose: str
    before: Side
    after: Side

    def lines(self) -> list[SideBySide]:
        """Everything that an application sees, line by line."""
        return [*self._lacks(), *(line for pair in self._pairs() for line in pair)]

    def _lacks(self) -> Iterator[SideBySide]:
        for name in ("lacks", "wrong"):
            mine, other = ("; ".join(getattr(side, name)) for side in (self.before, self.after))
            if mine or other:
                yield SideBySide(
                    {"lacks": NOTHING, "wrong": "not as expected"}[name], mine or "-", other or "-"
                )

    def _pairs(self) -> Iterator[list[SideBySide]]:
        pairs = list(zip_longest(self.before.faxes, self.after.faxes))
        for place, (mine, other) in enumerate(pairs, start=1):
            start = f"fax {place}: " if len(pairs) > 1 else ""
            yield list(self._fax(start, mine, other))

    def _fax(self, start: str, mine: SeenFax | None, other: SeenFax | None) -> Iterator[SideBySide]:
        views = [_Look(side.vendor, seen) for side, seen in ((self.before, mine), (self.after, other))]
        for what in (
            "submit",
            "words",
            "end",
            "calls",
            "pages sent",
            "webhooks",
            "tried again after",
            "order",
        ):
            yield SideBySide(start + what, *(view.told(what) for view in views))
        for part in ("answer", "webhook"):
            for sense, word in _TOLD.items():
                keys = [view.keys(part, sense) for view in views]
                if any(keys):
                    yield SideBySide(f"{start}{part}: {word}", *(each or NOTHING for each in keys))


class _Look:
    def __init__(self, vendor: str, seen: SeenFax | None) -> None:
        self.recorded = all_vendors()[vendor].recorded or Recorded("")
        self.seen = seen

    def told(self, what: str) -> str:
        """One thing in a few words."""
        if self.seen is None:
            return NOTHING
        return self._submit(self.seen) if what == "submit" else str(_TELL[what](self.seen))

    def _submit(self, seen: SeenFax) -> str:
        said = (leaf for leaf in leaves(seen.answer) if leaf.value not in (None, ""))
        words = (
            str(leaf.value) for leaf in said if self._sense(leaf.above, leaf.key) in (Sense.code, Sense.said)
        )
        return ", ".join(dict.fromkeys([seen.submit, *words]))

    def keys(self, part: str, sense: Sense) -> str:
        """The keys under which an answer or the last webhook has something."""
        if self.seen is None:
            return ""
        webhooks = self.seen.webhooks
        data = self.seen.answer if part == "answer" else webhooks[-1].data if webhooks else None
        found = [leaf for leaf in leaves(data) if self._sense(leaf.above, leaf.key) is sense]
        if sense is Sense.id:  # an application keeps the fax's own
            found = [leaf for leaf in found if leaf.key in self.recorded.faxes]
        return ", ".join(dict.fromkeys(dotted(leaf.path) for leaf in found))

    def _sense(self, above: str, key: str) -> Sense | None:
        return self.recorded.sense(None, above, key)


def _words(seen: SeenFax) -> str:
    runs = [next(group) for _, group in groupby(seen.spells, key=lambda each: each.state)]
    return ", ".join(f"{each.state} {each.after:g} s" for each in runs) or "none"


def _end(seen: SeenFax) -> str:
    last = seen.spells[-1] if seen.spells else None
    if last is None:
        return "no fax"
    said = [last.state, *(part for part in (last.code, last.text) if part)]
    return ", ".join(dict.fromkeys(said))


def _webhooks(seen: SeenFax) -> str:
    return "; ".join(f"{each.event} {each.after:g} s ({each.how})" for each in seen.webhooks) or "none"


def _waits(seen: SeenFax) -> str:
    waits = seen.webhooks[-1].waits if seen.webhooks else ()
    runs = [(wait, len(list(group))) for wait, group in groupby(waits)]
    return (
        ", ".join(f"{count} times {wait:g} s" if count > 1 else f"{wait:g} s" for wait, count in runs)
        or "never"
    )


def _order(seen: SeenFax) -> str:
    """The order in which answer, words and webhooks come."""
    events: list[tuple[float, int, str]] = [(0.0, 1, "answer")]
    events += [(each.after, 2, each.state) for each in seen.spells]
    events += [(each.after, 3, f"webhook {each.event}") for each in seen.webhooks]
    if any(_early(each) for each in seen.webhooks):
        events[0] = (0.0, 9, "answer")
    told = [what for _, _, what in sorted(events, key=lambda each: each[:2])]
    return " → ".join(what for what, _ in groupby(told))


def _early(heard: Heard) -> bool:
    return heard.after <= 0


_TELL: Mapping[str, Any] = {
    "words": _words,
    "end": _end,
    "calls": lambda seen: str(seen.calls),
    "pages sent": lambda seen: str(seen.sent),
    "webhooks": _webhooks,
    "tried again after": _waits,
    "order": _order,
}
