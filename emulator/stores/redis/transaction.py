"""Commits to a sandbox that are held back, so that many steps are written as one.

A step reads an item and commits its next version. Alone each step costs round trips; a transaction plays
many of them on what was prefetched, and writes once. It is optimistic: nothing is locked against other
processes, but commit.lua writes only if nothing that matters has changed meanwhile.

- A commit is judged at once by what the transaction knows, just as the server would judge it: Conflict
  and LimitReached are raised in the step that causes them.
- Of an item that changes several times only the last version is written, over the version first found.
- Changes of counters keep their bounds; those without bounds that follow each other are added up to one.
- A clock and settings that a step has looked at go along as reads: they must still have the same version.
- If the server refuses, another process came between. Nothing is written, Overtaken is raised, and the
  caller plays again from the start.

For example fax-1 of version 3 is due at 5, and its step takes one of two lines:

    item(Fax, "fax-1")                       version 3, from what was prefetched
    commit(fax-1 v4 due at 8, lines +1 ≤ 2)  held back; due() is now fax-1 at 8
    commit(fax-1 v5 due at 9)                held back
    command()                                put fax-1 v5 over v3, read clock and settings, add lines +1 ≤ 2

If another process has meanwhile moved fax-1 to version 4, or taken both lines, or changed the settings,
all of it is refused. If it has moved fax-2 or taken one line, all of it is written.

What is due first is found in `_due`, a heap of what was prefetched and of what was held back; a row that
is true no more is dropped when it comes up. Only the first few were read from the server. When what is
left in the heap lies behind the last of those, something before it may be missing (`short`): then the
session writes what is held back and reads on.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence

from emulator.core.errors import Conflict
from emulator.core.item import Add, Item, add_up
from emulator.core.storage.store import Due, ItemT
from emulator.stores.redis import schema
from emulator.stores.redis.client import RedisClient
from emulator.stores.redis.commands import Command, commit_rows
from emulator.stores.redis.prefetch import WHOLE, DueRow, Prefetch
from emulator.stores.redis.schema import load_item, text

FEW, MANY = 16, 1024
"""How much of what is due is read at once: few at first, more when that was not enough, so many at most."""
MOST = 400
"""Items whose writes are held back at most: while they are written the server does nothing else."""

ItemKey = tuple[str, str]


class Transaction:
    """A sandbox as it will be when what is held back is written."""

    def __init__(self, prefetched: Prefetch, client: RedisClient) -> None:
        self.prefetched = prefetched
        self._client = client
        self._items: dict[ItemKey, Item | None] = {}
        self._stored: dict[ItemKey, int] = {}
        """What is to be written: the version that is stored, 0 for none."""
        self._adds: dict[str, list[Add]] = {}
        self._numbers: dict[str, int] = {}
        self._longer: Counter[str] = Counter()
        self._due = list(prefetched.due)
        self._last = prefetched.due[-1] if len(prefetched.due) == prefetched.ahead else None

    @property
    def sandbox_id(self) -> str:
        return self.prefetched.sandbox_id

    def item(self, kind: type[ItemT], item_id: str) -> ItemT | None:
        """Look up an item as it will be."""
        key = kind.kind, item_id
        if key not in self._items:
            body = self.prefetched.body(*key)
            if body is None:
                self._items[key] = read_item(self._client, self.sandbox_id, kind, item_id)
            else:
                self._items[key] = load_item(kind, body) if body else None
        return self._items[key]  # type: ignore[return-value]

    def number(self, name: str) -> int:
        """Look up a counter as it will be."""
        if name not in self._numbers:
            known = self.prefetched.number(name)
            self._numbers[name] = read_number(self._client, self.sandbox_id, name) if known is None else known
        return self._numbers[name]

    def count(self, name: str) -> int | None:
        """Look up a list's length as it will be, None when it must be read."""
        counts = self.prefetched.counts
        return counts[name] + self._longer[name] if name in counts else None

    # what is due
    @property
    def short(self) -> bool:
        """Whether something may be due first that was not read."""
        first = self._first()
        return self._last is not None and (first is None or first > self._last)

    def due(self) -> Due | None:
        """Look up what is due first."""
        first = self._first()
        return None if first is None else schema.due_at(*first)

    def _first(self) -> DueRow | None:
        while self._due:
            at, member = self._due[0]
            key = schema.due_parts(member)
            if key not in self._items or _is_due(self._items[key], at):
                return at, member
            heapq.heappop(self._due)
        return None

    # what is held back
    def commit(
        self,
        puts: Sequence[Item] = (),
        adds: Sequence[Add] = (),
        deletes: Sequence[Item] = (),
        same: Sequence[Item] = (),
    ) -> None:
        """Hold back a commit; raise Conflict or LimitReached as if it were made."""
        for item in same:
            if self.item(type(item), item.id) != item:
                raise Conflict(f"{item.kind} {item.id} has changed")
        for item in puts:
            self._check(item, item.version - 1)
        for item in deletes:
            self._check(item, item.version)
        sums = add_up(adds, self.number)
        for add in adds:
            self._add(add)
        self._numbers |= sums
        for item in deletes:
            self._replace(item, None)
        for item in puts:
            self._replace(item, item)

    @property
    def waits(self) -> bool:
        """Whether anything is held back."""
        return bool(self._stored or self._adds)

    @property
    def full(self) -> bool:
        """Whether so much is held back that it should be written."""
        return len(self._stored) >= MOST

    def command(self) -> Command:
        """Build the command that writes what is held back."""
        puts, deletes = [], []
        for key, stored in self._stored.items():
            item = self._items[key]
            if item is not None:
                puts.append(schema.put_arguments(item, stored))
            elif stored:
                deletes.append((key[0], text(key[1]), stored))
        looked_at = (item for key, item in self._items.items() if key[0] in WHOLE and key not in self._stored)
        reads = [schema.seen_arguments(item) for item in looked_at if item is not None]
        adds = [schema.add_arguments(add) for held in self._adds.values() for add in held]
        return commit_rows(self.sandbox_id, puts, deletes, reads, adds)

    def forget_held(self) -> None:
        """Take what was held back for written."""
        self._stored, self._adds = {}, {}

    def _check(self, item: Item, version: int) -> None:
        key = item.kind, item.id
        if version == 0 and key not in self._items and self.prefetched.body(*key) is None:
            self._items[key] = None  # what is new is looked for when it is written
        held = self.item(type(item), item.id)
        if version != (0 if held is None else held.version):
            raise Conflict(f"{item.kind} {item.id} has changed")

    def _add(self, add: Add) -> None:
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
            heapq.heappush(self._due, (float(new.due), schema.due_member(new)))


def read_item(client: RedisClient, sandbox_id: str, kind: type[ItemT], item_id: str) -> ItemT | None:
    """Read one item from the server."""
    body = client.read(sandbox_id, "HGET", f"item:{kind.kind}", text(item_id))
    return None if body is None else load_item(kind, body)


def read_number(client: RedisClient, sandbox_id: str, name: str) -> int:
    """Read one counter from the server."""
    return int(client.read(sandbox_id, "HGET", "numbers", text(name)) or 0)


def _is_due(item: Item | None, at: float) -> bool:
    return item is not None and item.due == at
