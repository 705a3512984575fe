"""The documents of all sandboxes, whose size in all is kept within a bound.

A document lies with its sandbox. The index of all documents (their order by age, their sizes, the sum)
lies in a slot of its own, and a script touches only one slot. So no script can write both, and the order
of the two writes must be safe wherever a process dies: a document enters the index before it is kept, and
leaves it after it is gone. Then every document that is kept is counted. One that is counted but not kept
takes up room only until it is the oldest. For example, with a bound of 10 bytes:

    put a/1 of 6 bytes    index_blob.lua: a/1, 6 in all                  then a/1 is kept
    put b/2 of 8 bytes    index_blob.lua: b/2, 8 in all; a/1 must go     then b/2 is kept, and a/1 is dropped
                                                                         and counted in sandbox a
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from emulator.core.errors import NotFound
from emulator.core.storage.store import DROPPED, SPARE
from emulator.stores.redis.client import RedisClient, unwrap
from emulator.stores.redis.commands import guarded, sandbox_script, script
from emulator.stores.redis.schema import BLOB_INDEX, FIELDS, blob_name, text, untext
from emulator.stores.redis.session import RedisSessions

_SPARE = FIELDS + text(SPARE)


class RedisBlobs:
    """Keeps documents and their index."""

    def __init__(self, client: RedisClient, sessions: RedisSessions, bound: int) -> None:
        self._client = client
        self._sessions = sessions
        self._bound = bound

    def put(self, sandbox_id: str, digest: str, content: bytes) -> None:
        """Keep a document as the newest of all and let go of the oldest beyond the bound.

        On a session it is kept with what is sent next.
        """
        name = blob_name(sandbox_id, text(digest))
        self._sessions.put_off(
            script("index_blob", BLOB_INDEX, name, len(content), self._bound, _SPARE),
            guarded(sandbox_id, "HSET", "blobs", text(digest), content),
            check=partial(self._kept, sandbox_id, digest),
        )
        session = self._sessions.current
        if session is not None and session.put_off:
            session.blobs[sandbox_id, digest] = content

    def put_off(self, sandbox_id: str, digest: str) -> bytes | None:
        """Look up a document that this thread is about to keep."""
        session = self._sessions.current
        return None if session is None else session.blobs.get((sandbox_id, digest))

    def _kept(self, sandbox_id: str, digest: str, answers: list[Any]) -> None:
        noted, kept = answers
        if isinstance(kept, NotFound):
            self.forget(sandbox_id, [text(digest)])
        for gone in unwrap(noted):
            owner, _, old = gone.rpartition(FIELDS)
            counters = () if old.startswith(text(SPARE)) else (text(DROPPED),)
            self._client.run(*sandbox_script("evict_blob", untext(owner), old, *counters))
        unwrap(kept)

    def forget(self, sandbox_id: str, digests: Iterable[bytes]) -> None:
        """Strike documents that are gone out of the index."""
        if gone := [blob_name(sandbox_id, digest) for digest in digests]:
            self._client.run(*script("unindex_blobs", BLOB_INDEX, *gone))
