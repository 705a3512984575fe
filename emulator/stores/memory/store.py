"""The promises about all sandboxes, kept in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from emulator.core.errors import Conflict
from emulator.core.item import Item
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.storage.store import Add, ById, SandboxStore
from emulator.stores.memory.box import Box
from emulator.stores.memory.boxes import Boxes
from emulator.stores.memory.documents import Documents
from emulator.stores.memory.sandbox import MemorySandbox


class MemoryStore(ById):
    """Keeps sandboxes in dictionaries. `blob_bytes` bounds documents in all, `journal_entries` journals."""

    shared = False

    def __init__(self, *, blob_bytes: int = 512 * 2**20, journal_entries: int = 1000) -> None:
        self._boxes = Boxes(Documents(blob_bytes), journal_entries)
        self._bound: dict[str, str] = {}

    # sandboxes
    def of(self, sandbox_id: str) -> SandboxStore:
        return MemorySandbox(self._boxes, sandbox_id)

    def create(self, sandbox: Sandbox, items: Sequence[Item], adds: Sequence[Add] = ()) -> None:
        box = Box(sandbox)
        box.write(items, adds, ())
        with self._boxes.lock:
            if sandbox.id in self._boxes.by_id:
                raise Conflict(f"sandbox {sandbox.id} exists")
            self._boxes.by_id[sandbox.id] = box
        self._boxes.tell(sandbox.id)

    def sandboxes(self, after: str | None = None, limit: int = 100) -> list[Sandbox]:
        with self._boxes.lock:
            names = sorted(self._boxes.by_id)
            start = bisect_right(names, after) if after is not None else 0
            return [self._boxes.by_id[name].sandbox for name in names[start : start + limit]]

    def remove(self, sandbox_id: str) -> None:
        with self._boxes.lock:
            box = self._boxes.box(sandbox_id)
            with box.lock:
                del self._boxes.by_id[sandbox_id]
                self._boxes.drop_documents(box)
                for key in box.credentials:
                    if self._bound.get(key) == sandbox_id:
                        del self._bound[key]
        self._boxes.tell(sandbox_id)

    def bind(self, key: str, sandbox_id: str) -> None:
        with self._boxes.lock:
            self._boxes.box(sandbox_id).credentials.add(key)
            self._bound[key] = sandbox_id

    def bound(self, key: str) -> str | None:
        return self._bound.get(key)

    # time
    def on_due(self, listener: Callable[[str], None]) -> None:
        self._boxes.listeners.append(listener)

    # what one thread does in a row: each thing is done as it comes
    def reading(self) -> AbstractContextManager[object]:
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
        with self._boxes.lock:
            for box in self._boxes.by_id.values():
                self._boxes.drop_documents(box)
            self._boxes.by_id.clear()
            self._bound.clear()
