"""What the engines of other processes over the same store tell, for those who listen here; and vice versa.

Nothing is sent while nobody listens: who begins to listen to a sandbox says so to all, now and then again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from emulator.core.engine.engine import Engine
from emulator.core.errors import LocalfaxError, Unavailable
from emulator.core.faxes.fax import Fax
from emulator.core.sandbox import Clock
from emulator.core.storage.codec import decode, encode
from emulator.core.webhooks.delivery import Delivery
from emulator.core.world import WorldListener

AGAIN = 20.0
"""Real seconds after which who still listens says so again."""
FORGOTTEN = 180.0
"""Real seconds after which who has not said so again counts as gone."""

TYPES: dict[str, Any] = {"fax": tuple[Fax | None, Fax], "delivery": Delivery, "clock": Clock}
"""What the engine tells, by kind; all else is JSON already."""


class Relay:
    """Joins the engines of several processes; `deliver` gets what the others tell."""

    def __init__(
        self, engine: Engine, deliver: WorldListener, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = engine.store
        self._deliver = deliver
        self._now = now
        self._wanted: dict[str, float] = {}
        self._said: dict[str, float] = {}
        if self._store.shared:
            engine.listeners.append(self._tell)
            self._store.on_broadcast(self._hear)
            self._store.broadcast({"who": "listens"})

    def listen(self, sandbox_id: str) -> None:
        """Say that somebody listens to a sandbox here; to be called again while that is so."""
        now = self._now()
        if self._store.shared and self._said.get(sandbox_id, -AGAIN) + AGAIN <= now:
            self._said[sandbox_id] = now
            with suppress(Unavailable):
                self._store.broadcast({"listen": sandbox_id})

    def _tell(self, sandbox_id: str, kind: str, thing: Any) -> None:
        if self._wanted.get(sandbox_id, 0.0) > self._now():
            with suppress(Unavailable):
                self._store.broadcast({"sandbox": sandbox_id, "kind": kind, "thing": _plain(thing)})

    def _hear(self, word: Mapping[str, Any]) -> None:
        if "who" in word:
            self._said.clear()  # somebody new, who has missed what was said
        elif "listen" in word:
            now = self._now()
            self._wanted = {each: until for each, until in self._wanted.items() if until > now}
            self._wanted[word["listen"]] = now + FORGOTTEN
        else:
            kind, thing = word["kind"], word["thing"]
            with suppress(LocalfaxError):  # a process of another version
                self._deliver(word["sandbox"], kind, decode(TYPES[kind], thing) if kind in TYPES else thing)


def _plain(thing: Any) -> Any:
    return encode(dict(thing) if isinstance(thing, Mapping) else thing)
