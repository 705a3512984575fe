"""The threads that answer requests: few, and more only when none of them takes the next request.

A request that is answered in a thread costs a little more than one answered in the loop, and
cannot stop the loop. More threads only fight for the interpreter and for the store's locks: two answer less
than half of what one does (1,500 sends a second and 3,400). So there is one; but when it waits for something,
the requests behind must not. So one more thread stands by. That no request was
taken for `patience`, though some wait, is the sign for it to join the others, after it has started the next
one to stand by: a loop starts no thread itself, as that waits for the thread's beginning. How long a request
waits says nothing: under load all wait, and more threads would only make them wait longer. A thread beyond
the least number ends as soon as none of the others has been at its request for long.

A change between the loop and a thread costs as much as half a request. So what came in one turn of the loop
is handed in at once, and what is done is kept back for a moment while there is more to do: of 16 clients'
requests a thread answers many in a row. What it was given next may take long; then the next look at what
waits takes the answers out.

For example, a pool of 1 gets two requests, and the first waits for a document for a second. The second is
still the oldest at two looks 5 ms apart: the thread that stands by takes it, and another stands by. The
requests of that second are answered by it; when the document is there, one of the two ends.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue

from emulator.server.edge import call_soon
from emulator.server.pace import Pace

Following = Callable[[], object]
"""What the loop is to do when a job is done."""
Job = Callable[[], Following | None]
_log = logging.getLogger(__name__)

PATIENCE = 0.005
"""Seconds in which no request is taken before there is one thread more."""
_MOMENT = 0.001
"""Seconds that what is done is kept back while there is more to do."""
_IDLE = 10.0
"""Seconds after which a thread without work ends, when there are more than the least number."""


class Pool:
    """Runs jobs in `least` to `most` threads; all methods but `finish` are for the loop's thread."""

    def __init__(
        self,
        name: str,
        loop: asyncio.AbstractEventLoop,
        least: int,
        most: int,
        patience: float = PATIENCE,
        pace: Pace | None = None,
    ) -> None:
        self._name = name
        self._loop = loop
        self._least = min(least, most)
        self._most = most
        self._patience = patience
        self._pace = pace or Pace()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._new: list[Job] = []
        """Jobs of this turn of the loop, not yet handed in."""
        self._done: deque[Following] = deque()
        """What the loop is to do and has not yet been told."""
        self._told = False
        """Whether the loop knows that there is something."""
        self._told_at = 0.0
        self._since: deque[float] = deque()
        """When the latest jobs were handed in, of which the last `qsize` still wait."""
        self._oldest = 0.0
        """When the job was handed in that waited for longest at the last look."""
        self._watching = False
        self._ended = False
        self._called = False
        """Whether the thread that stands by was called and has not yet come."""
        self._standing_by = threading.Semaphore(0)
        self._counting = threading.Lock()
        self._working = 0
        self._threads: list[threading.Thread] = []
        self._begun: dict[int, float] = {}
        """Since when each thread has been at its job."""

    def start(self) -> None:
        """Start the least number of threads and the one that stands by; before the loop runs."""
        for _ in range(self._least):
            self._begin(self._work)
        self._working = self._least
        self._begin(self._stand_by)

    @property
    def waiting(self) -> int:
        """How many jobs wait for a thread."""
        return len(self._new) + self._jobs.qsize()

    def submit(self, job: Job) -> None:
        """Have a thread run a job soon."""
        self._new.append(job)
        if len(self._new) == 1:
            self._loop.call_soon(self._hand_in)

    def _hand_in(self) -> None:
        """Hand in all jobs of a turn at once."""
        now, new, self._new = self._loop.time(), self._new, []
        for job in new:
            self._since.append(now)
            self._jobs.put(job)
        if not self._watching:
            self._watching = True
            self._loop.call_later(self._patience, self._watch)

    def _take_out(self) -> None:
        """Do what the jobs left to the loop."""
        self._told, done = False, self._done
        try:
            while done:
                done.popleft()()
        finally:
            if done:  # one of them has failed
                self._loop.call_soon(self._take_out)

    def _watch(self) -> None:
        """Call for one more thread when none has taken the oldest job; look again while any waits."""
        if self._done:
            self._loop.call_soon(self._take_out)
        waiting = self._jobs.qsize()
        while len(self._since) > waiting:
            self._since.popleft()
        self._watching = waiting > 0 and not self._ended
        if not self._watching:
            return
        stuck, self._oldest = self._since[0] == self._oldest, self._since[0]
        if stuck and self._working < self._most and not self._called:
            self._called = True
            self._standing_by.release()
        self._loop.call_later(self._patience, self._watch)

    def _begin(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=f"localfax-{self._name}", daemon=True)
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()

    def _stand_by(self) -> None:
        self._standing_by.acquire()
        self._called = False
        with self._counting:
            if self._ended:
                return
            joins = self._working < self._most
            self._working += joins
            self._begin(self._stand_by)
        if joins:
            self._pace.begin()
            self._work()

    def _work(self) -> None:
        me = threading.get_ident()
        while True:
            try:
                job = self._jobs.get(timeout=_IDLE)
            except Empty:
                if self._is_spare():
                    return
                continue
            if job is None:
                return
            self._begun[me] = time.monotonic()
            self._run(job)
            del job  # or its request would stay until the next one comes
            del self._begun[me]
            if self._working > self._least and self._is_spare():
                return

    def _run(self, job: Job) -> None:
        """Run a job; tell the loop, but while this thread alone has more to do only from moment to moment."""
        try:
            if (then := job()) is not None:
                self._done.append(then)
        except Exception:  # a thread that ended here would be missed by all who come later
            _log.exception("what a thread was to do has failed")
        last = self._jobs.empty() or self._working > 1 or time.monotonic() - self._told_at > _MOMENT
        if last and self._done and not self._told:
            self._told, self._told_at = True, time.monotonic()
            call_soon(self._loop, self._take_out)

    def _is_spare(self) -> bool:
        """Tell a thread that it is to end: there are more than the least number, and none is held up."""
        with self._counting:
            late = time.monotonic() - self._patience
            held_up = any(begun < late for begun in list(self._begun.values()))
            spare = self._working > self._least and not held_up
            self._working -= spare
        if spare:
            self._pace.end()
        return spare

    def finish(self, deadline: float) -> None:
        """End the threads; one still busy at the deadline (monotonic) is left to die with the process."""
        with self._counting:
            self._ended = True
            threads = self._threads
            for _ in threads:
                self._jobs.put(None)
        self._standing_by.release()
        for thread in threads:
            thread.join(min(max(0.0, deadline - time.monotonic()), threading.TIMEOUT_MAX))
