"""Sandboxes that nobody uses any more are removed: test runners make them, and leave them.

A request to a sandbox, of a vendor's client or of the control plane, is a use. Uses are noted in the store,
for all workers to know, but by each worker only now and then; so a sandbox stays a little longer than it
must.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from emulator.core.engine.sandboxes import DEFAULT, Sandboxes
from emulator.core.errors import NotFound, Unavailable

PARTS = 24
"""How often within the time that a sandbox may be unused a use is noted, and it is looked who is unused."""
MOST_NOTED = 100_000


class Expiry:
    """Removes sandboxes that were unused for `after` real seconds; `count` hears of each.

    The default sandbox stays.
    """

    def __init__(self, sandboxes: Sandboxes, after: float, count: Callable[[], None] = lambda: None) -> None:
        self._sandboxes = sandboxes
        self._store = sandboxes.store
        self._real = sandboxes.engine.real
        self._after = after
        self._count = count
        self._noted: dict[str, float] = {}

    @property
    def every(self) -> float:
        """The real seconds after which to look again."""
        return max(1.0, self._after / PARTS)

    def note(self, sandbox_id: str) -> None:
        """Hear that a sandbox is used."""
        at, before = self._real(), self._noted.get(sandbox_id)
        if before is None or at - before >= self.every:
            if len(self._noted) >= MOST_NOTED:
                self._noted.clear()
            self._noted[sandbox_id] = at
            with suppress(NotFound):  # removed meanwhile
                self._store.note_use(sandbox_id, at)

    def sweep(self) -> list[str]:
        """Remove what is unused by now; returns the ids."""
        gone = []
        with suppress(Unavailable):  # the next time, then
            for sandbox_id in self._store.list_unused(self._real() - self._after - self.every):
                if sandbox_id != DEFAULT and self._remove(sandbox_id):
                    gone.append(sandbox_id)
        return gone

    def _remove(self, sandbox_id: str) -> bool:
        self._noted.pop(sandbox_id, None)
        try:
            self._sandboxes.remove(sandbox_id)
        except NotFound:  # another worker was first
            return False
        self._count()
        return True
