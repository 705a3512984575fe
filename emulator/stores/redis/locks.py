"""Locks that one process holds against all others, and that end by themselves when the process dies.

A lock is a key that holds a token of its holder and expires after LIFE seconds. `SET NX PX` takes it, so
only one of many gets it. A thread of the process renews all its locks every third of LIFE. Only the token
renews or releases a lock, so a process that was too slow cannot touch what another holds by now. Who does
not get a lock leaves a mark beside it; the holder that releases the lock finds the mark and publishes the
sandbox's id, so that the other looks again. A holder that died publishes nothing; so who missed a lock
also looks again when the lock must have expired. For example, with a LIFE of 3 seconds and two processes
A and B:

    0.0  A takes the lock, which expires at 3.0
    0.5  B does not get it, leaves the mark, and will look again at 3.02 at the latest
    1.0  A renews it: it expires at 4.0
    1.2  A is done: it deletes the key and the mark, and publishes; B looks again and takes the lock

    or A dies at 1.2: B looks at 3.02, misses the lock again, looks at 4.02, and takes it
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from emulator.core.errors import Unavailable
from emulator.stores.redis.client import RedisClient
from emulator.stores.redis.commands import sandbox_script
from emulator.stores.redis.schema import CHANNEL, text
from emulator.stores.redis.session import RedisSessions
from emulator.stores.redis.transaction import FEW

LIFE = 3.0
"""Seconds for which a lock is held without being renewed."""
GLANCE = 0.02
"""Seconds after which one who waits for a lock tries again."""


class HeldLock(NamedTuple):
    """A lock of a sandbox and the token that holds it."""

    sandbox_id: str
    name: bytes
    token: str


class RedisLocks:
    """Takes locks and renews those held; calls `tell` with a sandbox when one that was missed may be free."""

    def __init__(
        self, client: RedisClient, sessions: RedisSessions, tell: Callable[[str], None], life: float
    ) -> None:
        self._client = client
        self._sessions = sessions
        self._tell = tell
        self._life = life
        self._milliseconds = round(life * 1000)
        self._held: set[HeldLock] = set()
        self._renewal: float | None = None
        self._missed: dict[str, float] = {}
        """When to look again, by sandbox."""
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._keep, name="localfax-locks", daemon=True)
        self._thread.start()

    @contextmanager
    def hold(self, sandbox_id: str, name: str, wait: float) -> Iterator[bool]:
        """Hold a lock for the block; yields False when it was not to be had within `wait` seconds."""
        lock = HeldLock(sandbox_id, text(name), secrets.token_hex(8))
        mine = self._take(lock, time.monotonic() + wait)
        try:
            yield mine
        finally:
            if mine:
                self._let_go(lock)

    def close(self) -> None:
        """End the thread; locks still held end by themselves."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _take(self, lock: HeldLock, deadline: float) -> bool:
        take = sandbox_script("lock", *lock, self._milliseconds)
        # Who gets it will want to know what is due.
        while taken_for := self._sessions.run(lock.sandbox_id, take, FEW):
            if time.monotonic() + GLANCE > deadline:
                self._miss(lock.sandbox_id, taken_for / 1000)
                return False
            time.sleep(GLANCE)
        with self._changed:
            self._held.add(lock)
            if self._renewal is None:
                self._renewal = time.monotonic() + self._life / 3
                self._changed.notify()
        return True

    def _miss(self, sandbox_id: str, seconds: float) -> None:
        with self._changed:
            self._missed.setdefault(sandbox_id, time.monotonic() + seconds + GLANCE)
            self._changed.notify()

    def _let_go(self, lock: HeldLock) -> None:
        with self._changed:
            self._held.discard(lock)
        with suppress(Unavailable):  # else it ends by itself
            self._sessions.put_off(sandbox_script("unlock", *lock, CHANNEL, text(lock.sandbox_id)))

    def _keep(self) -> None:
        while (work := self._wait()) is not None:
            held, missed = work
            for lock in held:
                with suppress(Unavailable):
                    self._client.run(*sandbox_script("renew", *lock, self._milliseconds))
            for sandbox_id in missed:
                self._tell(sandbox_id)

    def _wait(self) -> tuple[list[HeldLock], list[str]] | None:
        """Wait until locks must be renewed or one that was missed may have ended; None when all is over."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                missed = [sandbox_id for sandbox_id, at in self._missed.items() if at <= now]
                for sandbox_id in missed:
                    del self._missed[sandbox_id]
                renewed = self._renewal is not None and self._renewal <= now
                if renewed:
                    self._renewal = now + self._life / 3 if self._held else None
                if missed or (renewed and self._held):
                    return list(self._held) if renewed else [], missed
                ends = (
                    [*self._missed.values()]
                    if self._renewal is None
                    else [self._renewal, *self._missed.values()]
                )
                self._changed.wait(min(ends) - now if ends else None)
        return None
