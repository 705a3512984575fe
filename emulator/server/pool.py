"""The threads that answer calls: one that has to wait lets another take its place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from waitress.task import ThreadedTaskDispatcher

MOST_THREADS = 600
"""Threads in all, with those that wait aside."""


class Pool(ThreadedTaskDispatcher):
    """So many threads that answer, and those that wait aside."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.started: list[threading.Thread] = []
        self.size = threads
        self.finished = False
        self.resizing = threading.Lock()
        self.set_thread_count(threads)

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        thread = threading.Thread(target=target, args=(thread_no,), name=f"call-{thread_no}", daemon=True)
        thread.start()
        self.started = [*(each for each in self.started if each.is_alive()), thread]

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let another thread answer calls while this one waits for something."""
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
