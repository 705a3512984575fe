"""The store's promises, kept by Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from emulator.core.errors import NotFound
from emulator.core.item import Item
from emulator.core.sandbox import Sandbox
from emulator.core.store import BALANCES, Add, Due, ItemT, JournalPage
from emulator.stores.redis import wire
from emulator.stores.redis.link import Link
from emulator.stores.redis.locks import LIFE, Locks
from emulator.stores.redis.news import News
from emulator.stores.redis.register import Register
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
        self._news = News(self._link, self._everyone)
        self._locks = Locks(self._link, self._news.tell, lock_life)
        self._register = Register(self._link, blob_bytes)
        self._journal_entries = journal_entries

    # sandboxes
    def create(self, sandbox: Sandbox, items: Sequence[Item], adds: Sequence[Add] = ()) -> None:
        self._link.run("ZADD", wire.SANDBOXES, 0, text(sandbox.id))
        self._write(sandbox.id, wire.dump_item(sandbox), items, adds, ())

    def sandbox(self, sandbox_id: str) -> Sandbox:
        body = self._link.run("GET", sandbox_key(sandbox_id))
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
            bodies = self._link.each("GET", [sandbox_key(untext(each)) for each in ids])
            found += [load_item(Sandbox, body) for body in bodies if body is not None]
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
        found = self._link.run("GET", wire.credential_key(key))
        return None if found is None else untext(found)

    # items
    def get(self, sandbox_id: str, kind: type[ItemT], item_id: str) -> ItemT | None:
        body = self._on(sandbox_id, "HGET", ("item", kind.kind), text(item_id))
        return None if body is None else load_item(kind, body)

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
        self._write(sandbox_id, b"", puts, adds, deletes)

    def _write(
        self,
        sandbox_id: str,
        record: bytes,
        puts: Sequence[Item],
        adds: Sequence[Add],
        deletes: Sequence[Item],
    ) -> None:
        rows: list[Any] = [len(puts), len(deletes), len(adds)]
        for item in puts:
            rows += wire.put_arguments(item)
        for item in deletes:
            rows += (item.kind, text(item.id), item.version)
        for add in adds:
            rows += wire.add_arguments(add)
        self._script("commit", sandbox_id, wire.CHANNEL, text(sandbox_id), record, *rows)

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
        return int(self._script("count", sandbox_id, *wire.bounds(name)))

    def items(self, sandbox_id: str) -> Sequence[Item]:
        rows = self._script("items", sandbox_id)
        found = [load_item(wire.kind_of(kind), body) for kind, bodies in rows for body in bodies]
        return sorted(found, key=lambda item: (item.kind, item.sequence, item.id))

    # numbers
    def next(self, sandbox_id: str, name: str) -> int:
        return int(self._script("next", sandbox_id, text(name)))

    def number(self, sandbox_id: str, name: str) -> int:
        return int(self._on(sandbox_id, "HGET", ("numbers",), text(name)) or 0)

    def numbers(self, sandbox_id: str) -> Mapping[str, int]:
        rows = self._on(sandbox_id, "HGETALL", ("numbers",)) or {}
        return {untext(name): int(value) for name, value in rows.items()}

    # time
    def due(self, sandbox_id: str) -> Due | None:
        rows = self._on(sandbox_id, "ZRANGE", ("due",), 0, 0, "WITHSCORES")
        return Due(float(rows[1]), *wire.turn_parts(rows[0])) if rows else None

    def on_due(self, listener: Callable[[str], None]) -> None:
        self._news.listen(listener)

    def exclusive(self, sandbox_id: str, name: str, *, wait: float) -> AbstractContextManager[bool]:
        return self._locks.hold(sandbox_id, name, wait)

    # blobs
    def put_blob(self, sandbox_id: str, digest: str, content: bytes) -> None:
        self._register.note(sandbox_id, digest, len(content))
        try:
            self._script("keep", sandbox_id, text(digest), content)
        except NotFound:
            self._register.strike(sandbox_id, [text(digest)])
            raise

    def blob(self, sandbox_id: str, digest: str) -> bytes | None:
        found: bytes | None = self._on(sandbox_id, "HGET", ("blobs",), text(digest))
        return found

    def digests(self, sandbox_id: str) -> Sequence[str]:
        return sorted(map(untext, self._on(sandbox_id, "HKEYS", ("blobs",))))

    def drop_blob(self, sandbox_id: str, digest: str) -> None:
        self._on(sandbox_id, "HDEL", ("blobs",), text(digest))
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
        return sorted(map(untext, self._on(sandbox_id, "HKEYS", ("journals",))))

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
        return self._link.script(name, [sandbox_key(sandbox_id)], *arguments)

    def _on(self, sandbox_id: str, command: str, words: tuple[str, ...], *arguments: Any) -> Any:
        """Run a command on a key of a sandbox; when it finds nothing, see that the sandbox is there."""
        found = self._link.run(command, wire.key(sandbox_id, *words), *arguments)
        if not found and not self._link.run("EXISTS", sandbox_key(sandbox_id)):
            raise NotFound(f"no sandbox {sandbox_id}")
        return found

    def _everyone(self) -> Iterable[str]:
        return [untext(each) for each in self._link.run("ZRANGE", wire.SANDBOXES, 0, -1)]
