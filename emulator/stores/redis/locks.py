"""Locks that one process holds against all others: with a token, and an end in case the process dies."""

from __future__ import annotations

import heapq
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from emulator.core.errors import Unavailable
from emulator.stores.redis.link import Link
from emulator.stores.redis.visit import Visits
from emulator.stores.redis.wire import CHANNEL, sandbox_key, text

LIFE = 3.0
"""Seconds for which a lock is held without being renewed."""
GLANCE = 0.02
"""Seconds after which one who waits for a lock tries again."""

Held = tuple[str, str, str]
"""A lock that is held: sandbox, name, token."""


class Locks:
    """Takes locks and renews those held; calls `tell` with a sandbox when one that was missed may be free."""

    def __init__(self, link: Link, visits: Visits, tell: Callable[[str], None], life: float) -> None:
        self._link = link
        self._visits = visits
        self._tell = tell
        self._life = life
        self._milliseconds = round(life * 1000)
        self._held: set[Held] = set()
        self._missed: list[tuple[float, str]] = []
        self._renewal: float | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._keep, name="localfax-locks", daemon=True)
        self._thread.start()

    @contextmanager
    def hold(self, sandbox_id: str, name: str, wait: float) -> Iterator[bool]:
        """Hold a lock for the block; gives False when it was not to be had within `wait` seconds."""
        held = (sandbox_id, name, secrets.token_hex(8))
        mine = self._take(held, time.monotonic() + wait)
        try:
            yield mine
        finally:
            if mine:
                self._let_go(held)

    def close(self) -> None:
        """End the thread; locks still held end by themselves."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _take(self, held: Held, deadline: float) -> bool:
        sandbox_id, name, token = held
        take = self._link.call("lock", [sandbox_key(sandbox_id)], text(name), token, self._milliseconds)
        while taken_for := self._visits.lock(sandbox_id, take):
            if time.monotonic() + GLANCE > deadline:
                self._miss(sandbox_id, taken_for / 1000)
                return False
            time.sleep(GLANCE)
        with self._changed:
            self._held.add(held)
            if self._renewal is None:
                self._renewal = time.monotonic() + self._life / 3
                self._changed.notify()
        return True

    def _miss(self, sandbox_id: str, seconds: float) -> None:
        """Look again when the lock ends by itself: a holder that died tells nobody."""
        with self._changed:
            if all(sandbox_id != missed for _, missed in self._missed):
                heapq.heappush(self._missed, (time.monotonic() + seconds + GLANCE, sandbox_id))
                self._changed.notify()

    def _let_go(self, held: Held) -> None:
        sandbox_id, name, token = held
        with self._changed:
            self._held.discard(held)
        with suppress(Unavailable):  # else it ends by itself
            told = (CHANNEL, text(sandbox_id))
            self._visits.along(self._link.call("unlock", [sandbox_key(sandbox_id)], text(name), token, *told))

    def _keep(self) -> None:
        while (work := self._wait()) is not None:
            held, missed = work
            for sandbox_id, name, token in held:
                with suppress(Unavailable):
                    self._link.script(
                        "renew", [sandbox_key(sandbox_id)], text(name), token, self._milliseconds
                    )
            for sandbox_id in missed:
                self._tell(sandbox_id)

    def _wait(self) -> tuple[list[Held], list[str]] | None:
        """Wait until locks must be renewed or one that was missed may have ended; None when all is over."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                missed = [heapq.heappop(self._missed)[1] for _ in self._due(now)]
                renewed = self._renewal is not None and self._renewal <= now
                if renewed:
                    self._renewal = now + self._life / 3 if self._held else None
                if missed or (renewed and self._held):
                    return list(self._held) if renewed else [], missed
                ends = [self._renewal, *(at for at, _ in self._missed[:1])]
                self._changed.wait(min((end - now for end in ends if end is not None), default=None))
        return None

    def _due(self, now: float) -> list[float]:
        return [at for at, _ in self._missed if at <= now]
