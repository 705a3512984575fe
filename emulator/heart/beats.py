"""The thread on which the heartbeat's job runs: one that never holds up the end of the program."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import Any

from apscheduler.executors.base import BaseExecutor, run_job

GRACE = 5.0
"""Real seconds that a beat under way has to finish when the program ends."""


class BeatExecutor(BaseExecutor):  # type: ignore[misc]  # which has no types
    """Runs one job after the other on a daemon thread.

    APScheduler's own pools are waited for at the interpreter's end, however long a step takes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._due: SimpleQueue[tuple[Any, Any] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="localfax-beats", daemon=True)

    def start(self, scheduler: Any, alias: str) -> None:
        super().start(scheduler, alias)
        self._thread.start()

    def shutdown(self, wait: bool = True) -> None:
        """Begin no job any more; wait for the one that runs, but not for ever."""
        self._due.put(None)
        if wait and self._thread.is_alive():
            self._thread.join(GRACE)

    def _do_submit_job(self, job: Any, run_times: Any) -> None:
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
