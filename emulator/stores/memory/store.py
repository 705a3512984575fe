"""The promises about all sandboxes and about one, kept in dictionaries of this process."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from emulator.core.errors import Conflict
from emulator.core.item import Add, Item
from emulator.core.sandbox import BALANCES, Clock, Sandbox
from emulator.core.short_lock import ShortLock
from emulator.core.storage.journals import JOURNAL_BYTES, LateEntry, write_entry
from emulator.core.storage.store import DROPPED, SPARE, Due, ItemT, JournalPage, SandboxStore
from emulator.stores.memory.box import BoundedBlobs, Box, Boxes
from emulator.stores.memory.journals import BoundedJournals, Journal, read_kept, weigh


class MemoryStore:
    """Keeps sandboxes in boxes.

    `blob_bytes` bounds documents in all, `journal_entries` each journal, `journal_bytes` all of them in all.
    """

    shared = False

    def __init__(
        self,
        *,
        blob_bytes: int = 512 * 2**20,
        journal_entries: int = 1000,
        journal_bytes: int = JOURNAL_BYTES,
    ) -> None:
        self.journal_entries = journal_entries
        self.journals = BoundedJournals(journal_bytes, lambda: list(self.boxes.values()))
        self.blobs = BoundedBlobs(blob_bytes)
        self.lock = ShortLock()
        """Taken before a box's own lock, never after it."""
        self.boxes = Boxes()
        self._bound: dict[str, str] = {}
        self._listeners: list[Callable[[str], None]] = []

    # sandboxes
    def of(self, sandbox_id: str) -> SandboxStore:
        return MemorySandbox(self, sandbox_id)

    def create(self, sandbox: Sandbox, items: Sequence[Item], adds: Sequence[Add] = ()) -> None:
        box = Box(sandbox)
        box.write(items, adds, ())
        with self.lock:
            if sandbox.id in self.boxes:
                raise Conflict(f"sandbox {sandbox.id} exists")
            self.boxes[sandbox.id] = box
            box.used = sandbox.created_at
        self.tell(sandbox.id)

    def sandboxes(self, after: str | None = None, limit: int = 100) -> list[Sandbox]:
        with self.lock:
            names = sorted(self.boxes)
            start = bisect_right(names, after) if after is not None else 0
            return [self.boxes[name].sandbox for name in names[start : start + limit]]

    def remove(self, sandbox_id: str) -> None:
        with self.lock:
            box = self.boxes[sandbox_id]
            with box.lock:
                del self.boxes[sandbox_id]
                self.drop_blobs(box)
                for key in box.credentials:
                    if self._bound.get(key) == sandbox_id:
                        del self._bound[key]
        self.tell(sandbox_id)

    def note_use(self, sandbox_id: str, at: float) -> None:
        self.boxes[sandbox_id].used = at

    def list_unused(self, before: float) -> Sequence[str]:
        with self.lock:
            return [name for name, box in self.boxes.items() if box.used < before]

    def bind(self, key: str, sandbox_id: str) -> None:
        with self.lock:
            self.boxes[sandbox_id].credentials.add(key)
            self._bound[key] = sandbox_id

    def bound(self, key: str) -> str | None:
        return self._bound.get(key)

    # time
    def on_due(self, listener: Callable[[str], None]) -> None:
        self._listeners.append(listener)

    # what one thread does in a row: each thing is done as it comes
    def reading(self, *, plays: bool = False, request: str = "") -> AbstractContextManager[object]:
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
        with self.lock:
            for box in self.boxes.values():
                self.drop_blobs(box)
            self.boxes.clear()
            self._bound.clear()

    # for its sandboxes
    def put_blob(self, sandbox_id: str, digest: str, content: bytes) -> None:
        """Keep content and count what is let go to make room for it, unless it was spare."""
        with self.lock:
            self.boxes[sandbox_id].digests.add(digest)
            for owner, old in self.blobs.put(sandbox_id, digest, content):
                box = self.boxes[owner]
                box.digests.discard(old)
                if not old.startswith(SPARE):
                    with box.lock:
                        box.numbers[DROPPED] += 1

    def drop_blobs(self, box: Box) -> None:
        """Forget all content of a box; the caller holds `lock`."""
        for digest in box.digests:
            self.blobs.drop(box.sandbox.id, digest)
        box.digests.clear()

    def tell(self, sandbox_id: str) -> None:
        """Call the listeners: something else is due first there, or may be."""
        for listener in self._listeners:
            listener(sandbox_id)


class MemorySandbox:
    """One sandbox of a memory store. Each act looks the box up anew: it may be gone, or another."""

    __slots__ = ("_boxes", "_store", "id")

    def __init__(self, store: MemoryStore, sandbox_id: str) -> None:
        self._store, self._boxes = store, store.boxes
        self.id = sandbox_id

    @property
    def sandbox(self) -> Sandbox:
        return self._boxes[self.id].sandbox

    def clear(self, keep: Sequence[str]) -> None:
        with self._store.lock:
            box = self._boxes[self.id]
            with box.lock:
                self._store.drop_blobs(box)
                box.forget_all_but(keep, BALANCES)
        self._store.tell(self.id)

    # items
    def get(self, kind: type[ItemT], item_id: str) -> ItemT | None:
        return self._boxes[self.id].items.get((kind.kind, item_id))  # type: ignore[return-value]

    def find(self, kind: type[ItemT], ref: str) -> ItemT | None:
        box = self._boxes[self.id]
        with box.lock:
            item_id = box.refs.get((kind.kind, ref))
            return None if item_id is None else box.items.get((kind.kind, item_id))  # type: ignore[return-value]

    def commit(
        self,
        puts: Sequence[Item] = (),
        *,
        adds: Sequence[Add] = (),
        deletes: Sequence[Item] = (),
        same: Sequence[Item] = (),
    ) -> None:
        box = self._boxes[self.id]
        with box.lock:
            for item in same:
                if box.items.get((item.kind, item.id)) != item:
                    raise Conflict(f"{item.kind} {item.id} has changed")
            first, of_time = box.due[:1], any(item.kind == Clock.kind for item in puts)
            box.write(puts, adds, deletes)
            sooner = box.due[:1] != first
        if sooner or of_time:
            self._store.tell(self.id)

    def list(
        self,
        kind: type[ItemT],
        name: str,
        *,
        after: int | None = None,
        offset: int = 0,
        limit: int = 50,
        descending: bool = True,
    ) -> list[ItemT]:
        box = self._boxes[self.id]
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

    def count(self, name: str) -> int:
        return len(self._boxes[self.id].lists.get(name, ()))

    def items(self) -> Sequence[Item]:
        box = self._boxes[self.id]
        with box.lock:
            return [*box.items.values()]

    # numbers
    def next(self, name: str) -> int:
        box = self._boxes[self.id]
        with box.lock:
            box.numbers[name] += 1
            return box.numbers[name]

    def number(self, name: str) -> int:
        return self._boxes[self.id].numbers[name]

    def numbers(self) -> Mapping[str, int]:
        box = self._boxes[self.id]
        with box.lock:
            return dict(box.numbers)

    # time
    def due(self) -> Due | None:
        box = self._boxes[self.id]
        with box.lock:
            return box.first_due()

    @contextmanager
    def exclusive(self, name: str, *, wait: float) -> Iterator[bool]:
        lock = self._boxes[self.id].locks.setdefault(name, threading.Lock())
        mine = lock.acquire(timeout=wait) if wait else lock.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                lock.release()
                self._store.tell(self.id)

    # blobs
    def put_blob(self, digest: str, content: bytes) -> None:
        self._store.put_blob(self.id, digest, content)

    def blob(self, digest: str) -> bytes | None:
        self._boxes[self.id]
        return self._store.blobs.get(self.id, digest)

    def digests(self) -> Sequence[str]:
        with self._store.lock:
            return sorted(self._boxes[self.id].digests)

    # journals
    def log(self, journal: str, entry: Mapping[str, Any]) -> int:
        box, body = self._boxes[self.id], entry if isinstance(entry, LateEntry) else write_entry(entry)
        with box.lock:
            if journal not in box.journals:
                box.journals[journal] = Journal(self._store.journal_entries)
            number = box.journals[journal].append(body)
        self._store.journals.have_logged(weigh(body))
        return number

    def journal(
        self, journal: str, *, after: int | None = None, limit: int = 100, newest: bool = False
    ) -> JournalPage:
        box = self._boxes[self.id]
        with box.lock:
            log = box.journals.get(journal)
            if log is None:
                return JournalPage((), 0)
            rows = [row for row in log.entries if after is None or row[0] > after]
            dropped = log.last - len(log.entries)
        rows = rows[max(0, len(rows) - limit) :] if newest else rows[:limit]
        return JournalPage(tuple((number, read_kept(body)) for number, body in rows), dropped)

    def journals(self) -> Sequence[str]:
        box = self._boxes[self.id]
        with box.lock:
            return sorted(box.journals)

    # what one thread does in a row: each thing is done as it comes
    def together(self) -> AbstractContextManager[object]:
        return nullcontext()
