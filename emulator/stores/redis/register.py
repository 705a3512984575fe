"""The register of the documents of all sandboxes: keeps their size in all within a bound."""

from __future__ import annotations

from collections.abc import Iterable

from emulator.stores.redis.link import Link
from emulator.stores.redis.wire import FIELDS, REGISTER, document, sandbox_key, text, untext

DROPPED = "dropped/documents"
"""Counts the documents of a sandbox that were let go to make room."""


class Register:
    """Notes each document before it is kept, so that nothing is kept that is not counted."""

    def __init__(self, link: Link, bound: int) -> None:
        self._link = link
        self._bound = bound

    def note(self, sandbox_id: str, digest: str, size: int) -> None:
        """Note a document as the newest of all and let go of the oldest beyond the bound."""
        for gone in self._link.script("register", REGISTER, document(sandbox_id, digest), size, self._bound):
            owner, _, old = gone.rpartition(FIELDS)
            self._link.script("drop", [sandbox_key(untext(owner))], old, text(DROPPED))

    def strike(self, sandbox_id: str, digests: Iterable[bytes]) -> None:
        """Forget documents that are gone."""
        if gone := [text(sandbox_id) + FIELDS + digest for digest in digests]:
            self._link.script("strike", REGISTER, *gone)
