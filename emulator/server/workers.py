"""Several processes that answer on the same sockets: started, watched, started again, and told to end."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from emulator.core.errors import LocalfaxError

_PATIENCE = 20
"""Seconds that workers have to end before they are killed; more than requests, webhooks and locks take."""
_REST = 1.0
"""Seconds a worker must have lived to be started again at once."""

WorkerMain = Callable[[int, Callable[[], None]], None]
"""What a worker does: gets its number, counted from 0, and what it calls once it is ready."""


class NotStarted(Exception):
    """The first worker ended before it was ready; it has said why."""


def supervise(count: int, work: WorkerMain, ready: Callable[[], None]) -> None:
    """Run so many workers until SIGTERM or SIGINT; call `ready` when all of them are.

    Runs in a main thread beside which there is none, for workers are forks of this process. Raises NotStarted
    when the first one cannot even begin; one that dies later is replaced. A second signal is passed on too.
    """
    supervisor = _Supervisor(work)
    before = {number: signal.signal(number, supervisor.stop) for number in (signal.SIGTERM, signal.SIGINT)}
    before[signal.SIGALRM] = signal.signal(signal.SIGALRM, supervisor.kill)
    try:
        if supervisor.start(count):
            ready()
            supervisor.watch()
        elif not supervisor.stopping:
            raise NotStarted
    finally:
        supervisor.finish()
        for number, handler in before.items():
            signal.signal(number, handler)


class _Supervisor:
    def __init__(self, work: WorkerMain) -> None:
        self.stopping = False
        self._work = work
        self._workers: dict[int, tuple[int, float]] = {}
        # Nobody writes to it: the workers read its end when this process is gone.
        self._alive, self._hold = os.pipe()

    def start(self, count: int) -> bool:
        """Start all workers, the first alone: tell whether it became ready, as then the others can too."""
        if not _is_said(self._fork(0)):
            return False
        for other in [self._fork(number) for number in range(1, count)]:
            _is_said(other)
        return True

    def watch(self) -> None:
        """Replace workers that die until all have ended."""
        while self._workers and not self.stopping:
            number, lived = self._wait()
            if lived < _REST:
                time.sleep(_REST)
            if not self.stopping:
                os.close(self._fork(number))

    def finish(self) -> None:
        """Wait until all have ended; those that do not are killed in the end."""
        if not self.stopping:
            self.stop()
        while self._workers:
            self._wait()
        signal.alarm(0)
        os.close(self._alive)
        os.close(self._hold)

    def stop(self, number: int = signal.SIGTERM, frame: FrameType | None = None) -> None:
        """Tell all workers to end."""
        self.stopping = True
        signal.alarm(_PATIENCE)
        self._send(signal.SIGTERM)

    def kill(self, number: int, frame: FrameType | None) -> None:
        """End all workers at once."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        for pid in list(self._workers):
            os.kill(pid, number)

    def _wait(self) -> tuple[int, float]:
        """Wait for one to end; return its number and the seconds that it lived."""
        pid = 0
        while pid not in self._workers:
            pid, _ = os.wait()
        number, since = self._workers.pop(pid)
        return number, time.monotonic() - since

    def _fork(self, number: int) -> int:
        """Start a worker; return the end of a pipe on which it says that it is ready."""
        reader, writer = os.pipe()
        signals = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # none may come while it is not noted
        pid = os.fork()
        if not pid:
            for each in signals:
                signal.signal(each, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
            os.close(self._hold)
            os.close(reader)
            self._become(number, writer)
        self._workers[pid] = (number, time.monotonic())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
        os.close(writer)
        return reader

    def _become(self, number: int, writer: int) -> NoReturn:
        """Be a worker, to the end of the process."""
        status = 1
        try:
            os.setpgid(0, 0)  # Ctrl-C is for the supervisor, which passes it on
            threading.Thread(target=_end_with_parent, args=(self._alive,), daemon=True).start()
            self._work(number, lambda: _say(writer))
            status = 0
        except (OSError, ValueError, LocalfaxError) as wrong:
            print(f"Error: {wrong}", file=sys.stderr)  # noqa: T201  # what the command says of these
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)


def _end_with_parent(alive: int) -> None:
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _say(writer: int) -> None:
    with suppress(BrokenPipeError):  # nobody waits for one that is started again
        os.write(writer, b"\n")
    os.close(writer)


def _is_said(reader: int) -> bool:
    try:
        return bool(os.read(reader, 1))
    finally:
        os.close(reader)
