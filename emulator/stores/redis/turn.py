"""Writes to a sandbox that are held back, so that many steps go out as one: read, played, written."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

from emulator.core.errors import Conflict, LimitReached
from emulator.core.item import Item
from emulator.core.storage.store import Add, Due, ItemT
from emulator.stores.redis import wire
from emulator.stores.redis.view import SEEN, View

FEW, MANY = 16, 1024
"""How much of what is due is read at once: few at first, more when that was not enough, so many at most."""
MOST = 400
"""Items whose writes are held back at most: while they are written the server does nothing else."""

Key = tuple[str, str]


class Reads(Protocol):
    """Reads one thing of a sandbox from the server."""

    def item(self, sandbox_id: str, kind: type[ItemT], item_id: str) -> ItemT | None: ...

    def number(self, sandbox_id: str, name: str) -> int: ...


class Turn:
    """A sandbox as it will be when what is held back is written; `reads` gives what the view has not."""

    def __init__(self, view: View, reads: Reads) -> None:
        self.view = view
        self._reads = reads
        self._items: dict[Key, Item | None] = {}
        self._stored: dict[Key, int] = {}
        self._adds: dict[str, list[Add]] = {}
        self._numbers: dict[str, int] = {}
        self._longer: Counter[str] = Counter()
        self._due = list(view.due)
        self._last = view.due[-1] if len(view.due) == view.ahead else None

    def item(self, kind: type[ItemT], item_id: str) -> ItemT | None:
        """Give an item as it will be."""
        key = kind.kind, item_id
        if key not in self._items:
            body = self.view.body(*key)
            if body is None:
                self._items[key] = self._reads.item(self.view.sandbox_id, kind, item_id)
            else:
                self._items[key] = wire.load_item(kind, body) if body else None
        return self._items[key]  # type: ignore[return-value]

    def number(self, name: str) -> int:
        """Give a counter's value as it will be."""
        if name not in self._numbers:
            known = self.view.number(name)
            self._numbers[name] = self._reads.number(self.view.sandbox_id, name) if known is None else known
        return self._numbers[name]

    def count(self, name: str) -> int | None:
        """Give a list's length, None when it must be read."""
        return None if name not in self.view.counts else self.view.counts[name] + self._longer[name]

    # what is due
    @property
    def short(self) -> bool:
        """Tell whether something may be due first that was not read."""
        first = self._first()
        return self._last is not None and (first is None or first > self._last)

    def due(self) -> Due | None:
        """Give what is due first."""
        first = self._first()
        return None if first is None else Due(first[0], *wire.turn_parts(first[1]))

    def _first(self) -> tuple[float, bytes] | None:
        while self._due:
            at, turn = self._due[0]
            key = wire.turn_parts(turn)
            if key not in self._items or _is_due(self._items[key], at):
                return at, turn
            heapq.heappop(self._due)
        return None

    # what is held back
    def commit(self, puts: Sequence[Item], adds: Sequence[Add], deletes: Sequence[Item]) -> None:
        """Hold back a commit; raise Conflict or LimitReached as if it were made."""
        for item in puts:
            self._check(item, item.version - 1)
        for item in deletes:
            self._check(item, item.version)
        sums = self._sums(adds)
        for add in adds:
            self._add(add)
        self._numbers |= sums
        for item in deletes:
            self._replace(item, None)
        for item in puts:
            self._replace(item, item)

    @property
    def waits(self) -> bool:
        """Tell whether anything is held back."""
        return bool(self._stored or self._adds)

    @property
    def full(self) -> bool:
        """Tell whether so much is held back that it should be written."""
        return len(self._stored) >= MOST

    def written(self) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
        """Give what commit.lua takes: rows of puts, deletes, reads and adds."""
        puts, deletes = [], []
        for key, stored in self._stored.items():
            item = self._items[key]
            if item is not None:
                puts.append(wire.put_arguments(item, stored))
            elif stored:
                deletes.append((key[0], wire.text(key[1]), stored))
        # What a step looks at beside what it changes must not have changed either.
        looked_at = (item for key, item in self._items.items() if key[0] in SEEN and key not in self._stored)
        reads = [wire.delete_arguments(item) for item in looked_at if item is not None]
        adds = [wire.add_arguments(add) for held in self._adds.values() for add in held]
        return puts, deletes, reads, adds

    def begin_anew(self) -> None:
        """Take what was held back for written."""
        self._stored, self._adds = {}, {}

    def _check(self, item: Item, version: int) -> None:
        key = item.kind, item.id
        if version == 0 and key not in self._items and self.view.body(*key) is None:
            self._items[key] = None  # what is new is looked for when it is written
        held = self.item(type(item), item.id)
        if version != (0 if held is None else held.version):
            raise Conflict(f"{item.kind} {item.id} has changed")

    def _sums(self, adds: Sequence[Add]) -> dict[str, int]:
        sums: dict[str, int] = {}
        for add in adds:
            value = sums.get(add.name, self.number(add.name)) + add.delta
            too_low = add.at_least is not None and value < add.at_least
            if too_low or (add.at_most is not None and value > add.at_most):
                raise LimitReached(add.name)
            sums[add.name] = value
        return sums

    def _add(self, add: Add) -> None:
        """Hold back a counter's change; of those without bounds that follow each other one is made."""
        held = self._adds.setdefault(add.name, [])
        if held and {held[-1].at_least, held[-1].at_most, add.at_least, add.at_most} == {None}:
            add = Add(add.name, held.pop().delta + add.delta)
        held.append(add)

    def _replace(self, item: Item, new: Item | None) -> None:
        key = item.kind, item.id
        old = self._items[key]
        # Written in the order of their last change: who took a name last has it.
        self._stored[key] = self._stored.pop(key, 0 if old is None else old.version)
        self._longer.subtract(() if old is None else old.lists)
        self._longer.update(() if new is None else new.lists)
        self._items[key] = new
        if new is not None and new.due is not None:
            heapq.heappush(self._due, (float(new.due), wire.turn(new)))


def _is_due(item: Item | None, at: float) -> bool:
    return item is not None and item.due == at
