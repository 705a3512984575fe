"""The boxes of all sandboxes: what a memory store and its handles on single sandboxes share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from emulator.core.errors import NotFound
from emulator.core.storage.store import DROPPED, SPARE
from emulator.stores.memory.box import Box
from emulator.stores.memory.documents import Documents


@dataclass(frozen=True)
class Boxes:
    """Boxes by id, and the documents in all of them. `lock` is taken before a box's own, never after it."""

    documents: Documents
    journal_entries: int
    by_id: dict[str, Box] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    listeners: list[Callable[[str], None]] = field(default_factory=list)

    def box(self, sandbox_id: str) -> Box:
        try:
            return self.by_id[sandbox_id]
        except KeyError:
            raise NotFound(f"no sandbox {sandbox_id}") from None

    def tell(self, sandbox_id: str) -> None:
        """Call the listeners: something else is due first there, or may be."""
        for listener in self.listeners:
            listener(sandbox_id)

    def put_document(self, sandbox_id: str, digest: str, content: bytes) -> None:
        """Keep content and count what is let go to make room for it, unless it was spare."""
        with self.lock:
            self.box(sandbox_id).digests.add(digest)
            for owner, old in self.documents.put(sandbox_id, digest, content):
                box = self.by_id[owner]
                box.digests.discard(old)
                if not old.startswith(SPARE):
                    with box.lock:
                        box.count(DROPPED)

    def drop_documents(self, box: Box) -> None:
        """Forget all content of a box; the caller holds `lock`."""
        for digest in box.digests:
            self.documents.drop(box.sandbox.id, digest)
        box.digests.clear()
