"""Who listens to a sandbox: event streams and answers held until something happens, bounded in number."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from emulator.core.engine.engine import Engine
from emulator.watch.relay import Relay

MOST = 64
"""Answers held at one time in all."""
BACKLOG = 1000
"""Happenings kept for a reader that is slower than they come."""

News = tuple[str, Any]
"""A kind of happening and the thing, as the engine tells them."""


class TooMany(Exception):
    """As many answers are held back as may be."""


class Subscription:
    """What has happened in one sandbox since somebody began to listen."""

    def __init__(self, kinds: Collection[str] | None, listens: Callable[[], None]) -> None:
        self.kinds = kinds
        self.listens = listens
        """Tells other processes that somebody still listens; to be called now and then."""
        self.wake: Callable[[], None] | None = None
        """Called, from any thread, when there is news for a reader who does not wait."""
        self.closed = False
        self.dropped = 0
        self._news: deque[News] = deque()
        self._changed = threading.Condition()

    def put(self, kind: str, thing: Any) -> None:
        """Hand over one happening; the oldest is let go when nobody reads."""
        if self.kinds is not None and kind not in self.kinds:
            return
        with self._changed:
            if len(self._news) >= BACKLOG:
                self._news.popleft()
                self.dropped += 1
            first = not self._news
            self._news.append((kind, thing))
            self._changed.notify()
        if first and self.wake is not None:
            self.wake()

    def take(self, wait: float) -> News | None:
        """The next happening; None when none comes within `wait` real seconds or the reader has gone."""
        deadline = time.monotonic() + wait
        self.listens()
        with self._changed:
            while not self._news and not self.closed and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            return self._news.popleft() if self._news and not self.closed else None

    def take_all(self) -> Iterator[News]:
        """What has happened since the last time, without waiting for anything."""
        while self._news:
            yield self._news.popleft()

    def close(self) -> None:
        """Wake the reader for the last time."""
        with self._changed:
            self.closed = True
            self._changed.notify()
        if self.wake is not None:
            self.wake()


class Feed:
    """Hands what the engine tells to those who listen."""

    def __init__(self, engine: Engine, *, most: int = MOST) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._all: dict[str, list[Subscription]] = {}
        self._count = 0
        engine.listeners.append(self._hear)
        self._relay = Relay(engine, self._hear)

    @contextmanager
    def subscribe(self, sandbox_id: str, *, kinds: Collection[str] | None = None) -> Iterator[Subscription]:
        """Listen for the time of the block; raise TooMany when too many do already."""
        subscription = Subscription(kinds, lambda: self._relay.listen(sandbox_id))
        with self._lock:
            if self._count >= self.most:
                raise TooMany(f"{self.most} answers are held already; try again when one has ended")
            self._count += 1
            self._all[sandbox_id] = [*self._all.get(sandbox_id, ()), subscription]
        self._relay.listen(sandbox_id)
        try:
            yield subscription
        finally:
            with self._lock:
                self._count -= 1
                left = [each for each in self._all[sandbox_id] if each is not subscription]
                self._all[sandbox_id] = left
                if not left:
                    del self._all[sandbox_id]

    def close(self) -> None:
        """Wake all who listen; they end."""
        with self._lock:
            for subscription in (each for held in self._all.values() for each in held):
                subscription.close()

    def _hear(self, sandbox_id: str, kind: str, thing: Any) -> None:
        for subscription in self._all.get(sandbox_id, ()):
            subscription.put(kind, thing)
