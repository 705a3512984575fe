"""One sandbox in memory: items by id and reference, in lists, and by when they are due; and documents.

Who uses it locks it.

A list is a sorted array of (sequence, key): a page begins where bisection finds the cursor. What is due
first is the top of a heap of (instant, rank, sequence, key). An item that is put off leaves its old row
in the heap; such a stale row is recognized, and dropped, when it comes to the top, and all of them are
dropped when they are more than half of the heap. For example fax-1 is due at 5, fax-2 at 6, and fax-1 is
put off to 9:

    heap (5, fax-1) (6, fax-2) (9, fax-1)    one is stale
    first_due()                              fax-1 is not due at 5 any more: dropped; fax-2 at 6
"""

from __future__ import annotations

import heapq
import threading
from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from emulator.core.errors import Conflict, NotFound
from emulator.core.item import Add, Item, add_up
from emulator.core.sandbox import Sandbox
from emulator.core.short_lock import ShortLock
from emulator.core.storage.store import RANK, SPARE, Due
from emulator.stores.memory.journals import Journal

FEWEST = 512
"""Stale rows of due instants that are left where they are, even where most are stale."""

BlobKey = tuple[str, str]
"""Sandbox and digest."""
ItemKey = tuple[str, str]
HeapRow = tuple[float, int, int, ItemKey]


class Counters(dict[str, int]):
    """Counters by name; one that was never changed is 0."""

    def __missing__(self, name: str) -> int:
        return 0


@dataclass
class Box:
    """All of one sandbox; `due` is a heap whose stale rows go when they come up, or are most of it."""

    sandbox: Sandbox
    lock: ShortLock = field(default_factory=ShortLock)
    items: dict[ItemKey, Item] = field(default_factory=dict)
    refs: dict[ItemKey, str] = field(default_factory=dict)
    lists: dict[str, list[tuple[int, ItemKey]]] = field(default_factory=dict)
    due: list[HeapRow] = field(default_factory=list)
    stale: int = 0
    numbers: Counters = field(default_factory=Counters)
    digests: set[str] = field(default_factory=set)
    journals: dict[str, Journal] = field(default_factory=dict)
    credentials: set[str] = field(default_factory=set)
    locks: dict[str, threading.Lock] = field(default_factory=dict)
    used: float = 0.0

    def write(self, puts: Sequence[Item], adds: Sequence[Add], deletes: Sequence[Item]) -> None:
        """Write all or raise Conflict or LimitReached and write nothing."""
        for item in puts:
            self._check(item, item.version - 1)
        for item in deletes:
            self._check(item, item.version)
        self.numbers |= add_up(adds, self.numbers.__getitem__)
        for item in puts:
            self.put(item)
        for item in deletes:
            self._unlist(item)
            del self.items[item.kind, item.id]
            if item.due is not None:
                self._outdated()

    def put(self, item: Item) -> None:
        """Write an item over whatever is there under its key."""
        key = (item.kind, item.id)
        stored = self.items.get(key)
        if stored is None or stored.lists != item.lists or stored.refs != item.refs:
            if stored is not None:
                self._unlist(stored)
            self._list(item)
        self.items[key] = item
        before = None if stored is None else stored.due
        if before == item.due:
            return
        if item.due is not None:
            heapq.heappush(self.due, (item.due, RANK.get(item.kind, 2), item.sequence, key))
        if before is not None:
            self._outdated()

    def first_due(self) -> Due | None:
        """Look up what is due first."""
        while self.due:
            row = self.due[0]
            if self._stands(row):
                return Due(row[0], *row[3])
            heapq.heappop(self.due)
            self.stale -= 1
        return None

    def forget_all_but(self, kinds: Sequence[str], numbers: str) -> None:
        """Empty it, except for items of these kinds and counters with this beginning."""
        kept = [item for item in self.items.values() if item.kind in kinds]
        self.items, self.refs, self.lists, self.journals = {}, {}, {}, {}
        self.due, self.stale = [], 0
        held = ((name, value) for name, value in self.numbers.items() if name.startswith(numbers))
        self.numbers = Counters(held)
        for item in kept:
            self.put(item)

    def _check(self, item: Item, version: int) -> None:
        stored = self.items.get((item.kind, item.id))
        if version != (0 if stored is None else stored.version):
            raise Conflict(f"{item.kind} {item.id} has changed")

    def _stands(self, row: HeapRow) -> bool:
        item = self.items.get(row[3])
        return item is not None and item.due == row[0]

    def _outdated(self) -> None:
        """Count a row of `due` that stands no more, and let such rows go when they are most of it."""
        self.stale += 1
        if self.stale > max(FEWEST, len(self.due) // 2):
            self.due = [row for row in set(self.due) if self._stands(row)]
            heapq.heapify(self.due)
            self.stale = 0

    def _list(self, item: Item) -> None:
        entry = (item.sequence, (item.kind, item.id))
        for name in item.lists:
            rows = self.lists.setdefault(name, [])
            if not rows or rows[-1] < entry:
                rows.append(entry)  # as nearly always: what is new comes last
            else:
                insort(rows, entry)
        for ref in item.refs:
            self.refs[item.kind, ref] = item.id

    def _unlist(self, item: Item) -> None:
        entry = (item.sequence, (item.kind, item.id))
        for name in item.lists:
            rows = self.lists[name]
            place = bisect_left(rows, entry)
            if place < len(rows) and rows[place] == entry:
                del rows[place]
            if not rows:
                del self.lists[name]
        for ref in item.refs:
            if self.refs.get((item.kind, ref)) == item.id:
                del self.refs[item.kind, ref]


class Boxes(dict[str, Box]):
    """Boxes by the ids of their sandboxes."""

    def __missing__(self, sandbox_id: str) -> Box:
        raise NotFound(f"no sandbox {sandbox_id}")


class BoundedBlobs:
    """Content in the order of its last put; beyond `bound` bytes the spare goes first, then the oldest."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._kept: OrderedDict[BlobKey, bytes] = OrderedDict()
        self._spare: OrderedDict[BlobKey, bytes] = OrderedDict()
        self.total = 0
        """Bytes of all content."""

    def __len__(self) -> int:
        return len(self._kept) + len(self._spare)

    def get(self, sandbox_id: str, digest: str) -> bytes | None:
        return self._shelf(digest).get((sandbox_id, digest))

    def put(self, sandbox_id: str, digest: str, content: bytes) -> list[BlobKey]:
        """Keep content as the newest; returns what was let go to stay within the bound."""
        shelf, key = self._shelf(digest), (sandbox_id, digest)
        if key in shelf:
            shelf.move_to_end(key)
            return []
        shelf[key] = content
        self.total += len(content)
        gone: list[BlobKey] = []
        while self.total > self._bound and len(self) > 1:
            gone.append(next(iter(self._spare or self._kept)))
            self.drop(*gone[-1])
        return gone

    def drop(self, sandbox_id: str, digest: str) -> None:
        self.total -= len(self._shelf(digest).pop((sandbox_id, digest), b""))

    def _shelf(self, digest: str) -> OrderedDict[BlobKey, bytes]:
        return self._spare if digest.startswith(SPARE) else self._kept
