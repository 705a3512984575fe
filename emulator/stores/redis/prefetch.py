"""What nearly every request and every turn of a clock looks at in a sandbox, read in one round trip.

A round trip costs far more than the bytes it carries. So the first look at a sandbox reads its record,
clock, settings, counters, the lengths of a few lists, and what is due first; later looks of the same
thread find all of that in a `Prefetch`. prefetch.lua answers with one string, the cheapest to receive,
and a part of it is taken apart only when somebody asks for it. 0xFD stands between the parts and 0xFC
within a part. For example, of a sandbox with one counter and one fax that is due at instant 5, with
`ahead` 1:

    {"id":"box",…} FD {"mode":"running",…} FD ifax FC {"id":"ifax",…} FD balance FC 7 FD 0 FC 0 FC 0 FC 0
    FD 5 FC 0 04611686018427387905 FF fax FF fax-1 FC {"id":"fax-1",…}

It shows one moment and may be out of date a little later. That does no harm: each commit carries the
versions it was made from and the bounds of its counters, so a commit made from what is out of date is
refused.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from emulator.core.faxes.fax import Fax
from emulator.core.item import Add, Item, lease_list
from emulator.core.sandbox import Clock, Settings
from emulator.core.scripting.scenario import OneShot, Rule
from emulator.core.webhooks.delivery import Delivery
from emulator.stores.redis.commands import Command, sandbox_script
from emulator.stores.redis.schema import due_parts, dump_item, list_bounds, untext

BELIEVED = 0.25
"""Real seconds after which what was read is read anew."""

COUNTED = (OneShot.kind, Rule.kind, lease_list(Fax.kind), lease_list(Delivery.kind))
"""The lists whose lengths are always read."""
BOUNDS = tuple(bound for name in COUNTED for bound in list_bounds(name))

WHOLE = (Clock.kind, Settings.kind)
"""The kinds of which all items are read."""

PART, FIELD = b"\xfd", b"\xfc"
TOO_MANY = b"?"
"""Stands for counters that are too many to be read every time."""

DueRow = tuple[float, bytes]
"""Something that is due: its instant, and its member of `due`."""


class Prefetch:
    """A sandbox at one moment.

    `ahead` is how much of what is due was wanted with its bodies, 0 for the first without.
    """

    def __init__(self, sandbox_id: str, answer: bytes, ahead: int) -> None:
        self.sandbox_id = sandbox_id
        self.ahead = ahead
        self._taken = time.monotonic()
        self.record, self._clock, self._settings, self._numbers, self._counts, self._due = answer.split(PART)
        self._written = False

    @property
    def fresh(self) -> bool:
        """Whether it is still believed."""
        return time.monotonic() - self._taken < BELIEVED

    @cached_property
    def settings(self) -> dict[str, bytes]:
        """Bodies of settings by their ids."""
        return {untext(name): body for name, body in _groups(self._settings, 2)}

    @cached_property
    def numbers(self) -> dict[str, int] | None:
        """All counters; None when they are many and must be read one by one."""
        if self._numbers == TOO_MANY:
            return None
        return {untext(name): int(value) for name, value in _groups(self._numbers, 2)}

    @cached_property
    def counts(self) -> dict[str, int]:
        """Lengths of lists; none that a write may have changed."""
        return dict(zip(COUNTED, map(int, self._counts.split(FIELD)), strict=True))

    @property
    def knows_due(self) -> bool:
        """Whether what is due is known: no write has changed it."""
        return not self._written

    @cached_property
    def due(self) -> list[DueRow]:
        """What is due, the first first."""
        return [(float(at), member) for at, member, _ in _groups(self._due, 3)]

    @cached_property
    def due_bodies(self) -> dict[tuple[str, str], bytes]:
        """Bodies of what is due by kind and id."""
        return {due_parts(member): body for _, member, body in _groups(self._due, 3) if body}

    def body(self, kind: str, item_id: str) -> bytes | None:
        """Look up an item's body: b"" when there is no such item, None when it must be read."""
        if kind == Clock.kind:
            return self._clock
        if kind == Settings.kind:
            return self.settings.get(item_id, b"")
        return self.due_bodies.get((kind, item_id))

    def number(self, name: str) -> int | None:
        """Look up a counter, None when it must be read."""
        return None if self.numbers is None else self.numbers.get(name, 0)

    # what this thread has written since
    def learn(self, sandbox_id: str, name: str, value: int) -> None:
        """Take in a counter that has moved."""
        if sandbox_id == self.sandbox_id and self.numbers is not None:
            self.numbers[name] = value

    def lay_over(
        self, puts: Sequence[Item], deletes: Sequence[Item], adds: Sequence[Add], numbers: Sequence[int]
    ) -> Prefetch:
        """Take in what was written; what else it has changed is not known any more."""
        self._written = True
        for kind in {item.kind for item in (*puts, *deletes)}:
            self.counts.pop(kind, None)
            self.counts.pop(lease_list(kind), None)
        for item in deletes:
            if item.kind == Settings.kind:
                self.settings.pop(item.id, None)
        for item in puts:
            if item.kind == Clock.kind:
                self._clock = dump_item(item)
            elif item.kind == Settings.kind:
                self.settings[item.id] = dump_item(item)
        for name, value in zip(dict.fromkeys(add.name for add in adds), numbers, strict=True):
            self.learn(self.sandbox_id, name, int(value))
        return self


def prefetch(sandbox_id: str, ahead: int = 0) -> Command:
    """Build the command that prefetches, with the bodies of so many items that are due."""
    return sandbox_script("prefetch", sandbox_id, ahead, *BOUNDS)


def _groups(part: bytes, size: int) -> Any:
    fields = part.split(FIELD) if part else []
    return zip(*(fields[place::size] for place in range(size)), strict=True)
