"""The documents of all sandboxes in memory, whose size in all is kept within a bound."""

from __future__ import annotations

from collections import OrderedDict

from emulator.core.storage.store import SPARE

BlobKey = tuple[str, str]
"""Sandbox and digest."""


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
