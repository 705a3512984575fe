"""Threads for slow work: so many at a time for each destination, so that a slow one holds up nobody else.

Each destination has a lane. At most so many pieces of its work are let through at a time, to the queue of
all that is ready; what is beyond waits in the lane. Threads take from the queue in its order, and one
that has finished a piece lets the next of the same lane through, to the queue's end, behind all other
destinations. So a destination that hangs holds a few threads however much there is for it, one that is
quick is never behind more than the queue, and the work for one destination begins in the order in which
it came. A thread is started only when more is ready than threads are idle.

For example, 100 webhooks go to S, which takes 10 s for each, and then one to F. With 8 threads for each
destination 8 are let through to S, and 92 wait in its lane. The one to F is let through at once and a ninth
thread sends it. When the first of S is answered, the ninth webhook to S joins the queue.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from emulator.core.errors import Unavailable
from emulator.core.short_lock import ShortLock
from emulator.heart.outage import Outage

log = logging.getLogger(__name__)

_THREADS = 128
EACH = 8
"""Threads at most for one destination."""
_GRACE = 5.0
"""Real seconds that work under way has to finish when the program ends."""

Work = Callable[[], object]


@dataclass
class Lane:
    """The work for one destination: how much of it is ready or running, and what waits behind that."""

    busy: int = 0
    waiting: deque[Work] = field(default_factory=deque)


class Senders:
    """Runs work on daemon threads that are started as they are needed."""

    def __init__(self, threads: int = _THREADS, each: int = EACH, outage: Outage | None = None) -> None:
        self._outage = outage or Outage()
        self._most = threads
        self._each = each
        self._lanes: dict[str, Lane] = {}
        self._ready: deque[tuple[str, Work]] = deque()
        self._changed = threading.Condition(ShortLock())
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False

    def submit(self, destination: str, work: Work) -> None:
        """Run work when its destination has a thread free; each destination's in the order of submission."""
        with self._changed:
            lane = self._lanes.setdefault(destination, Lane())
            if lane.busy >= self._each:
                lane.waiting.append(work)
                return
            lane.busy += 1
            self._offer(destination, work)

    def close(self, grace: float = _GRACE) -> None:
        """Begin nothing more and give what is under way so many seconds to finish."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        deadline = time.monotonic() + grace
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _offer(self, destination: str, work: Work) -> None:
        self._ready.append((destination, work))
        if len(self._ready) <= self._idle:
            self._changed.notify()
        elif len(self._threads) < self._most and not self._closed:
            name = f"localfax-send-{len(self._threads) + 1}"
            thread = threading.Thread(target=self._serve, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self) -> None:
        while (taken := self._take()) is not None:
            destination, work = taken
            try:
                work()
            except Unavailable as silent:
                self._outage.note(silent)
            except Exception:
                log.exception("a webhook or fetch failed on our side")
            self._release(destination)

    def _take(self) -> tuple[str, Work] | None:
        with self._changed:
            self._idle += 1
            while not self._ready and not self._closed:
                self._changed.wait()
            self._idle -= 1
            return None if self._closed else self._ready.popleft()

    def _release(self, destination: str) -> None:
        with self._changed:
            lane = self._lanes[destination]
            if lane.waiting:
                self._ready.append((destination, lane.waiting.popleft()))
                return  # this thread comes for it, or for what was ready before
            lane.busy -= 1
            if not lane.busy:
                del self._lanes[destination]
