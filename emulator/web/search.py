"""What the list shows of a sandbox's faxes: one page of those that fit, and how many are in each state.

The control plane narrows by vendor, direction, state and number; words are looked for here, in so many faxes
at a time, so that a sandbox of 100,000 faxes is never read as a whole.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulator.web.plane import Plane

ROWS = 50
"""Faxes on a page of the list."""
LOOKED_AT = 1000
"""Faxes in which words are looked for before the reader is asked to go on."""
COUNTED = 300
"""The newest faxes, of which those in each state are counted."""

FILTERS = ("vendor", "direction", "to", "from", "state")
NUMBERS = ("to", "from")

Fax = Mapping[str, Any]


@dataclass(frozen=True)
class Search:
    """What the reader asked for; `text` is words that a fax must hold, `after` an earlier page's cursor."""

    filters: Mapping[str, str]
    text: str = ""
    after: str | None = None

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Search:
        """Read the query of a URL; a part of a number finds every number that holds it."""
        filters = {name: query[name].strip() for name in FILTERS if query.get(name, "").strip()}
        return cls(filters, query.get("text", "").strip(), query.get("after"))

    @property
    def narrow(self) -> bool:
        """Tell whether anything but the cursor was asked for."""
        return bool(self.filters or self.text)

    def given(self, **changes: str | None) -> dict[str, str]:
        """Give the query of a link to the same search with changes, from its first page."""
        query = {**self.filters, "text": self.text, **changes}
        return {name: value for name, value in query.items() if value}

    def wanted(self) -> dict[str, str]:
        """Give the filters as the control plane takes them."""
        return {name: _part(value) if name in NUMBERS else value for name, value in self.filters.items()}

    def fits(self, fax: Fax) -> bool:
        """Tell whether a fax holds every word."""
        held = _said(fax)
        return all(word in held for word in self.text.casefold().split())


@dataclass(frozen=True)
class Found:
    """Faxes, newest first; `more` is the next page's cursor, `looked_at` how many were read for this one."""

    faxes: list[Fax]
    more: str | None
    looked_at: int


def find(plane: Plane, sandbox: str, search: Search) -> Found:
    """Read one page of the faxes that fit."""
    faxes: list[Fax] = []
    after, looked_at = search.after, 0
    while True:
        page = plane.read(f"/sandboxes/{sandbox}/faxes", limit=ROWS, after=after, **search.wanted())
        faxes += filter(search.fits, page["faxes"])
        after, looked_at = page["next"], looked_at + len(page["faxes"])
        if after is None or len(faxes) >= ROWS or looked_at >= LOOKED_AT:
            return Found(faxes, after, looked_at)


def states(plane: Plane, sandbox: str, search: Search) -> tuple[Counter[str], bool]:
    """Count the newest faxes by state, whichever state was asked for; tell whether there are older ones."""
    wanted = search.wanted() | {"state": ""}
    page = plane.read(f"/sandboxes/{sandbox}/faxes", limit=COUNTED, **wanted)
    return Counter(fax["state"] for fax in page["faxes"]), page["next"] is not None


def _part(number: str) -> str:
    return number if set(number) & set("*?[") else f"*{''.join(filter(_dialled, number))}*"


def _dialled(character: str) -> bool:
    return character.isalnum() or character == "+"


def _said(fax: Fax) -> str:
    """Give the words of a fax but those of its timeline, in lower case."""
    told = {name: value for name, value in fax.items() if name != "timeline"}
    return json.dumps(told, ensure_ascii=False).casefold()
