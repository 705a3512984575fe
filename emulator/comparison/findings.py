"""Differences counted by where they are, each with what the emulator knew and how much it matters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.comparison.difference import Difference, Kind
from emulator.core.dialect.vendor import Vendor
from emulator.core.dialect.words import Evidence
from emulator.overlays.overlay import Occasion
from emulator.traffic.endpoints import endpoint_named

BREAKS, MATTERS, SLIGHT = "breaks", "matters", "slight"
SEVERITY: dict[Kind, str] = {
    Kind.status: BREAKS,
    Kind.missing: BREAKS,
    Kind.renamed: BREAKS,
    Kind.type: BREAKS,
    Kind.word: BREAKS,
    Kind.code: BREAKS,
    Kind.webhook: BREAKS,
    Kind.body: BREAKS,
    Kind.identity: BREAKS,
    Kind.value: MATTERS,
    Kind.order: MATTERS,
    Kind.rows: MATTERS,
    Kind.retry: MATTERS,
    Kind.header: MATTERS,
    Kind.text: SLIGHT,
    Kind.extra: SLIGHT,
    Kind.timing: SLIGHT,
}
"""How much a difference matters to an application that was written against the emulator."""
FAXES = "faxes"
"""Where a finding stands that is of no one endpoint."""
_LONGEST = 100
"""Characters of a value that are shown."""
_ORDER = (BREAKS, MATTERS, SLIGHT)


@dataclass(frozen=True)
class Differing:
    """A difference where it was met: at an endpoint or in a webhook's event, on an occasion, at a place."""

    vendor: str
    where: str
    webhook: bool
    occasion: Occasion
    place: str
    difference: Difference
    pace: float = 1.0
    fax: str = ""
    state: str | None = None
    longer: float = 0.0
    """Of a timing: how much the calls of its fax must be stretched; or which state lasts how much longer."""


@dataclass(frozen=True)
class Finding:
    """A difference that was met once or often; `places` are entries of the recording."""

    vendor: str
    where: str
    webhook: bool
    difference: Difference
    occasions: tuple[Occasion, ...]
    places: tuple[str, ...]
    evidence: str
    source: str

    @property
    def severity(self) -> str:
        return SEVERITY[self.difference.kind]

    @property
    def title(self) -> str:
        """Where it is: the endpoint or the event, and the path in it."""
        return f"{'webhook ' if self.webhook else ''}{self.where}"

    def __str__(self) -> str:
        each = self.difference
        return SENTENCES[each.kind].format(
            path=each.where or "the body", ours=_shown(each.ours), theirs=_shown(each.theirs)
        )

    @property
    def basis(self) -> str:
        """What the emulator went by."""
        return f"{self.evidence}: your account says otherwise ({self.source})"

    @property
    def told(self) -> dict[str, Any]:
        """The finding as plain data."""
        each = self.difference
        return {
            "vendor": self.vendor,
            "webhook" if self.webhook else "endpoint": self.where,
            "kind": each.kind.value,
            "path": each.where,
            "ours": _plain(each.ours),
            "theirs": _plain(each.theirs),
            "severity": self.severity,
            "says": str(self),
            "evidence": self.evidence,
            "source": self.source,
            "occasions": [str(one) for one in self.occasions],
            "count": len(self.places),
            "places": list(self.places),
        }


SENTENCES: dict[Kind, str] = {
    Kind.status: "HTTP {theirs}, not {ours}",
    Kind.header: "header {path} is {theirs}, not {ours}",
    Kind.missing: "{path} is missing",
    Kind.extra: "{path} is there too: {theirs}",
    Kind.renamed: "{path} is called {theirs}",
    Kind.type: "{path} is a {theirs}, not a {ours}",
    Kind.word: "{path} is {theirs}, a word that no table has, not {ours}",
    Kind.code: "{path} is {theirs}, not {ours}",
    Kind.text: "{path} says '{theirs}', not '{ours}'",
    Kind.value: "{path} is {theirs}, not {ours}",
    Kind.order: "{path} is in the reverse order",
    Kind.rows: "{path} has {theirs} rows, not {ours}",
    Kind.identity: "{path} is the id of another thing than the emulator's",
    Kind.body: "the body is {theirs}, not {ours}",
    Kind.timing: "{path} after {theirs}, not {ours}",
    Kind.retry: "tries after {theirs}, not {ours}",
    Kind.webhook: "{theirs}, not {ours}",
}
"""What a difference is in a sentence."""


def _shown(value: Any) -> str:
    if isinstance(value, tuple):  # waits between tries, and whether they are all
        return ", ".join(f"{wait:g} s" for wait in value[0]) or "none"
    if value is None:
        return "none"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _plain(value: Any) -> Any:
    return list(value[0]) if isinstance(value, tuple) else value


def gather(vendor: Vendor, found: Iterable[Differing]) -> list[Finding]:
    """Count the same differences as one, those that break most first."""
    groups: dict[tuple[Any, ...], list[Differing]] = {}
    for each in found:
        groups.setdefault(_key(each), []).append(each)
    made = [_finding(vendor, group) for group in groups.values()]
    return sorted(made, key=lambda each: (_ORDER.index(each.severity), each.webhook, each.where))


_ONCE = frozenset({Kind.missing, Kind.extra, Kind.identity, Kind.timing})
"""Differences that are one, whatever stands there."""


def _key(each: Differing) -> tuple[Any, ...]:
    one = each.difference
    said = () if one.kind in _ONCE else (repr(one.ours), repr(one.theirs))
    return (each.where, each.webhook, one.kind, one.path, *said)


def _finding(vendor: Vendor, group: Sequence[Differing]) -> Finding:
    first = group[0]
    evidence, source = _evidence(vendor, first)
    occasions = tuple(dict.fromkeys(each.occasion for each in group))
    places = tuple(dict.fromkeys(each.place for each in group))
    return Finding(
        first.vendor, first.where, first.webhook, first.difference, occasions, places, evidence, source
    )


def _evidence(vendor: Vendor, each: Differing) -> tuple[str, str]:
    """The row of the tables that the emulator went by: the word's own, else the endpoint's or event's."""
    if each.where == FAXES:
        return Evidence.assumed.value, "the emulator's model of a telephone call"
    wanted = str(each.difference.ours)
    if each.difference.kind in (Kind.word, Kind.code, Kind.text, Kind.value):
        for name, rows in vendor.tables.items():
            for row in rows if name != "switches" else ():
                if wanted in (row.word, row.text, str(row.code)):
                    return row.evidence.value, f"{name}: {row.source}"
    if each.webhook:
        told = next((row for row in vendor.tables.get("webhooks", ()) if row.word == each.where), None)
        return (told.evidence.value, told.source) if told else (Evidence.assumed.value, "webhooks")
    found = endpoint_named(vendor, each.where)
    return (found.evidence.value, found.source) if found else (Evidence.assumed.value, "no such endpoint")
