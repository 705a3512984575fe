"""The threads on which the heartbeat's jobs run: one, and another when a step of that does not end."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import Any

from apscheduler.executors.base import BaseExecutor, run_job

GRACE = 5.0
"""Real seconds that a beat under way has to finish when the program ends."""
MOST = 4
"""Threads at most: so many steps may be stuck before the heartbeat is."""


class BeatExecutor(BaseExecutor):  # type: ignore[misc]  # APScheduler has no types
    """Runs jobs one after the other on a daemon thread; a job that finds none free has one of its own.

    APScheduler's own pools are waited for at the interpreter's end, however long a step takes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._due: SimpleQueue[tuple[Any, Any] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._busy = 0
        self._counting = threading.Lock()

    def shutdown(self, wait: bool = True) -> None:
        """Begin no job any more; wait for those that run, but not for ever."""
        for _ in self._threads:
            self._due.put(None)
        for thread in self._threads if wait else ():
            thread.join(GRACE)

    def _do_submit_job(self, job: Any, run_times: Any) -> None:
        with self._counting:
            self._busy += 1
            if self._busy > len(self._threads) and len(self._threads) < MOST:
                name = f"localfax-beats-{len(self._threads) + 1}"
                self._threads.append(threading.Thread(target=self._run, name=name, daemon=True))
                self._threads[-1].start()
        self._due.put((job, run_times))

    def _run(self) -> None:
        while (due := self._due.get()) is not None:
            job, run_times = due
            try:
                events = run_job(job, job._jobstore_alias, run_times, self._logger.name)
            except BaseException as wrong:
                self._run_job_error(job.id, wrong, wrong.__traceback__)
            else:
                self._run_job_success(job.id, events)
            with self._counting:
                self._busy -= 1
