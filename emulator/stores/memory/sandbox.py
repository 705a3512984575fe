"""The promises about one sandbox, kept in memory: each act finds the sandbox's box and locks it."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from emulator.core.item import Item
from emulator.core.sandboxes.clock import Clock
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.storage.store import BALANCES, Add, Due, ItemT, JournalPage
from emulator.stores.memory.box import Box, Journal
from emulator.stores.memory.boxes import Boxes


class MemorySandbox:
    """One sandbox of a memory store. The box is looked up by each act: it may be gone, or another by now."""

    __slots__ = ("_boxes", "id")

    def __init__(self, boxes: Boxes, sandbox_id: str) -> None:
        self._boxes = boxes
        self.id = sandbox_id

    @property
    def sandbox(self) -> Sandbox:
        return self._box().sandbox

    def clear(self, keep: Sequence[str]) -> None:
        with self._boxes.lock:
            box = self._box()
            with box.lock:
                self._boxes.drop_documents(box)
                box.forget_all_but(keep, BALANCES)
        self._boxes.tell(self.id)

    # items
    def get(self, kind: type[ItemT], item_id: str) -> ItemT | None:
        return self._box().items.get((kind.kind, item_id))  # type: ignore[return-value]

    def find(self, kind: type[ItemT], ref: str) -> ItemT | None:
        box = self._box()
        with box.lock:
            item_id = box.refs.get((kind.kind, ref))
            return None if item_id is None else box.items.get((kind.kind, item_id))  # type: ignore[return-value]

    def commit(
        self, puts: Sequence[Item] = (), *, adds: Sequence[Add] = (), deletes: Sequence[Item] = ()
    ) -> None:
        box = self._box()
        with box.lock:
            first = box.due[:1]
            box.write(puts, adds, deletes)
            changed = box.due[:1] != first or any(item.kind == Clock.kind for item in puts)
        if changed:
            self._boxes.tell(self.id)

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
        box = self._box()
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
        return len(self._box().lists.get(name, ()))

    def items(self) -> Sequence[Item]:
        box = self._box()
        with box.lock:
            return [*box.items.values()]

    # numbers
    def next(self, name: str) -> int:
        box = self._box()
        with box.lock:
            return box.count(name)

    def number(self, name: str) -> int:
        return self._box().numbers.get(name, 0)

    def numbers(self) -> Mapping[str, int]:
        box = self._box()
        with box.lock:
            return dict(box.numbers)

    # time
    def due(self) -> Due | None:
        box = self._box()
        with box.lock:
            return box.first_due()

    @contextmanager
    def exclusive(self, name: str, *, wait: float) -> Iterator[bool]:
        lock = self._box().locks.setdefault(name, threading.Lock())
        mine = lock.acquire(timeout=wait) if wait else lock.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                lock.release()
                self._boxes.tell(self.id)

    # blobs
    def put_blob(self, digest: str, content: bytes) -> None:
        self._boxes.put_document(self.id, digest, content)

    def blob(self, digest: str) -> bytes | None:
        self._box()
        return self._boxes.documents.get(self.id, digest)

    def digests(self) -> Sequence[str]:
        with self._boxes.lock:
            return sorted(self._box().digests)

    def drop_blob(self, digest: str) -> None:
        with self._boxes.lock:
            self._box().digests.discard(digest)
            self._boxes.documents.drop(self.id, digest)

    # journals
    def log(self, journal: str, entry: Mapping[str, Any]) -> int:
        box = self._box()
        with box.lock:
            if journal not in box.journals:
                box.journals[journal] = Journal(deque(maxlen=self._boxes.journal_entries))
            return box.journals[journal].append(entry)

    def journal(
        self, journal: str, *, after: int | None = None, limit: int = 100, newest: bool = False
    ) -> JournalPage:
        box = self._box()
        with box.lock:
            log = box.journals.get(journal)
            if log is None:
                return JournalPage((), 0)
            rows = [row for row in log.entries if after is None or row[0] > after]
            return JournalPage(tuple(rows[-limit:] if newest else rows[:limit]), log.last - len(log.entries))

    def journals(self) -> Sequence[str]:
        box = self._box()
        with box.lock:
            return sorted(box.journals)

    # what one thread does in a row: each thing is done as it comes
    def together(self) -> AbstractContextManager[object]:
        return nullcontext()

    def _box(self) -> Box:
        return self._boxes.box(self.id)
