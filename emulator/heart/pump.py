"""The heartbeat: wakes at the next due instant of any running clock and plays what is due. It never polls.

Each sandbox knows the instant at which it must be played next, and many events change it: a request, a
step of the clock, a webhook that was answered. So `look` asks for it anew after each of them and notes a
wake-up when it is earlier than the one noted before. Wake-ups stand in a heap, and the scheduler has one
job, armed for the first. A wake-up that was overtaken stays in the heap until its time comes and is then
passed over, as `_next` says another instant for that sandbox; that is cheaper than taking it out of the
middle.

A beat plays every sandbox that is due, each as far as one turn goes. One that has more to play is noted
again, not before now, and so comes after all others that are due: none starves. While a beat runs nobody
arms the job; the beat does that at its end.

For example, A is due at 10 and B at 12: the heap is [(10, A), (12, B)] and the job is armed for 10. A
request makes B due at 9: the heap is [(9, B), (10, A), (12, B)] and the job is armed for 9. That beat
plays B, which is then due at 13; then comes 10 and A. At 12 the old wake-up is passed over, because
`_next` of B is 13.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from emulator.core.engine.courier import Errand, Played
from emulator.core.engine.player import Player
from emulator.core.errors import NotFound, Unavailable
from emulator.core.short_lock import ShortLock
from emulator.heart.beats import BeatExecutor
from emulator.heart.outage import Outage
from emulator.heart.senders import Senders

log = logging.getLogger(__name__)

_REST = 1.0
"""Real seconds before a sandbox is played again after an error of ours, or while its store is silent."""

_HORIZON = 86_400.0
"""Real seconds ahead for which the heartbeat is armed at most; then it looks how far the rest is."""

PATIENCE = 2.0
"""Real seconds after which the others do not wait for a sandbox any more."""

_STALE = 1024
"""Forgotten wake-ups that may lie about before they are swept out."""


class Pump:
    """Plays every sandbox with a running clock: one job re-armed to the next instant; sends have threads."""

    def __init__(self, player: Player, senders: Senders | None = None) -> None:
        self.player = player
        self.real = player.engine.real
        self.outage = Outage()
        self.senders = senders or Senders(outage=self.outage)
        self._wakes: list[tuple[float, str]] = []
        self._next: dict[str, float] = {}
        self._lock = ShortLock()
        self._armed: float | None = None
        self._beats = 0
        self._job: Any = None
        self._beating = False
        self._playing: dict[int, tuple[str, float]] = {}
        """By thread: the sandbox that it plays, and since which instant of `time.monotonic`."""
        self._stuck: set[int] = set()
        self._begun = threading.Event()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="localfax-watcher", daemon=True)
        self._closed = False
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            daemon=True,
            executors={"default": BeatExecutor()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self) -> None:
        """Begin, with every sandbox that is there already."""
        self._scheduler.start()
        self._watcher.start()
        self.player.store.on_due(self.look)
        after = None
        while page := self.player.store.sandboxes(after):
            for sandbox in page:
                self.look(sandbox.id)
            after = page[-1].id

    def repeat(self, seconds: float, do: Callable[[], object]) -> None:
        """Do something again and again, beside the beats."""
        self._scheduler.add_job(do, IntervalTrigger(seconds=round(seconds)))

    def close(self) -> None:
        """Stop; what is being sent may still finish, for a few seconds."""
        with self._lock:
            self._closed = True
            self._armed = None
        self._over.set()
        self._begun.set()
        if self._watcher.is_alive():
            self._watcher.join()
        if self._scheduler.running:
            # First no job is left: its thread dies of one that fires while it is being shut down.
            self._scheduler.pause()
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=True)
        self.senders.close()

    @property
    def armed(self) -> float | None:
        """The real instant of the next beat, None when nothing is to come."""
        with self._lock:
            return self._armed

    def look(self, sandbox_id: str) -> None:
        """See when a sandbox must be played next; called whenever that may have changed."""
        if self._playing.get(threading.get_ident(), ("",))[0] == sandbox_id:
            return  # a beat looks when its turn is over
        try:
            with self.player.store.reading():
                due = self.player.next_wake(sandbox_id)
        except Unavailable:
            due = self.real() + _REST
        if due is not None and self._note(sandbox_id, due):
            self._arm()

    def _note(self, sandbox_id: str, due: float) -> bool:
        """Remember when to wake; tell whether that is earlier than what is armed."""
        with self._lock:
            if self._next.get(sandbox_id, float("inf")) <= due:
                return False
            self._next[sandbox_id] = due
            heapq.heappush(self._wakes, (due, sandbox_id))
            if len(self._wakes) > 2 * len(self._next) + _STALE:
                self._wakes = [(at, each) for each, at in self._next.items()]
                heapq.heapify(self._wakes)
            return not self._beating and (self._armed is None or self._armed > due)

    def _arm(self) -> None:
        with self._lock:
            if self._closed or not self._wakes:
                self._armed = None
                return
            self._armed = self._wakes[0][0]
            when = min(max(self._armed, 0.0), self.real() + _HORIZON)
            if self._job is not None:
                with suppress(JobLookupError):
                    self._job.remove()
            # A new id each time: the scheduler removes a fired job by its id, even one armed anew meanwhile.
            self._beats += 1
            trigger = DateTrigger(datetime.fromtimestamp(when, UTC))
            self._job = self._scheduler.add_job(self._beat, trigger, id=f"heartbeat-{self._beats}")

    def _beat(self) -> None:
        with self._lock:
            self._beating, self._job = True, None
        self._begun.set()
        try:
            with self.player.store.reading(plays=True):
                while (sandbox_id := self._take()) is not None:
                    self._play(sandbox_id)
        finally:
            with self._lock:
                self._beating = False
            self._arm()

    def _play(self, sandbox_id: str) -> None:
        self._playing[threading.get_ident()] = (sandbox_id, time.monotonic())
        try:
            mine = self.player.play_due(sandbox_id, self._send)
            due = self.player.next_wake(sandbox_id) if mine else None
            self.outage.end()
        except NotFound:
            due = None
        except Unavailable as silent:
            self.outage.note(silent)
            due = self.real() + _REST
        except Exception:
            log.exception("playing sandbox %s failed; it is tried again", sandbox_id)
            due = self.real() + _REST
        finally:
            del self._playing[threading.get_ident()]
            self._stuck.discard(threading.get_ident())
        if due is not None:
            # Not before now: one that has more to play goes behind the others that are due.
            self._note(sandbox_id, max(due, self.real()))

    def _watch(self) -> None:
        """While a beat goes on, see that none of its steps holds up the sandboxes behind it."""
        while not self._over.is_set():
            self._begun.wait()
            self._begun.clear()
            while self._beating and not self._over.wait(PATIENCE):
                self._relieve()

    def _relieve(self) -> None:
        """Leave a step that takes long to its thread, and have another beat play the others."""
        late = time.monotonic() - PATIENCE
        for thread, (sandbox_id, since) in list(self._playing.items()):
            if since < late and thread not in self._stuck:
                log.warning("sandbox %s takes long; the others go on without it", sandbox_id)
                self._stuck.add(thread)
                with self._lock:
                    self._beating = False
                self._arm()

    def _take(self) -> str | None:
        with self._lock:
            while self._wakes and self._wakes[0][0] <= self.real() and not self._closed:
                due, sandbox_id = heapq.heappop(self._wakes)
                if self._next.get(sandbox_id) == due:
                    del self._next[sandbox_id]
                    return sandbox_id
        return None

    def _send(self, errand: Errand) -> list[Played]:
        def work() -> None:
            with self.player.store.reading(plays=True):
                try:
                    errand.work()
                finally:
                    # At speed max the clock stands while anything is under way.
                    self.look(errand.sandbox_id)

        self.senders.submit(errand.destination, work)
        return []
