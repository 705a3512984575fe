"""What differs between a recorded message and ours, value by value, each by the sense of its key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from emulator.comparison.history import Chronicle
from emulator.comparison.mapping import Mapper
from emulator.core.dialect.recorded import Sense
from emulator.core.dialect.vendor import Vendor
from emulator.core.faxes.numbers import normalise
from emulator.core.paths import ROW, KeyPath, dotted, leaves, named
from emulator.traffic.body import Mark
from emulator.traffic.exchange import Spoken
from emulator.traffic.headers import BY_VALUE, MATTERS
from emulator.traffic.pseudonyms import MADE
from emulator.vendors import all_vendors


class Kind(StrEnum):
    """What kind of difference it is."""

    status = "status"
    header = "header"
    missing = "missing"
    extra = "extra"
    renamed = "renamed"
    type = "type"
    word = "word"
    code = "code"
    text = "text"
    value = "value"
    order = "order"
    rows = "rows"
    identity = "identity"
    body = "body"
    timing = "timing"
    retry = "retry"
    webhook = "webhook"


@dataclass(frozen=True)
class Difference:
    """One thing that differs: where, what we have, what the account has."""

    kind: Kind
    path: KeyPath
    ours: Any = None
    theirs: Any = None
    sense: Sense | None = None
    values: tuple[Any, Any] | None = None
    """Of two words of different types: ours and theirs."""

    @property
    def where(self) -> str:
        """The path as it is read."""
        return dotted(self.path)


_TYPES: Mapping[type, str] = {
    dict: "object", list: "list", str: "text", bool: "truth value", int: "number", float: "number",
    type(None): "null",
}  # fmt: skip
_LOOSE = frozenset({
    Sense.id, Sense.secret, Sense.instant, Sense.seconds, Sense.money, Sense.url, Sense.hook, Sense.whatever,
    Sense.document, Sense.file, Sense.mail,
})  # fmt: skip
"""Senses of which only the type is compared: another world has other ones."""
_NUMBERS = frozenset({Sense.to, Sense.sender, Sense.number})
_WORDS: Mapping[Sense, Kind] = {Sense.said: Kind.text, Sense.code: Kind.code, Sense.state: Kind.code}


@cache
def known_words(vendor: str) -> frozenset[str]:
    """Every word of a vendor's tables, and every number that stands for one on the wire."""
    rows = [row for table in all_vendors()[vendor].tables.values() for row in table]
    codes = {str(row.code) for row in rows if row.code is not None}
    statuses = {str(row.status) for row in rows if row.status is not None}
    return frozenset({row.word for row in rows} | {row.text for row in rows} | codes | statuses)


class Differ:
    """Compares the messages of one endpoint or event, and learns which ids stand for the same."""

    def __init__(self, history: Chronicle, mapper: Mapper, endpoint: str | None) -> None:
        self.recorded, self.vendor = history.recorded, history.vendor
        self.history, self.mapper, self.endpoint = history, mapper, endpoint

    def compare(self, theirs: Any, ours: Any, path: KeyPath = ()) -> list[Difference]:
        """Compare two values, and all that is in them."""
        return list(self._values(theirs, ours, path))

    def headers(self, theirs: Spoken, ours: Spoken) -> list[Difference]:
        """Compare the headers that matter."""
        wanted = MATTERS | self.recorded.headers
        mine, other = _table(ours, wanted), _table(theirs, wanted)
        found = [
            Difference(Kind.header, (name,), mine.get(name), other.get(name))
            for name in sorted({*mine, *other})
        ]
        return [each for each in found if (each.path[0] in BY_VALUE and each.ours != each.theirs)
                or (each.ours is None) is not (each.theirs is None)]  # fmt: skip

    def _sense(self, path: KeyPath) -> Sense | None:
        key, above = named(path)
        return self.recorded.sense(self.endpoint, above, key)

    def _values(self, theirs: Any, ours: Any, path: KeyPath) -> Iterator[Difference]:
        if isinstance(theirs, dict) and isinstance(ours, dict):
            yield from self._objects(theirs, ours, path)
        elif isinstance(theirs, list) and isinstance(ours, list):
            yield from self._lists(theirs, ours, path)
        else:
            yield from self._scalars(theirs, ours, path)

    def _scalars(self, theirs: Any, ours: Any, path: KeyPath) -> Iterator[Difference]:
        sense = self._sense(path)
        if (
            sense is Sense.id
            and not _empty(theirs)
            and not _empty(ours)
            and not self.mapper.pair(theirs, ours)
        ):
            yield Difference(Kind.identity, path, "another one", "the same one", sense)
        kinds = _TYPES.get(type(theirs), "text"), _TYPES.get(type(ours), "text")
        if kinds[0] != kinds[1]:
            said = sense in _WORDS and str(theirs) != str(ours)
            yield Difference(Kind.type, path, kinds[1], kinds[0], sense, (ours, theirs) if said else None)
        elif not self._alike(theirs, ours, sense):
            yield self._differing(theirs, ours, path, sense)

    def _alike(self, theirs: Any, ours: Any, sense: Sense | None) -> bool:
        if theirs == ours or sense in _LOOSE:
            return True
        if Mark.read(theirs) or Mark.read(ours):
            return True
        if sense is Sense.sender:  # the account's own unless the request names one
            return _form(theirs) == _form(ours)
        if sense in _NUMBERS:
            return normalise(str(theirs)) == normalise(str(ours)) and _form(theirs) == _form(ours)
        if isinstance(theirs, str) and (
            MADE.fullmatch(theirs) or (_is_instant(theirs) and _is_instant(ours))
        ):
            return True
        return sense is None and _is_unknown(theirs, self.vendor)

    def _differing(self, theirs: Any, ours: Any, path: KeyPath, sense: Sense | None) -> Difference:
        kind = _WORDS.get(sense, Kind.value) if sense else Kind.value
        if kind is Kind.code and str(theirs) not in known_words(self.vendor.name):
            kind = Kind.word
        return Difference(kind, path, ours, theirs, sense)

    def _objects(self, theirs: dict[str, Any], ours: dict[str, Any], path: KeyPath) -> Iterator[Difference]:
        missing = [name for name in ours if name not in theirs]
        extra = [name for name in theirs if name not in ours]
        for mine, other in self._renames(theirs, ours, missing, extra, path):
            missing.remove(mine)
            extra.remove(other)
            yield Difference(Kind.renamed, (*path, mine), mine, other, self._sense((*path, mine)))
            yield from self._values(theirs[other], ours[mine], (*path, mine))
        for name in theirs:
            if name in ours:
                yield from self._values(theirs[name], ours[name], (*path, name))
        yield from (Difference(Kind.missing, (*path, name), ours[name]) for name in missing)
        yield from (Difference(Kind.extra, (*path, name), None, theirs[name]) for name in extra)

    def _renames(
        self,
        theirs: dict[str, Any],
        ours: dict[str, Any],
        missing: Sequence[str],
        extra: Sequence[str],
        path: KeyPath,
    ) -> list[tuple[str, str]]:
        """Find keys that have another name there: what only they have and no table knows, that fits ours."""
        strange = [name for name in extra if self._sense((*path, name)) is None]
        found: list[tuple[str, str]] = []
        for mine in missing:
            fits = [name for name in strange if self._fits(theirs[name], ours[mine], (*path, mine))]
            same = [name for name in fits if theirs[name] == ours[mine]] or fits
            free = [name for name in same if name not in {other for _, other in found}]
            if len(free) == 1 and (len(fits) == 1 or len(same) == 1):
                found.append((mine, free[0]))
        return found

    def _fits(self, theirs: Any, ours: Any, path: KeyPath) -> bool:
        if type(theirs) is not type(ours) or theirs in (None, ""):
            return False
        if isinstance(ours, dict):
            return set(theirs) == set(ours)
        sense = self._sense(path)
        if sense is Sense.id:
            known = self.mapper.ids.get(self.history.bare(theirs))
            return known == self.history.bare(ours) if known else len(str(theirs)) == len(str(ours))
        return isinstance(ours, list) or self._alike(theirs, ours, sense)

    # lists
    def _lists(self, theirs: list[Any], ours: list[Any], path: KeyPath) -> Iterator[Difference]:
        if not all(isinstance(each, dict) for each in (*theirs, *ours)):
            yield from self._plain_lists(theirs, ours, path)
            return
        pairs = self._aligned(theirs, ours)
        if self._out_of_order(theirs, ours, pairs):
            yield Difference(Kind.order, path, "our order", "the reverse")
        seen: set[tuple[Kind, KeyPath, str, str]] = set()
        for other, mine in pairs:
            for each in self._values(other, mine, (*path, ROW)):
                key = (each.kind, each.path, repr(each.ours), repr(each.theirs))
                if key not in seen:
                    seen.add(key)
                    yield each
        known = [each for each in theirs if self._known(each)]
        if len(known) == len(theirs) and len(theirs) != len(ours):
            yield Difference(Kind.rows, path, len(ours), len(theirs))

    def _plain_lists(self, theirs: list[Any], ours: list[Any], path: KeyPath) -> Iterator[Difference]:
        if len(theirs) == len(ours):
            for other, mine in zip(theirs, ours, strict=True):
                yield from self._values(other, mine, (*path, ROW))
        elif bool(theirs) != bool(ours):
            yield Difference(Kind.rows, path, len(ours), len(theirs))

    def _aligned(self, theirs: list[Any], ours: list[Any]) -> list[tuple[Any, Any]]:
        """Put rows of one thing beside each other, by the ids in them; without ids as they stand."""
        free, pairs = list(ours), []
        keyed = any(self._row_ids(each) for each in theirs)
        if not keyed and len(theirs) == len(ours):
            return list(zip(theirs, ours, strict=True))
        for other in theirs:
            wanted = {self.mapper.ids.get(one) for one in self._row_ids(other)} - {None}
            mine = next((row for row in free if wanted & set(self._row_ids(row))), None)
            if mine is not None:
                free.remove(mine)
                pairs.append((other, mine))
        if not pairs and len(theirs) == len(ours):
            return list(zip(theirs, ours, strict=True))
        return pairs

    def _row_ids(self, row: Any) -> list[str]:
        told = (leaf for leaf in leaves(row) if len(leaf.path) == 1 and self._sense(leaf.path) is Sense.id)
        return [self.history.bare(leaf.value) for leaf in told if not _empty(leaf.value)]

    def _known(self, row: Any) -> bool:
        return any(one in self.mapper.ids for one in self._row_ids(row))

    def _out_of_order(self, theirs: list[Any], ours: list[Any], pairs: list[tuple[Any, Any]]) -> bool:
        places = [next(place for place, row in enumerate(ours) if row is mine) for _, mine in pairs]
        return len(places) > 1 and places == sorted(places, reverse=True)


def _table(side: Spoken, wanted: frozenset[str]) -> dict[str, str]:
    # The type without its parameters, of which a boundary is one.
    pairs = ((name.lower(), value) for name, value in side.headers)
    return {name: value.partition(";")[0].strip().lower() if name == "content-type" else value
            for name, value in pairs if name in wanted}  # fmt: skip


def _empty(value: Any) -> bool:
    return value is None or value in ("", 0)


def _form(value: Any) -> str:
    return re.sub(r"\d", "", str(value)[:2]) if isinstance(value, str) else ""


_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}([T ][\d:.]+(Z|[+-]\d{2}:?\d{2})?)?")


def _is_instant(value: Any) -> bool:
    return isinstance(value, str) and _INSTANT.fullmatch(value) is not None


def _is_unknown(value: Any, vendor: Vendor) -> bool:
    """Tell whether a text under a key that no table knows was hidden, and so cannot be compared."""
    return isinstance(value, str) and value not in known_words(vendor.name) and len(value) > 4
