"""The threads that answer requests: one that has to wait lets another take its place.

A thread may have to wait long in the middle of an answer: a scenario delays it, an event stream goes on
until its client leaves, an advance plays hours. If such waits used up the fixed number of threads, every
other request would queue behind them. So a thread that is about to wait steps aside for that time: the
pool starts one more for those that work, and lets one end when the wait is over. The number of working
threads stays what it was; only the total grows, up to a bound.

For example, a pool of 2 gets three requests, and a scenario delays the first two by a minute. Each of the
two threads enters `aside`: the pool grows to 3, then 4, and a fresh thread answers the third request at
once. After the minute both leave `aside`, the size falls to 2, and whichever threads are idle first end.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from waitress.task import ThreadedTaskDispatcher

MOST_THREADS = 600
"""Threads in all, with those that wait aside."""


class Pool(ThreadedTaskDispatcher):
    """So many threads at work, and those that wait aside."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.started: list[threading.Thread] = []
        self.size = threads
        self.finished = False
        self.resizing = threading.Lock()
        self.set_thread_count(threads)

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        thread = threading.Thread(target=target, args=(thread_no,), name=f"request-{thread_no}", daemon=True)
        thread.start()
        self.started = [*(each for each in self.started if each.is_alive()), thread]

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let another thread answer requests while this one waits for something."""
        self._resize(1)
        try:
            yield
        finally:
            self._resize(-1)

    def _resize(self, by: int) -> None:
        with self.resizing:
            self.size += by
            if not self.finished:
                self.set_thread_count(min(self.size, MOST_THREADS))

    def finish(self, deadline: float) -> None:
        """Join the threads; one that is still busy at the deadline is left to die with the process."""
        with self.resizing:
            self.finished = True
            self.set_thread_count(0)
        for thread in self.started:
            thread.join(max(0.0, deadline - time.monotonic()))
