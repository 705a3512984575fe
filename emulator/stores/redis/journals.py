"""Journals in Redis, bounded in number each and in bytes in all.

How many bytes a sandbox's journals have comes with the answer to each entry. A worker that has logged a
part of the bound writes down what it has heard, under a key of its own slot, and makes room when all
sandboxes have too many. So with several workers there may be more than the bound by that part for each.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from emulator.core.errors import NotFound
from emulator.core.storage.journals import ROOM, water_level, write_entry
from emulator.stores.redis.client import RedisClient, unwrap
from emulator.stores.redis.commands import sandbox_script
from emulator.stores.redis.schema import JOURNAL_SIZES, text, untext
from emulator.stores.redis.session import RedisSessions

PART = 1 / 32
"""Part of the bound after which a worker looks how much there is in all."""


class RedisJournals:
    """Appends to journals of at most `entries` and all journals of `bound` bytes."""

    def __init__(self, client: RedisClient, sessions: RedisSessions, entries: int, bound: int) -> None:
        self._client = client
        self._sessions = sessions
        self._entries = entries
        self._bound = bound
        self._sizes: dict[str, int] = {}
        self._logged = 0
        self._lock = threading.Lock()

    def log(self, sandbox_id: str, name: str, entry: Mapping[str, Any]) -> int:
        """Append an entry; returns its number, on a session 0 at once."""
        body = write_entry(entry)
        command = sandbox_script("log", sandbox_id, text(name), body, self._entries)
        session = self._sessions.current
        if session is None or session.transaction is not None:
            self._sessions.flush(sandbox_id)
            return self._heard(sandbox_id, len(body), self._client.send(command))
        self._sessions.tell(command, check=partial(self._heard, sandbox_id, len(body)))
        return 0

    def forget(self, sandbox_id: str) -> None:
        """Hear that a sandbox has no journals any more."""
        with self._lock:
            self._sizes.pop(sandbox_id, None)
        self._client.run("ZREM", JOURNAL_SIZES, text(sandbox_id))

    def _heard(self, sandbox_id: str, size: int, answers: list[Any]) -> int:
        number, total = unwrap(answers[0])
        with self._lock:
            self._sizes[sandbox_id] = int(total)
            self._logged += size
            if self._logged <= PART * self._bound:
                return int(number)
            self._logged, heard, self._sizes = 0, self._sizes, {}
        self._make_room(heard)
        return int(number)

    def _make_room(self, heard: Mapping[str, int]) -> None:
        self._note(heard)
        rows = self._client.run("ZRANGE", JOURNAL_SIZES, 0, -1, "WITHSCORES")
        sizes = {untext(name): int(size) for name, size in zip(rows[::2], rows[1::2], strict=True)}
        if sum(sizes.values()) > self._bound:
            level = water_level(sizes.values(), int(ROOM * self._bound))
            self._trim([name for name, size in sizes.items() if size > level], level)

    def _trim(self, names: Iterable[str], level: int) -> None:
        left: dict[str, Any] = {}
        for name in names:
            (left[name],) = self._client.send(sandbox_script("trim_journals", name, level))
        for name in [name for name, size in left.items() if isinstance(size, NotFound)]:
            self.forget(name)
            del left[name]
        self._note({name: int(unwrap(size)) for name, size in left.items()})

    def _note(self, sizes: Mapping[str, int]) -> None:
        if sizes:
            words = [word for name, size in sizes.items() for word in (size, text(name))]
            self._client.run("ZADD", JOURNAL_SIZES, *words)
