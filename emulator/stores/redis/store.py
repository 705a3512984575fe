"""The store's promises, kept by Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from emulator.core.errors import NotFound
from emulator.core.item import Item
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.storage.store import BALANCES, Add, Due, ItemT, JournalPage
from emulator.stores.redis import wire
from emulator.stores.redis.link import Link, answered
from emulator.stores.redis.locks import LIFE, Locks
from emulator.stores.redis.news import News
from emulator.stores.redis.register import Register
from emulator.stores.redis.road import Command
from emulator.stores.redis.singly import Singly
from emulator.stores.redis.view import COUNTED, SEEN
from emulator.stores.redis.visit import Visits, commit
from emulator.stores.redis.wire import load_item, sandbox_key, text, untext


class RedisStore:
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
        self._reads = Singly(self._link)
        self._visits = Visits(self._link, self._reads)
        self._news = News(self._link, self._everyone)
        self._locks = Locks(self._link, self._visits, self._news.tell, lock_life)
        self._register = Register(self._link, blob_bytes)
        self._journal_entries = journal_entries

    # sandboxes
    def create(self, sandbox: Sandbox, items: Sequence[Item], adds: Sequence[Add] = ()) -> None:
        self._link.run("ZADD", wire.SANDBOXES, 0, text(sandbox.id))
        self._link.run(*self._writing(sandbox.id, items, adds, record=wire.dump_item(sandbox)))

    def sandbox(self, sandbox_id: str) -> Sandbox:
        view = self._visits.view(sandbox_id)
        body = self._link.run("GET", sandbox_key(sandbox_id)) if view is None else view.record
        if body is None:
            raise NotFound(f"no sandbox {sandbox_id}")
        return load_item(Sandbox, body)

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
        self._clear(sandbox_id, whole=True)
        self._link.run("ZREM", wire.SANDBOXES, text(sandbox_id))

    def clear(self, sandbox_id: str, keep: Sequence[str]) -> None:
        self._clear(sandbox_id, keep)

    def _clear(self, sandbox_id: str, keep: Sequence[str] = (), *, whole: bool = False) -> None:
        told = (wire.CHANNEL, text(sandbox_id))
        digests = self._script("clear", sandbox_id, *told, int(whole), BALANCES, *keep)
        self._register.strike(sandbox_id, digests)

    def bind(self, key: str, sandbox_id: str) -> None:
        self._script("bind", sandbox_id, text(key))
        self._link.run("SET", wire.credential_key(key), text(sandbox_id))

    def bound(self, key: str) -> str | None:
        return self._visits.bound(key)

    # items
    def get(self, sandbox_id: str, kind: type[ItemT], item_id: str) -> ItemT | None:
        if turn := self._visits.turn(sandbox_id):
            return turn.item(kind, item_id)
        view = self._visits.view(sandbox_id) if kind.kind in SEEN else None
        if view is None:
            return self._reads.item(sandbox_id, kind, item_id)
        body = view.body(kind.kind, item_id)
        return load_item(kind, body) if body else None

    def find(self, sandbox_id: str, kind: type[ItemT], ref: str) -> ItemT | None:
        body = self._script("find", sandbox_id, kind.kind, wire.ref(kind.kind, ref))
        return None if body is None else load_item(kind, body)

    def commit(
        self,
        sandbox_id: str,
        puts: Sequence[Item] = (),
        *,
        adds: Sequence[Add] = (),
        deletes: Sequence[Item] = (),
    ) -> None:
        if turn := self._visits.turn(sandbox_id):
            turn.commit(puts, adds, deletes)
            return self._visits.held(turn)
        self._visits.run(sandbox_id, self._writing(sandbox_id, puts, adds, deletes))

    def _writing(
        self,
        sandbox_id: str,
        puts: Sequence[Item],
        adds: Sequence[Add],
        deletes: Sequence[Item] = (),
        record: bytes = b"",
    ) -> Command:
        return commit(
            self._link,
            sandbox_id,
            [wire.put_arguments(item, item.version - 1) for item in puts],
            [wire.delete_arguments(item) for item in deletes],
            adds=[wire.add_arguments(add) for add in adds],
            record=record,
        )

    def list(
        self,
        sandbox_id: str,
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
        bodies = self._script("list", sandbox_id, kind.kind, low, high, *page)
        return [load_item(kind, body) for body in bodies]

    def count(self, sandbox_id: str, name: str) -> int:
        turn, known = self._visits.turn(sandbox_id), None
        if turn is not None:
            known = turn.count(name)
        elif name in COUNTED and (view := self._visits.view(sandbox_id)):
            known = view.counts[name]
        return int(self._script("count", sandbox_id, *wire.bounds(name))) if known is None else known

    def items(self, sandbox_id: str) -> Sequence[Item]:
        rows = self._script("items", sandbox_id)
        found = [load_item(wire.kind_of(kind), body) for kind, bodies in rows for body in bodies]
        return sorted(found, key=lambda item: (item.kind, item.sequence, item.id))

    # numbers
    def next(self, sandbox_id: str, name: str) -> int:
        if turn := self._visits.turn(sandbox_id):
            value = self.number(sandbox_id, name) + 1
            turn.commit((), (Add(name, 1, at_least=value, at_most=value),), ())
            return value
        value = int(self._script("next", sandbox_id, text(name)))
        self._visits.learn(sandbox_id, name, value)
        return value

    def number(self, sandbox_id: str, name: str) -> int:
        if turn := self._visits.turn(sandbox_id):
            return turn.number(name)
        view = self._visits.view(sandbox_id)
        known = None if view is None else view.number(name)
        return self._reads.number(sandbox_id, name) if known is None else known

    def numbers(self, sandbox_id: str) -> Mapping[str, int]:
        rows = self._script("numbers", sandbox_id)
        return {untext(name): int(value) for name, value in zip(rows[::2], rows[1::2], strict=True)}

    # time
    def due(self, sandbox_id: str) -> Due | None:
        turn = self._visits.turn(sandbox_id)
        if turn is not None:
            return (self._visits.more(sandbox_id) if turn.short else turn).due()
        if view := self._visits.view(sandbox_id):
            row = view.due[:1]
            return Due(row[0][0], *wire.turn_parts(row[0][1])) if row else None
        rows = self._reads.on(sandbox_id, "ZRANGE", ("due",), 0, 0, "WITHSCORES")
        return Due(float(rows[1]), *wire.turn_parts(rows[0])) if rows else None

    def on_due(self, listener: Callable[[str], None]) -> None:
        self._news.listen(listener)

    def exclusive(self, sandbox_id: str, name: str, *, wait: float) -> AbstractContextManager[bool]:
        return self._locks.hold(sandbox_id, name, wait)

    # blobs
    def put_blob(self, sandbox_id: str, digest: str, content: bytes) -> None:
        self._register.keep(sandbox_id, digest, content)

    def blob(self, sandbox_id: str, digest: str) -> bytes | None:
        found: bytes | None = self._reads.on(sandbox_id, "HGET", ("blobs",), text(digest))
        return found

    def digests(self, sandbox_id: str) -> Sequence[str]:
        return sorted(map(untext, self._reads.on(sandbox_id, "HKEYS", ("blobs",))))

    def drop_blob(self, sandbox_id: str, digest: str) -> None:
        self._reads.on(sandbox_id, "HDEL", ("blobs",), text(digest))
        self._register.strike(sandbox_id, [text(digest)])

    # journals
    def log(self, sandbox_id: str, journal: str, entry: Mapping[str, Any]) -> int:
        return int(self._script("log", sandbox_id, text(journal), wire.dump(entry), self._journal_entries))

    def journal(
        self,
        sandbox_id: str,
        journal: str,
        *,
        after: int | None = None,
        limit: int = 100,
        newest: bool = False,
    ) -> JournalPage:
        wanted = (text(journal), after or 0, limit, int(newest))
        dropped, first, bodies = self._script("journal", sandbox_id, *wanted)
        return JournalPage(tuple(enumerate(map(wire.load, bodies), first)), int(dropped))

    def journals(self, sandbox_id: str) -> Sequence[str]:
        return sorted(map(untext, self._reads.on(sandbox_id, "HKEYS", ("journals",))))

    # what one thread does in a row
    def reading(self) -> AbstractContextManager[object]:
        return self._visits.reading()

    def together(self, sandbox_id: str) -> AbstractContextManager[object]:
        return self._visits.together(sandbox_id)

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

    def _script(self, name: str, sandbox_id: str, *arguments: Any) -> Any:
        self._visits.settle(sandbox_id, changes=name not in HARMLESS)
        return self._link.script(name, [sandbox_key(sandbox_id)], *arguments)

    def _everyone(self) -> Iterable[str]:
        return [untext(each) for each in self._link.run("ZRANGE", wire.SANDBOXES, 0, -1)]


HARMLESS = frozenset({"count", "find", "items", "journal", "list", "log", "next", "numbers"})
"""Scripts that change nothing of what a thread may have read of a sandbox."""
