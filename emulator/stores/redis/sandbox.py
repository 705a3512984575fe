"""The promises about one sandbox, kept by Redis.

Each act asks first what its thread holds back (the transaction), then what it has read (the prefetch),
and then the server. What only the server can answer, a list say, must see what is held back: that is
written before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from emulator.core.errors import NotFound
from emulator.core.item import Add, Item
from emulator.core.sandbox import BALANCES, Sandbox
from emulator.core.storage.journals import read_entry
from emulator.core.storage.store import Due, ItemT, JournalPage
from emulator.stores.redis import schema
from emulator.stores.redis.blobs import RedisBlobs
from emulator.stores.redis.client import RedisClient, unwrap
from emulator.stores.redis.commands import guarded, sandbox_script
from emulator.stores.redis.journals import RedisJournals
from emulator.stores.redis.locks import RedisLocks
from emulator.stores.redis.prefetch import COUNTED, WHOLE
from emulator.stores.redis.schema import load_item, text, untext
from emulator.stores.redis.session import RedisSessions
from emulator.stores.redis.transaction import read_item, read_number


@dataclass(frozen=True)
class Backend:
    """What the handles on all sandboxes of one store work with."""

    client: RedisClient
    sessions: RedisSessions
    locks: RedisLocks
    blobs: RedisBlobs
    journals: RedisJournals


class RedisSandbox:
    """One sandbox of a Redis store."""

    __slots__ = ("_backend", "_client", "_sessions", "id")

    def __init__(self, backend: Backend, sandbox_id: str) -> None:
        self._backend, self._client, self._sessions = backend, backend.client, backend.sessions
        self.id = sandbox_id

    @property
    def sandbox(self) -> Sandbox:
        transaction = self._sessions.transaction(self.id)
        found = transaction.prefetched if transaction else self._sessions.prefetched(self.id)
        body = self._client.run("GET", schema.sandbox_key(self.id)) if found is None else found.record
        if body is None:
            raise NotFound(f"no sandbox {self.id}")
        return load_item(Sandbox, body)

    def clear(self, keep: Sequence[str]) -> None:
        self._clear(0, *keep)

    def remove(self) -> None:
        """Forget the sandbox and all that is in it."""
        self._clear(1)

    def _clear(self, whole: int, *keep: str) -> None:
        self._sessions.flush(self.id, forget=True)
        digests = self._script("clear", schema.CHANNEL, text(self.id), whole, BALANCES, *keep)
        self._backend.blobs.forget(self.id, digests)
        self._backend.journals.forget(self.id)

    # items
    def get(self, kind: type[ItemT], item_id: str) -> ItemT | None:
        if transaction := self._sessions.transaction(self.id):
            return transaction.item(kind, item_id)
        found = self._sessions.prefetched(self.id) if kind.kind in WHOLE else None
        if found is None:
            self._sessions.settle()
            return read_item(self._client, self.id, kind, item_id)
        body = found.body(kind.kind, item_id)
        return load_item(kind, body) if body else None

    def find(self, kind: type[ItemT], ref: str) -> ItemT | None:
        body = self._flushed("find", kind.kind, schema.ref_field(kind.kind, ref))
        return None if body is None else load_item(kind, body)

    def commit(
        self,
        puts: Sequence[Item] = (),
        *,
        adds: Sequence[Add] = (),
        deletes: Sequence[Item] = (),
        same: Sequence[Item] = (),
    ) -> None:
        if transaction := self._sessions.transaction(self.id):
            transaction.commit(puts, adds, deletes, same)
            if transaction.full:
                self._sessions.flush(self.id)
        else:
            self._sessions.commit(self.id, puts, adds, deletes, same)

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
        low, high = schema.list_bounds(name)
        if after is not None and descending:
            high = schema.list_member(name, after)
        elif after is not None:
            low = schema.list_member(name, after + 1)
        bodies = self._flushed("list", kind.kind, low, high, offset, limit, int(descending))
        return [load_item(kind, body) for body in bodies]

    def count(self, name: str) -> int:
        known = None
        if transaction := self._sessions.transaction(self.id):
            known = transaction.count(name)
        elif name in COUNTED and (found := self._sessions.prefetched(self.id)):
            known = found.counts.get(name)
        if known is not None:
            return known
        low, high = schema.list_bounds(name)
        self._sessions.flush(self.id)
        count = ("ZLEXCOUNT", schema.key_in(self.id, "places"), b"[" + low, b"(" + high)
        # Most lists that are counted are empty: the look whether the sandbox is there goes along.
        counted, there = map(unwrap, self._client.send(count, ("EXISTS", schema.sandbox_key(self.id))))
        if not there:
            raise NotFound(f"no sandbox {self.id}")
        return int(counted)

    def items(self) -> Sequence[Item]:
        rows = self._flushed("items")
        found = [load_item(schema.kind_of(kind), body) for kind, bodies in rows for body in bodies]
        return sorted(found, key=lambda item: (item.kind, item.sequence, item.id))

    # numbers
    def next(self, name: str) -> int:
        if transaction := self._sessions.transaction(self.id):
            value = transaction.number(name) + 1
            transaction.commit(adds=(Add(name, 1, at_least=value, at_most=value),))
            return value
        return self._sessions.next(self.id, name)

    def number(self, name: str) -> int:
        if transaction := self._sessions.transaction(self.id):
            return transaction.number(name)
        found = self._sessions.prefetched(self.id)
        known = None if found is None else found.number(name)
        if known is not None:
            return known
        self._sessions.settle()
        return read_number(self._client, self.id, name)

    def numbers(self) -> Mapping[str, int]:
        self._sessions.flush(self.id)
        rows = self._client.run(*guarded(self.id, "HGETALL", "numbers"))
        return {untext(name): int(value) for name, value in zip(rows[::2], rows[1::2], strict=True)}

    # time
    def due(self) -> Due | None:
        if transaction := self._sessions.transaction(self.id):
            return (self._sessions.read_on(transaction) if transaction.short else transaction).due()
        found = self._sessions.prefetched(self.id)
        if found is not None and found.knows_due:
            return schema.due_at(*found.due[0]) if found.due else None
        self._sessions.settle()
        rows = self._client.read(self.id, "ZRANGE", "due", 0, 0, "WITHSCORES")
        return schema.due_at(float(rows[1]), rows[0]) if rows else None

    def exclusive(self, name: str, *, wait: float) -> AbstractContextManager[bool]:
        return self._backend.locks.hold(self.id, name, wait)

    # blobs
    def put_blob(self, digest: str, content: bytes) -> None:
        self._backend.blobs.put(self.id, digest, content)

    def blob(self, digest: str) -> bytes | None:
        found: bytes | None = self._backend.blobs.put_off(self.id, digest)
        return self._client.read(self.id, "HGET", "blobs", text(digest)) if found is None else found

    def digests(self) -> Sequence[str]:
        return sorted(map(untext, self._client.read(self.id, "HKEYS", "blobs")))

    # journals
    def log(self, journal: str, entry: Mapping[str, Any]) -> int:
        return self._backend.journals.log(self.id, journal, entry)

    def journal(
        self, journal: str, *, after: int | None = None, limit: int = 100, newest: bool = False
    ) -> JournalPage:
        dropped, first, bodies = self._flushed("journal", text(journal), after or 0, limit, int(newest))
        return JournalPage(tuple(enumerate(map(read_entry, bodies), first)), int(dropped))

    def journals(self) -> Sequence[str]:
        return sorted(map(untext, self._client.read(self.id, "HKEYS", "journals")))

    # what one thread does in a row
    def together(self) -> AbstractContextManager[object]:
        return self._sessions.together(self.id)

    def _flushed(self, name: str, *arguments: Any) -> Any:
        """Run a script when what is held back is written."""
        self._sessions.flush(self.id)
        return self._script(name, *arguments)

    def _script(self, name: str, *arguments: Any) -> Any:
        return self._client.run(*sandbox_script(name, self.id, *arguments))
