"""What was found out about the documents seen last, by digest."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

_MOST = 4096

MadeT = TypeVar("MadeT")


class Recent(Generic[MadeT]):
    """As much as so many documents make; what was asked for last is forgotten last."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._kept: dict[str, MadeT] = {}
        self._lock = threading.Lock()

    def __contains__(self, digest: str) -> bool:
        return digest in self._kept

    def get(self, digest: str) -> MadeT | None:
        with self._lock:
            found = self._kept.pop(digest, None)
            if found is not None:
                self._kept[digest] = found
            return found

    def put(self, digest: str, found: MadeT) -> None:
        with self._lock:
            self._kept.pop(digest, None)
            self._kept[digest] = found
            if len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
