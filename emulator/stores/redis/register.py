"""The register of the documents of all sandboxes: keeps their size in all within a bound."""

from __future__ import annotations

from collections.abc import Iterable

from emulator.core.errors import NotFound
from emulator.core.storage.store import DROPPED, SPARE
from emulator.stores.redis.link import Link, answered
from emulator.stores.redis.wire import FIELDS, REGISTER, document, sandbox_key, text, untext

_SPARE = FIELDS + text(SPARE)


class Register:
    """Notes each document before it is kept, so that nothing is kept that is not counted."""

    def __init__(self, link: Link, bound: int) -> None:
        self._link = link
        self._bound = bound

    def keep(self, sandbox_id: str, digest: str, content: bytes) -> None:
        """Keep a document as the newest of all and let go of the oldest beyond the bound."""
        noted, kept = self._link.send(
            self._link.call(
                "register", REGISTER, document(sandbox_id, digest), len(content), self._bound, _SPARE
            ),
            self._link.call("keep", [sandbox_key(sandbox_id)], text(digest), content),
        )
        if isinstance(kept, NotFound):
            self.strike(sandbox_id, [text(digest)])
        for gone in answered(noted):
            owner, _, old = gone.rpartition(FIELDS)
            counters = () if old.startswith(text(SPARE)) else (text(DROPPED),)
            self._link.script("drop", [sandbox_key(untext(owner))], old, *counters)
        answered(kept)

    def strike(self, sandbox_id: str, digests: Iterable[bytes]) -> None:
        """Forget documents that are gone."""
        if gone := [text(sandbox_id) + FIELDS + digest for digest in digests]:
            self._link.script("strike", REGISTER, *gone)
