"""The promises about all sandboxes, kept by Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from emulator.core.item import Add, Item
from emulator.core.sandbox import Sandbox
from emulator.core.storage.journals import JOURNAL_BYTES
from emulator.core.storage.store import SandboxStore
from emulator.stores.redis import schema
from emulator.stores.redis.blobs import RedisBlobs
from emulator.stores.redis.client import RedisClient, unwrap
from emulator.stores.redis.commands import commit_items, guarded, script
from emulator.stores.redis.journals import RedisJournals
from emulator.stores.redis.locks import LIFE, RedisLocks
from emulator.stores.redis.pubsub import RedisPubSub
from emulator.stores.redis.sandbox import Backend, RedisSandbox
from emulator.stores.redis.schema import load_item, text, untext
from emulator.stores.redis.session import RedisSessions


class RedisStore:
    """Keeps sandboxes in Redis.

    `blob_bytes` bounds documents in all, `journal_entries` each journal, `journal_bytes` all of them in all.
    A lock that is held is taken from a process that shows no life for `lock_life` real seconds.
    """

    shared = True

    def __init__(
        self,
        url: str,
        *,
        blob_bytes: int = 512 * 2**20,
        journal_entries: int = 1000,
        journal_bytes: int = JOURNAL_BYTES,
        lock_life: float = LIFE,
    ) -> None:
        self._client = RedisClient(url)
        self._sessions = RedisSessions(self._client)
        self._pubsub = RedisPubSub(self._client, self._everyone)
        self._locks = RedisLocks(self._client, self._sessions, self._pubsub.tell, lock_life)
        blobs = RedisBlobs(self._client, self._sessions, blob_bytes)
        journals = RedisJournals(self._client, self._sessions, journal_entries, journal_bytes)
        self._backend = Backend(self._client, self._sessions, self._locks, blobs, journals)

    # sandboxes
    def of(self, sandbox_id: str) -> SandboxStore:
        return RedisSandbox(self._backend, sandbox_id)

    def create(self, sandbox: Sandbox, items: Sequence[Item], adds: Sequence[Add] = ()) -> None:
        self._client.run("ZADD", schema.SANDBOXES, 0, text(sandbox.id))
        self._client.run("ZADD", schema.USED, "NX", repr(sandbox.created_at), text(sandbox.id))
        self._client.run(*commit_items(sandbox.id, items, adds, record=schema.dump_item(sandbox)))

    def sandboxes(self, after: str | None = None, limit: int = 100) -> list[Sandbox]:
        found: list[Sandbox] = []
        while len(found) < limit:
            low = b"-" if after is None else b"(" + text(after)
            ids = self._client.run("ZRANGEBYLEX", schema.SANDBOXES, low, "+", "LIMIT", 0, limit - len(found))
            if not ids:
                break
            after = untext(ids[-1])
            bodies = self._client.send(*(("GET", schema.sandbox_key(untext(each))) for each in ids))
            found += [load_item(Sandbox, body) for body in map(unwrap, bodies) if body is not None]
        return found

    def remove(self, sandbox_id: str) -> None:
        # First: whoever is noted as unused, and is gone already, is not asked for again.
        self._client.run("ZREM", schema.USED, text(sandbox_id))
        for credential in self._client.run("SMEMBERS", schema.key_in(sandbox_id, "credentials")):
            self._client.run(*script("unbind", [schema.credential_key(untext(credential))], text(sandbox_id)))
        RedisSandbox(self._backend, sandbox_id).remove()
        self._client.run("ZREM", schema.SANDBOXES, text(sandbox_id))

    def note_use(self, sandbox_id: str, at: float) -> None:
        self._client.run("ZADD", schema.USED, repr(at), text(sandbox_id))

    def list_unused(self, before: float) -> Sequence[str]:
        found = self._client.run("ZRANGEBYSCORE", schema.USED, "-inf", f"({before!r}")
        return [untext(each) for each in found]

    def bind(self, key: str, sandbox_id: str) -> None:
        self._sessions.flush(sandbox_id)
        # Noted first, so that removal of the sandbox lets go of it whatever happens in between.
        self._client.run(*guarded(sandbox_id, "SADD", "credentials", text(key)))
        self._client.run("SET", schema.credential_key(key), text(sandbox_id))
        self._sessions.forget(key)

    def bound(self, key: str) -> str | None:
        return self._sessions.bound(key)

    # time
    def on_due(self, listener: Callable[[str], None]) -> None:
        self._pubsub.on_due(listener)

    # what one thread does in a row
    def reading(self, *, plays: bool = False, request: str = "") -> AbstractContextManager[object]:
        return self._sessions.reading(plays, request)

    def afterwards(self, do: Callable[[], object]) -> None:
        self._sessions.afterwards(do)

    # other processes
    def broadcast(self, word: Mapping[str, Any]) -> None:
        self._pubsub.say(word)

    def on_broadcast(self, listener: Callable[[Mapping[str, Any]], None]) -> None:
        self._pubsub.on_word(listener)

    def close(self) -> None:
        """Let go of the threads and the connections; what is stored stays."""
        self._pubsub.close()
        self._locks.close()
        self._client.close()

    def _everyone(self) -> Iterable[str]:
        return [untext(each) for each in self._client.run("ZRANGE", schema.SANDBOXES, 0, -1)]
