"""The faxes that somebody looks for: by what they are, and by the words that are said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from emulator.core.dialect.moment import Moment, Scene
from emulator.core.engine.engine import LivingWorld
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.numbers import normalise

READ_AHEAD = 200
"""Faxes read from the store at a time while filtering."""
LOOKED_AT = 2000
"""Faxes that one request looks at; the next page's cursor goes on behind them."""
MOST_SAID = 4000
"""Characters of one text of a fax in which words are looked for."""

_DIALLED = re.compile(r"[\d\s()+./-]{3,}", re.ASCII)

Wanted = Mapping[str, Any]


@dataclass(frozen=True)
class FoundFaxes:
    """Faxes that fit, newest first, after a look at so many; behind the cursor `next` there may be more."""

    faxes: list[Fax]
    next: int | None = None
    looked_at: int = 0


@dataclass(frozen=True)
class Search:
    """What to look for in a sandbox: `wanted` holds the filters of the list's query, its limit and cursor."""

    world: LivingWorld
    wanted: Wanted
    scenes: dict[str, Scene] = field(default_factory=dict)
    """By vendor, once it was asked for."""

    def page(self, most: int | None = LOOKED_AT) -> FoundFaxes:
        """A page of the faxes that fit, after a look at `most` of them."""
        limit, found, last, looked_at = self.wanted["limit"], list[Fax](), 0, -1
        for looked_at, fax in enumerate(self._listed()):
            if looked_at == most:
                return FoundFaxes(found, last, looked_at)
            if self.fits(fax):
                if len(found) == limit:
                    return FoundFaxes(found, found[-1].sequence, looked_at)
                found.append(fax)
            last = fax.sequence
        return FoundFaxes(found, None, looked_at + 1)

    def _listed(self) -> Iterator[Fax]:
        name = f"{Fax.kind}/{self.wanted['vendor']}" if "vendor" in self.wanted else Fax.kind
        after, size = self.wanted.get("after"), self.wanted["limit"] + 1
        while rows := self.world.list(Fax, name, after=after, limit=size):
            yield from rows
            after, size = rows[-1].sequence, READ_AHEAD

    def fits(self, fax: Fax) -> bool:
        """Tell whether a fax is one of those wanted."""
        wanted = self.wanted
        return (
            wanted.get("vendor") in (None, fax.vendor)
            and wanted.get("direction") in (None, fax.direction)
            and wanted.get("state") in (None, fax.state)
            and fax.created_at >= wanted.get("since", fax.created_at)
            and _like(wanted.get("to"), fax.to)
            and _like(wanted.get("sender"), fax.sender)
            and self._holds(wanted.get("text"), fax)
        )

    def _holds(self, text: str | None, fax: Fax) -> bool:
        """Tell whether every word of the text, or the number that it is, is said of a fax."""
        if not text:
            return True
        if fax.vendor not in self.scenes:
            self.scenes[fax.vendor] = self.world.scene(fax.vendor)
        said = _said(self.scenes[fax.vendor].of(fax))
        number = re.sub(r"\D", "", text) if _DIALLED.fullmatch(text) else ""
        return (number != "" and number in said) or all(word in said for word in text.casefold().split())


def _like(wanted: str | None, number: str) -> bool:
    if wanted is None or wanted == number:
        return True
    return fnmatchcase(number, wanted) if set(wanted) & set("*?[") else normalise(wanted) == number


def _said(moment: Moment) -> str:
    """The texts of a fax in lower case: its own, those that the client sent, the vendor's words."""
    fax, view = moment.fax, moment.vendor.told(moment)
    told = [
        (fax.id, fax.vendor, fax.vendor_id, fax.names, fax.direction, fax.to, fax.sender, fax.scenario),
        (fax.state, fax.outcome, fax.code, fax.problem, view.state, view.code, view.text),
        (fax.document, fax.document_name, fax.source and fax.source.request.url),
        [(call.outcome, call.code, call.csid) for call in fax.attempts],
        fax.details,
    ]
    return "\n".join(_texts(told)).casefold()


def _texts(found: list[Any]) -> Iterator[str]:
    """The texts within plain data, however deeply nested."""
    while found:
        each = found.pop()
        if isinstance(each, str):
            yield each[:MOST_SAID]
        elif isinstance(each, int) and not isinstance(each, bool):
            yield str(each)
        elif isinstance(each, Mapping):
            found += each.values()
        elif isinstance(each, (tuple, list)):
            found += each
