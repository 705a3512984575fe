"""The default store: everything in this process, one lock a sandbox, gone when the process ends."""

from __future__ import annotations

import heapq
import threading
from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from emulator.core.clock import Clock
from emulator.core.errors import Conflict, LimitReached, NotFound
from emulator.core.item import Item
from emulator.core.sandbox import Sandbox
from emulator.core.store import Add, Due, ItemT, JournalPage

RANK = {"fax": 0, "delivery": 1}
"""What is played first when several things are due at one instant."""

Key = tuple[str, str]


@dataclass
class Journal:
    """A bounded log; `last` is the number of the newest entry."""

    entries: deque[tuple[int, Mapping[str, Any]]]
    last: int = 0

    def append(self, entry: Mapping[str, Any]) -> int:
        self.last += 1
        self.entries.append((self.last, entry))
        return self.last


@dataclass
class Box:
    """All of one sandbox."""

    sandbox: Sandbox
    lock: threading.RLock = field(default_factory=threading.RLock)
    items: dict[Key, Item] = field(default_factory=dict)
    refs: dict[tuple[str, str], str] = field(default_factory=dict)
    lists: dict[str, list[tuple[int, Key]]] = field(default_factory=dict)
    heap: list[tuple[float, int, int, str, str, int]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    blobs: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    journals: dict[str, Journal] = field(default_factory=dict)
    locks: dict[str, threading.Lock] = field(default_factory=dict)


class MemoryStore:
    """Keeps sandboxes in dictionaries; `blob_bytes` bounds documents in all, `journal_entries` each journal."""

    def __init__(self, *, blob_bytes: int = 512 * 2**20, journal_entries: int = 1000) -> None:
        self._boxes: dict[str, Box] = {}
        self._bound: dict[str, str] = {}
        self._lock = threading.RLock()
        self._listeners: list[Callable[[str], None]] = []
        self._blob_bytes = blob_bytes
        self._blob_total = 0
        self._journal_entries = journal_entries

    # sandboxes
    def create(self, sandbox: Sandbox, items: Sequence[Item]) -> None:
        with self._lock:
            if sandbox.id in self._boxes:
                raise Conflict(f"sandbox {sandbox.id} exists")
            self._boxes[sandbox.id] = Box(sandbox)
        self.commit(sandbox.id, items)

    def sandbox(self, sandbox_id: str) -> Sandbox:
        return self._box(sandbox_id).sandbox

    def sandboxes(self, after: str | None = None, limit: int = 100) -> list[Sandbox]:
        with self._lock:
            names = sorted(self._boxes)
            start = bisect_right(names, after) if after is not None else 0
            return [self._boxes[name].sandbox for name in names[start : start + limit]]

    def remove(self, sandbox_id: str) -> None:
        box = self._box(sandbox_id)
        with self._lock, box.lock:
            del self._boxes[sandbox_id]
            self._bound = {key: held for key, held in self._bound.items() if held != sandbox_id}
            self._blob_total -= sum(map(len, box.blobs.values()))
        self._tell(sandbox_id)

    def clear(self, sandbox_id: str, keep: Sequence[str]) -> None:
        box = self._box(sandbox_id)
        with box.lock:
            kept = [item for item in box.items.values() if item.kind in keep]
            self._blob_total -= sum(map(len, box.blobs.values()))
            fresh = Box(box.sandbox)
            for name in ("items", "refs", "lists", "heap", "blobs", "journals"):
                setattr(box, name, getattr(fresh, name))
            box.numbers = {name: value for name, value in box.numbers.items() if name.startswith("balance/")}
            for item in kept:
                _put(box, None, item)
        self._tell(sandbox_id)

    def bind(self, key: str, sandbox_id: str) -> None:
        with self._lock:
            self._bound[key] = sandbox_id

    def bound(self, key: str) -> str | None:
        return self._bound.get(key)

    # items
    def get(self, sandbox_id: str, kind: type[ItemT], item_id: str) -> ItemT | None:
        return self._box(sandbox_id).items.get((kind.kind, item_id))  # type: ignore[return-value]

    def find(self, sandbox_id: str, kind: type[ItemT], ref: str) -> ItemT | None:
        box = self._box(sandbox_id)
        with box.lock:
            item_id = box.refs.get((kind.kind, ref))
            return None if item_id is None else box.items.get((kind.kind, item_id))  # type: ignore[return-value]

    def commit(
        self,
        sandbox_id: str,
        puts: Sequence[Item] = (),
        *,
        adds: Sequence[Add] = (),
        deletes: Sequence[Item] = (),
    ) -> None:
        box = self._box(sandbox_id)
        with box.lock:
            first = _first(box)
            _check(box, puts, adds, deletes)
            for add in adds:
                box.numbers[add.name] = box.numbers.get(add.name, 0) + add.delta
            for item in puts:
                _put(box, box.items.get((item.kind, item.id)), item)
            for item in deletes:
                _forget(box, item)
                del box.items[item.kind, item.id]
            changed = _first(box) != first or any(item.kind == Clock.kind for item in puts)
        if changed:
            self._tell(sandbox_id)

    def list(
        self,
        sandbox_id: str,
        kind: type[ItemT],
        name: str,
        *,
        after: int | None = None,
        offset: int = 0,
        limit: int = 50,
        descending: bool = True,
    ) -> list[ItemT]:
        box = self._box(sandbox_id)
        with box.lock:
            rows = box.lists.get(name, [])
            if descending:
                end = len(rows) if after is None else bisect_left(rows, (after,))
                end = max(0, end - offset)
                keys = rows[max(0, end - limit) : end][::-1]
            else:
                start = 0 if after is None else bisect_left(rows, (after + 1,))
                keys = rows[start + offset : start + offset + limit]
            return [box.items[key] for _, key in keys if key[0] == kind.kind]  # type: ignore[misc]

    def count(self, sandbox_id: str, name: str) -> int:
        return len(self._box(sandbox_id).lists.get(name, ()))

    # numbers
    def next(self, sandbox_id: str, name: str) -> int:
        box = self._box(sandbox_id)
        with box.lock:
            value = box.numbers.get(name, 0) + 1
            box.numbers[name] = value
            return value

    def number(self, sandbox_id: str, name: str) -> int:
        return self._box(sandbox_id).numbers.get(name, 0)

    def numbers(self, sandbox_id: str) -> Mapping[str, int]:
        return dict(self._box(sandbox_id).numbers)

    # time
    def due(self, sandbox_id: str) -> Due | None:
        box = self._box(sandbox_id)
        with box.lock:
            row = _first(box)
        return None if row is None else Due(row[0], row[3], row[4])

    def on_due(self, listener: Callable[[str], None]) -> None:
        self._listeners.append(listener)

    @contextmanager
    def exclusive(self, sandbox_id: str, name: str, *, wait: float) -> Iterator[bool]:
        box = self._box(sandbox_id)
        lock = box.locks.setdefault(name, threading.Lock())
        mine = lock.acquire(timeout=wait) if wait else lock.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                lock.release()
                self._tell(sandbox_id)

    # blobs
    def put_blob(self, sandbox_id: str, digest: str, content: bytes) -> None:
        box = self._box(sandbox_id)
        with self._lock, box.lock:
            if digest in box.blobs:
                box.blobs.move_to_end(digest)
                return
            box.blobs[digest] = content
            self._blob_total += len(content)
            while self._blob_total > self._blob_bytes and len(box.blobs) > 1:
                _, oldest = box.blobs.popitem(last=False)
                self._blob_total -= len(oldest)
                box.numbers["dropped/documents"] = box.numbers.get("dropped/documents", 0) + 1

    def blob(self, sandbox_id: str, digest: str) -> bytes | None:
        return self._box(sandbox_id).blobs.get(digest)

    def drop_blob(self, sandbox_id: str, digest: str) -> None:
        box = self._box(sandbox_id)
        with self._lock, box.lock:
            self._blob_total -= len(box.blobs.pop(digest, b""))

    # journals
    def log(self, sandbox_id: str, journal: str, entry: Mapping[str, Any]) -> int:
        box = self._box(sandbox_id)
        with box.lock:
            if journal not in box.journals:
                box.journals[journal] = Journal(deque(maxlen=self._journal_entries))
            return box.journals[journal].append(entry)

    def journal(
        self, sandbox_id: str, journal: str, *, after: int | None = None, limit: int = 100, newest: bool = False
    ) -> JournalPage:
        box = self._box(sandbox_id)
        with box.lock:
            log = box.journals.get(journal)
            if log is None:
                return JournalPage((), 0)
            rows = [row for row in log.entries if after is None or row[0] > after]
            return JournalPage(tuple(rows[-limit:] if newest else rows[:limit]), log.last - len(log.entries))

    def close(self) -> None:
        """Let everything go."""
        with self._lock:
            self._boxes.clear()
            self._bound.clear()

    def _box(self, sandbox_id: str) -> Box:
        try:
            return self._boxes[sandbox_id]
        except KeyError:
            raise NotFound(f"no sandbox {sandbox_id}") from None

    def _tell(self, sandbox_id: str) -> None:
        for listener in self._listeners:
            listener(sandbox_id)


def _first(box: Box) -> tuple[float, int, int, str, str, int] | None:
    while box.heap:
        row = box.heap[0]
        item = box.items.get((row[3], row[4]))
        if item is not None and item.version == row[5]:
            return row
        heapq.heappop(box.heap)
    return None


def _check(box: Box, puts: Sequence[Item], adds: Sequence[Add], deletes: Sequence[Item]) -> None:
    for item in puts:
        stored = box.items.get((item.kind, item.id))
        if item.version != (1 if stored is None else stored.version + 1):
            raise Conflict(f"{item.kind} {item.id} has changed")
    for item in deletes:
        stored = box.items.get((item.kind, item.id))
        if stored is None or stored.version != item.version:
            raise Conflict(f"{item.kind} {item.id} has changed")
    for add in adds:
        value = box.numbers.get(add.name, 0) + add.delta
        if (add.at_least is not None and value < add.at_least) or (add.at_most is not None and value > add.at_most):
            raise LimitReached(add.name)


def _put(box: Box, stored: Item | None, item: Item) -> None:
    key = (item.kind, item.id)
    if stored is None or stored.lists != item.lists or stored.refs != item.refs:
        if stored is not None:
            _forget(box, stored)
        for name in item.lists:
            insort(box.lists.setdefault(name, []), (item.sequence, key))
        for ref in item.refs:
            box.refs[item.kind, ref] = item.id
    box.items[key] = item
    if item.due is not None:
        heapq.heappush(
            box.heap, (item.due, RANK.get(item.kind, 2), item.sequence, item.kind, item.id, item.version)
        )


def _forget(box: Box, item: Item) -> None:
    key = (item.kind, item.id)
    for name in item.lists:
        rows = box.lists[name]
        place = bisect_left(rows, (item.sequence, key))
        if place < len(rows) and rows[place] == (item.sequence, key):
            del rows[place]
        if not rows:
            del box.lists[name]
    for ref in item.refs:
        if box.refs.get((item.kind, ref)) == item.id:
            del box.refs[item.kind, ref]
