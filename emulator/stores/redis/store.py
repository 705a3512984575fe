"""The store's promises, kept by Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from emulator.core.item import Item
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.storage.store import Add, ById, SandboxStore
from emulator.stores.redis import wire
from emulator.stores.redis.link import Link, answered
from emulator.stores.redis.locks import LIFE, Locks
from emulator.stores.redis.news import News
from emulator.stores.redis.register import Register
from emulator.stores.redis.sandbox import RedisSandbox, Shared
from emulator.stores.redis.singly import Singly
from emulator.stores.redis.visit import Visits, written
from emulator.stores.redis.wire import load_item, sandbox_key, text, untext


class RedisStore(ById):
    """Keeps sandboxes in Redis; `blob_bytes` bounds documents in all, `journal_entries` each journal.

    A lock that is held is taken from a process that shows no life for `lock_life` real seconds.
    """

    shared = True

    def __init__(
        self,
        url: str,
        *,
        blob_bytes: int = 512 * 2**20,
        journal_entries: int = 1000,
        lock_life: float = LIFE,
    ) -> None:
        self._link = Link(url)
        reads = Singly(self._link)
        self._visits = Visits(self._link, reads)
        self._news = News(self._link, self._everyone)
        self._locks = Locks(self._link, self._visits, self._news.tell, lock_life)
        register = Register(self._link, blob_bytes)
        self._shared = Shared(self._link, reads, self._visits, self._locks, register, journal_entries)

    # sandboxes
    def of(self, sandbox_id: str) -> SandboxStore:
        return RedisSandbox(self._shared, sandbox_id)

    def create(self, sandbox: Sandbox, items: Sequence[Item], adds: Sequence[Add] = ()) -> None:
        self._link.run("ZADD", wire.SANDBOXES, 0, text(sandbox.id))
        self._link.run(*written(self._link, sandbox.id, items, adds, record=wire.dump_item(sandbox)))

    def sandboxes(self, after: str | None = None, limit: int = 100) -> list[Sandbox]:
        found: list[Sandbox] = []
        while len(found) < limit:
            low = b"-" if after is None else b"(" + text(after)
            ids = self._link.run("ZRANGEBYLEX", wire.SANDBOXES, low, "+", "LIMIT", 0, limit - len(found))
            if not ids:
                break
            after = untext(ids[-1])
            bodies = self._link.send(*(("GET", sandbox_key(untext(each))) for each in ids))
            found += [load_item(Sandbox, body) for body in map(answered, bodies) if body is not None]
        return found

    def remove(self, sandbox_id: str) -> None:
        for credential in self._link.run("SMEMBERS", wire.key(sandbox_id, "credentials")):
            self._link.script("unbind", [wire.credential_key(untext(credential))], text(sandbox_id))
        RedisSandbox(self._shared, sandbox_id).forget(whole=True)
        self._link.run("ZREM", wire.SANDBOXES, text(sandbox_id))

    def bind(self, key: str, sandbox_id: str) -> None:
        self._visits.settle(sandbox_id, changes=True)
        self._link.script("bind", [sandbox_key(sandbox_id)], text(key))
        self._link.run("SET", wire.credential_key(key), text(sandbox_id))

    def bound(self, key: str) -> str | None:
        return self._visits.bound(key)

    # time
    def on_due(self, listener: Callable[[str], None]) -> None:
        self._news.listen(listener)

    # what one thread does in a row
    def reading(self) -> AbstractContextManager[object]:
        return self._visits.reading()

    def afterwards(self, do: Callable[[], object]) -> None:
        self._visits.afterwards(do)

    # other processes
    def broadcast(self, word: Mapping[str, Any]) -> None:
        self._news.say(word)

    def on_broadcast(self, listener: Callable[[Mapping[str, Any]], None]) -> None:
        self._news.hear(listener)

    def close(self) -> None:
        """Let go of the threads and the connections; what is stored stays."""
        self._news.close()
        self._locks.close()
        self._link.close()

    def _everyone(self) -> Iterable[str]:
        return [untext(each) for each in self._link.run("ZRANGE", wire.SANDBOXES, 0, -1)]
