"""The promises about one sandbox, kept by Redis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from emulator.core.errors import NotFound
from emulator.core.item import Item
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.storage.store import BALANCES, Add, Due, ItemT, JournalPage
from emulator.stores.redis import wire
from emulator.stores.redis.link import Link
from emulator.stores.redis.locks import Locks
from emulator.stores.redis.register import Register
from emulator.stores.redis.singly import Singly
from emulator.stores.redis.view import COUNTED, SEEN
from emulator.stores.redis.visit import Visits, written
from emulator.stores.redis.wire import load_item, sandbox_key, text, untext

HARMLESS = frozenset({"count", "find", "items", "journal", "list", "log", "next", "numbers"})
"""Scripts that change nothing of what a thread may have read of a sandbox."""


@dataclass(frozen=True)
class Shared:
    """What the handles on all sandboxes of one store use."""

    link: Link
    reads: Singly
    visits: Visits
    locks: Locks
    register: Register
    journal_entries: int


class RedisSandbox:
    """One sandbox of a Redis store."""

    __slots__ = ("_shared", "id")

    def __init__(self, shared: Shared, sandbox_id: str) -> None:
        self._shared = shared
        self.id = sandbox_id

    @property
    def sandbox(self) -> Sandbox:
        view = self._shared.visits.view(self.id)
        body = self._shared.link.run("GET", sandbox_key(self.id)) if view is None else view.record
        if body is None:
            raise NotFound(f"no sandbox {self.id}")
        return load_item(Sandbox, body)

    def clear(self, keep: Sequence[str]) -> None:
        self.forget(keep)

    def forget(self, keep: Sequence[str] = (), *, whole: bool = False) -> None:
        """Clear it, or as a whole: then the sandbox is gone too."""
        told = (wire.CHANNEL, text(self.id))
        digests = self._script("clear", *told, int(whole), BALANCES, *keep)
        self._shared.register.strike(self.id, digests)

    # items
    def get(self, kind: type[ItemT], item_id: str) -> ItemT | None:
        if turn := self._shared.visits.turn(self.id):
            return turn.item(kind, item_id)
        view = self._shared.visits.view(self.id) if kind.kind in SEEN else None
        if view is None:
            return self._shared.reads.item(self.id, kind, item_id)
        body = view.body(kind.kind, item_id)
        return load_item(kind, body) if body else None

    def find(self, kind: type[ItemT], ref: str) -> ItemT | None:
        body = self._script("find", kind.kind, wire.ref(kind.kind, ref))
        return None if body is None else load_item(kind, body)

    def commit(
        self,
        puts: Sequence[Item] = (),
        *,
        adds: Sequence[Add] = (),
        deletes: Sequence[Item] = (),
    ) -> None:
        if turn := self._shared.visits.turn(self.id):
            turn.commit(puts, adds, deletes)
            return self._shared.visits.held(turn)
        self._shared.visits.run(self.id, written(self._shared.link, self.id, puts, adds, deletes))

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
        low, high = wire.bounds(name)
        if after is not None and descending:
            high = wire.place(name, after)
        elif after is not None:
            low = wire.place(name, after + 1)
        page = (wire.id_offset(name), offset, limit, int(descending))
        bodies = self._script("list", kind.kind, low, high, *page)
        return [load_item(kind, body) for body in bodies]

    def count(self, name: str) -> int:
        turn, known = self._shared.visits.turn(self.id), None
        if turn is not None:
            known = turn.count(name)
        elif name in COUNTED and (view := self._shared.visits.view(self.id)):
            known = view.counts[name]
        return int(self._script("count", *wire.bounds(name))) if known is None else known

    def items(self) -> Sequence[Item]:
        rows = self._script("items")
        found = [load_item(wire.kind_of(kind), body) for kind, bodies in rows for body in bodies]
        return sorted(found, key=lambda item: (item.kind, item.sequence, item.id))

    # numbers
    def next(self, name: str) -> int:
        if turn := self._shared.visits.turn(self.id):
            value = self.number(name) + 1
            turn.commit((), (Add(name, 1, at_least=value, at_most=value),), ())
            return value
        value = int(self._script("next", text(name)))
        self._shared.visits.learn(self.id, name, value)
        return value

    def number(self, name: str) -> int:
        if turn := self._shared.visits.turn(self.id):
            return turn.number(name)
        view = self._shared.visits.view(self.id)
        known = None if view is None else view.number(name)
        return self._shared.reads.number(self.id, name) if known is None else known

    def numbers(self) -> Mapping[str, int]:
        rows = self._script("numbers")
        return {untext(name): int(value) for name, value in zip(rows[::2], rows[1::2], strict=True)}

    # time
    def due(self) -> Due | None:
        turn = self._shared.visits.turn(self.id)
        if turn is not None:
            return (self._shared.visits.more(self.id) if turn.short else turn).due()
        if view := self._shared.visits.view(self.id):
            row = view.due[:1]
            return Due(row[0][0], *wire.turn_parts(row[0][1])) if row else None
        rows = self._shared.reads.on(self.id, "ZRANGE", ("due",), 0, 0, "WITHSCORES")
        return Due(float(rows[1]), *wire.turn_parts(rows[0])) if rows else None

    def exclusive(self, name: str, *, wait: float) -> AbstractContextManager[bool]:
        return self._shared.locks.hold(self.id, name, wait)

    # blobs
    def put_blob(self, digest: str, content: bytes) -> None:
        self._shared.register.keep(self.id, digest, content)

    def blob(self, digest: str) -> bytes | None:
        found: bytes | None = self._shared.reads.on(self.id, "HGET", ("blobs",), text(digest))
        return found

    def digests(self) -> Sequence[str]:
        return sorted(map(untext, self._shared.reads.on(self.id, "HKEYS", ("blobs",))))

    def drop_blob(self, digest: str) -> None:
        self._shared.reads.on(self.id, "HDEL", ("blobs",), text(digest))
        self._shared.register.strike(self.id, [text(digest)])

    # journals
    def log(self, journal: str, entry: Mapping[str, Any]) -> int:
        return int(self._script("log", text(journal), wire.dump(entry), self._shared.journal_entries))

    def journal(
        self,
        journal: str,
        *,
        after: int | None = None,
        limit: int = 100,
        newest: bool = False,
    ) -> JournalPage:
        wanted = (text(journal), after or 0, limit, int(newest))
        dropped, first, bodies = self._script("journal", *wanted)
        return JournalPage(tuple(enumerate(map(wire.load, bodies), first)), int(dropped))

    def journals(self) -> Sequence[str]:
        return sorted(map(untext, self._shared.reads.on(self.id, "HKEYS", ("journals",))))

    # what one thread does in a row
    def together(self) -> AbstractContextManager[object]:
        return self._shared.visits.together(self.id)

    def _script(self, name: str, *arguments: Any) -> Any:
        self._shared.visits.settle(self.id, changes=name not in HARMLESS)
        return self._shared.link.script(name, [sandbox_key(self.id)], *arguments)
