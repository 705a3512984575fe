"""The default store: everything in this process, one lock a sandbox, gone when the process ends."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from emulator.core.errors import Conflict, NotFound
from emulator.core.item import Item
from emulator.core.sandboxes.clock import Clock
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.storage.store import BALANCES, DROPPED, SPARE, Add, Due, ItemT, JournalPage
from emulator.stores.box import Box, Journal

Shelf = OrderedDict[tuple[str, str], bytes]
"""Content by sandbox and digest, what was put last at the end."""


class MemoryStore:
    """Keeps sandboxes in dictionaries. `blob_bytes` bounds documents in all, `journal_entries` journals."""

    shared = False

    def __init__(self, *, blob_bytes: int = 512 * 2**20, journal_entries: int = 1000) -> None:
        self._boxes: dict[str, Box] = {}
        self._bound: dict[str, str] = {}
        self._blobs: Shelf = OrderedDict()
        self._spare: Shelf = OrderedDict()
        # Taken before a box's own lock, never after it.
        self._lock = threading.RLock()
        self._listeners: list[Callable[[str], None]] = []
        self._blob_bytes = blob_bytes
        self._blob_total = 0
        self._journal_entries = journal_entries

    # sandboxes
    def create(self, sandbox: Sandbox, items: Sequence[Item], adds: Sequence[Add] = ()) -> None:
        box = Box(sandbox)
        box.write(items, adds, ())
        with self._lock:
            if sandbox.id in self._boxes:
                raise Conflict(f"sandbox {sandbox.id} exists")
            self._boxes[sandbox.id] = box
        self._tell(sandbox.id)

    def sandbox(self, sandbox_id: str) -> Sandbox:
        return self._box(sandbox_id).sandbox

    def sandboxes(self, after: str | None = None, limit: int = 100) -> list[Sandbox]:
        with self._lock:
            names = sorted(self._boxes)
            start = bisect_right(names, after) if after is not None else 0
            return [self._boxes[name].sandbox for name in names[start : start + limit]]

    def remove(self, sandbox_id: str) -> None:
        with self._lock:
            box = self._box(sandbox_id)
            with box.lock:
                del self._boxes[sandbox_id]
                self._drop_blobs(box)
                for key in box.credentials:
                    if self._bound.get(key) == sandbox_id:
                        del self._bound[key]
        self._tell(sandbox_id)

    def clear(self, sandbox_id: str, keep: Sequence[str]) -> None:
        with self._lock:
            box = self._box(sandbox_id)
            with box.lock:
                self._drop_blobs(box)
                box.forget_all_but(keep, BALANCES)
        self._tell(sandbox_id)

    def bind(self, key: str, sandbox_id: str) -> None:
        with self._lock:
            self._box(sandbox_id).credentials.add(key)
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
            first = box.due[:1]
            box.write(puts, adds, deletes)
            changed = box.due[:1] != first or any(item.kind == Clock.kind for item in puts)
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
                rows = rows[max(0, end - limit) : end][::-1]
            else:
                start = offset + (0 if after is None else bisect_left(rows, (after + 1,)))
                rows = rows[start : start + limit]
            return [box.items[key] for _, key in rows]  # type: ignore[misc]

    def count(self, sandbox_id: str, name: str) -> int:
        return len(self._box(sandbox_id).lists.get(name, ()))

    def items(self, sandbox_id: str) -> Sequence[Item]:
        box = self._box(sandbox_id)
        with box.lock:
            return list(box.items.values())

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
        box = self._box(sandbox_id)
        with box.lock:
            return dict(box.numbers)

    # time
    def due(self, sandbox_id: str) -> Due | None:
        box = self._box(sandbox_id)
        with box.lock:
            return box.first_due()

    def on_due(self, listener: Callable[[str], None]) -> None:
        self._listeners.append(listener)

    @contextmanager
    def exclusive(self, sandbox_id: str, name: str, *, wait: float) -> Iterator[bool]:
        lock = self._box(sandbox_id).locks.setdefault(name, threading.Lock())
        mine = lock.acquire(timeout=wait) if wait else lock.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                lock.release()
                self._tell(sandbox_id)

    # blobs
    def put_blob(self, sandbox_id: str, digest: str, content: bytes) -> None:
        with self._lock:
            self._box(sandbox_id).blobs.add(digest)
            shelf = self._shelf(digest)
            if (sandbox_id, digest) in shelf:
                return shelf.move_to_end((sandbox_id, digest))
            shelf[sandbox_id, digest] = content
            self._blob_total += len(content)
            while self._blob_total > self._blob_bytes and len(self._blobs) + len(self._spare) > 1:
                self._drop_oldest()

    def blob(self, sandbox_id: str, digest: str) -> bytes | None:
        self._box(sandbox_id)
        return self._shelf(digest).get((sandbox_id, digest))

    def digests(self, sandbox_id: str) -> Sequence[str]:
        with self._lock:
            return sorted(self._box(sandbox_id).blobs)

    def drop_blob(self, sandbox_id: str, digest: str) -> None:
        with self._lock:
            self._box(sandbox_id).blobs.discard(digest)
            self._take_off(sandbox_id, digest)

    # journals
    def log(self, sandbox_id: str, journal: str, entry: Mapping[str, Any]) -> int:
        box = self._box(sandbox_id)
        with box.lock:
            if journal not in box.journals:
                box.journals[journal] = Journal(deque(maxlen=self._journal_entries))
            return box.journals[journal].append(entry)

    def journal(
        self,
        sandbox_id: str,
        journal: str,
        *,
        after: int | None = None,
        limit: int = 100,
        newest: bool = False,
    ) -> JournalPage:
        box = self._box(sandbox_id)
        with box.lock:
            log = box.journals.get(journal)
            if log is None:
                return JournalPage((), 0)
            rows = [row for row in log.entries if after is None or row[0] > after]
            return JournalPage(tuple(rows[-limit:] if newest else rows[:limit]), log.last - len(log.entries))

    def journals(self, sandbox_id: str) -> Sequence[str]:
        box = self._box(sandbox_id)
        with box.lock:
            return sorted(box.journals)

    # what one thread does in a row: each thing is done as it comes
    def reading(self) -> AbstractContextManager[object]:
        return nullcontext()

    def together(self, sandbox_id: str) -> AbstractContextManager[object]:
        return nullcontext()

    def afterwards(self, do: Callable[[], object]) -> None:
        do()

    # other processes: there is none
    def broadcast(self, word: Mapping[str, Any]) -> None:
        pass

    def on_broadcast(self, listener: Callable[[Mapping[str, Any]], None]) -> None:
        pass

    def close(self) -> None:
        """Let everything go."""
        with self._lock:
            self._boxes.clear()
            self._bound.clear()
            self._blobs.clear()
            self._spare.clear()
            self._blob_total = 0

    def _box(self, sandbox_id: str) -> Box:
        try:
            return self._boxes[sandbox_id]
        except KeyError:
            raise NotFound(f"no sandbox {sandbox_id}") from None

    def _shelf(self, digest: str) -> Shelf:
        return self._spare if digest.startswith(SPARE) else self._blobs

    def _take_off(self, sandbox_id: str, digest: str) -> None:
        self._blob_total -= len(self._shelf(digest).pop((sandbox_id, digest), b""))

    def _drop_oldest(self) -> None:
        sandbox_id, digest = next(iter(self._spare or self._blobs))
        self._take_off(sandbox_id, digest)
        box = self._boxes[sandbox_id]
        box.blobs.discard(digest)
        if not digest.startswith(SPARE):
            with box.lock:
                box.count(DROPPED)

    def _drop_blobs(self, box: Box) -> None:
        for digest in box.blobs:
            self._take_off(box.sandbox.id, digest)
        box.blobs.clear()

    def _tell(self, sandbox_id: str) -> None:
        for listener in self._listeners:
            listener(sandbox_id)
