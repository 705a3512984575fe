"""Journals in memory, bounded in bytes in all: entries are bytes, or as they came until they are read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from emulator.core.short_lock import ShortLock
from emulator.core.storage.journals import ROOM, LateEntry, read_entry, water_level

Written = bytes | LateEntry
"""An entry as bytes, or one that becomes them when it is read."""


def weigh(entry: Written) -> int:
    """The bytes of an entry."""
    return entry.size if isinstance(entry, LateEntry) else len(entry)


def read_kept(entry: Written) -> Mapping[str, Any]:
    """An entry as plain data."""
    return read_entry(entry.write() if isinstance(entry, LateEntry) else entry)


@dataclass
class Journal:
    """A log of at most `most` entries; `last` is the number of the newest one, `size` the bytes of all."""

    most: int
    entries: deque[tuple[int, Written]] = field(default_factory=deque)
    last: int = 0
    size: int = 0

    def append(self, body: Written) -> int:
        self.last += 1
        self.entries.append((self.last, body))
        self.size += weigh(body)
        if len(self.entries) > self.most:
            self.drop_oldest()
        return self.last

    def drop_oldest(self) -> None:
        self.size -= weigh(self.entries.popleft()[1])


class JournalKeeper(Protocol):
    """Whoever has journals, and the lock that guards them."""

    journals: dict[str, Journal]
    lock: Any


def size_of(kept: JournalKeeper) -> int:
    """The bytes of all journals of a sandbox."""
    return sum(each.size for each in kept.journals.values())


def trim(kept: JournalKeeper, most: int) -> None:
    """Let go of the oldest entries of the longest journal, until all have so many bytes at most."""
    while (over := size_of(kept) - most) > 0:
        longest = max(kept.journals.values(), key=lambda each: each.size)
        least = longest.size - over
        while longest.size > max(0, least):
            longest.drop_oldest()


class BoundedJournals:
    """The bytes of all journals, which `all_kept` lists."""

    def __init__(self, bound: int, all_kept: Callable[[], Iterable[JournalKeeper]]) -> None:
        self._bound = bound
        self._all = all_kept
        self._most = 0
        self._lock = ShortLock()

    def have_logged(self, size: int) -> None:
        """Hear of so many bytes more; make room when there may be too many. The caller holds no lock."""
        with self._lock:
            self._most += size  # at most: what was let go meanwhile still counts
            if self._most > self._bound:
                self._make_room(list(self._all()), int(ROOM * self._bound))

    def _make_room(self, kept: list[JournalKeeper], room: int) -> None:
        sizes = list(map(size_of, kept))
        level = water_level(sizes, room)
        for each, size in zip(kept, sizes, strict=True):
            if size > level:
                with each.lock:
                    trim(each, level)
        self._most = min(sum(sizes), room)
