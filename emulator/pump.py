"""The heartbeat: wakes at the next due instant of any running clock and plays what is due. It never polls."""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor as Beat
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from emulator.core.errors import NotFound
from emulator.core.player import Player

log = logging.getLogger(__name__)

SENDERS = 32
REST = 1.0
"""Real seconds before a sandbox is played again after an error of ours."""


class Pump:
    """Plays every sandbox with a running clock. One job is re-armed to the next instant; sends run on a pool."""

    def __init__(self, player: Player, *, senders: int = SENDERS) -> None:
        self.player = player
        self.real = player.engine.real
        self.late: Callable[[float], None] = lambda seconds: None
        """Called with the real seconds by which each beat came late."""
        self._wakes: list[tuple[float, str]] = []
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()
        self._armed: float | None = None
        self._beats = 0
        self._job: Any = None
        self._beating = False
        self._senders = ThreadPoolExecutor(senders, thread_name_prefix="localfax-send")
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            daemon=True,
            executors={"default": Beat(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self) -> None:
        """Begin, with every sandbox that is there already."""
        self._scheduler.start()
        self.player.store.on_due(self.look)
        after = None
        while page := self.player.store.sandboxes(after):
            for sandbox in page:
                self.look(sandbox.id)
            after = page[-1].id

    def close(self) -> None:
        """Finish what is being sent and stop."""
        self._scheduler.shutdown(wait=True)
        self._senders.shutdown(wait=True, cancel_futures=True)

    def look(self, sandbox_id: str) -> None:
        """See when a sandbox must be played next; called whenever that may have changed."""
        due = self.player.next_wake(sandbox_id)
        if due is not None and self._note(sandbox_id, due):
            self._arm()

    def _note(self, sandbox_id: str, due: float) -> bool:
        """Remember when to wake; tell whether that is earlier than what is armed."""
        with self._lock:
            if self._next.get(sandbox_id, float("inf")) <= due:
                return False
            self._next[sandbox_id] = due
            heapq.heappush(self._wakes, (due, sandbox_id))
            return not self._beating and (self._armed is None or self._armed > due)

    def _arm(self) -> None:
        with self._lock:
            if not self._wakes or not self._scheduler.running:
                self._armed = None
                return
            self._armed = self._wakes[0][0]
            when = datetime.fromtimestamp(max(self._armed, 0), UTC)
            if self._job is not None:
                with suppress(JobLookupError):
                    self._job.remove()
            # A new id each time: the scheduler removes a job that has fired by its id, even one armed anew meanwhile.
            self._beats += 1
            self._job = self._scheduler.add_job(self._beat, DateTrigger(when), id=f"heartbeat-{self._beats}")

    def _beat(self) -> None:
        with self._lock:
            self._beating, self._job = True, None
        try:
            while (sandbox_id := self._take()) is not None:
                if self._play(sandbox_id):
                    self.look(sandbox_id)
        finally:
            with self._lock:
                self._beating = False
            self._arm()

    def _play(self, sandbox_id: str) -> bool:
        try:
            return self.player.play_due(sandbox_id, self._send)
        except NotFound:
            return False
        except Exception:
            log.exception("playing sandbox %s failed; it is tried again", sandbox_id)
            self._note(sandbox_id, self.real() + REST)
            return False

    def _take(self) -> str | None:
        with self._lock:
            while self._wakes and self._wakes[0][0] <= self.real():
                due, sandbox_id = heapq.heappop(self._wakes)
                if self._next.get(sandbox_id) == due:
                    del self._next[sandbox_id]
                    self.late(self.real() - due)
                    return sandbox_id
        return None

    def _send(self, work: Callable[[], object]) -> None:
        self._senders.submit(self._guarded, work)

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            log.exception("a webhook or fetch failed on our side")
