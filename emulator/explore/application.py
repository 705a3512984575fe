"""The application under test, as commands of its user: one sends an order, others ask what became of it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

KEPT = 2000
"""Characters of an answer that are kept."""
_TURN = 0.25
"""Real seconds between two looks whether a command that runs asks the vendor too often."""
_SLOT = re.compile(r"\{(to|from|order)\}")


@dataclass(frozen=True)
class Commands:
    """What the user has said: each a shell command in which {to}, {from} and {order} are filled in."""

    state: str
    send: str | None = None
    count: str | None = None
    effects: str | None = None
    poll: str | None = None

    @property
    def look(self) -> str:
        """What makes the application ask the vendor how the fax stands."""
        return self.poll or self.state

    @property
    def tells_orders(self) -> bool:
        """Whether the application can tell an order that is given twice from two orders."""
        return "{order}" in (self.send or "")


@dataclass(frozen=True)
class Ended:
    """How a command ended: its code (None when it had to be ended), what it wrote, how long it took."""

    code: int | None
    text: str
    seconds: float

    @property
    def well(self) -> bool:
        return self.code == 0


def fill(command: str, names: Mapping[str, str]) -> str:
    """Fill the slots of a command; what is no slot stays, so that JSON may stand in it."""
    return _SLOT.sub(lambda found: shlex.quote(names.get(found[1], "")), command)


def run(
    command: str,
    names: Mapping[str, str],
    patience: float,
    environ: Mapping[str, str],
    goes_on: Callable[[], bool] = lambda: True,
) -> Ended:
    """Run a command to its end, or end it after `patience` real seconds, or when `goes_on` says so."""
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as written:
        process = subprocess.Popen(
            fill(command, names),
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environ},
            start_new_session=True,
        )
        try:
            code = _wait(process, begun + patience, goes_on)
        finally:
            _end(process)
        return Ended(code, _read(written), min(time.monotonic() - begun, patience))


def _wait(process: subprocess.Popen[bytes], deadline: float, goes_on: Callable[[], bool]) -> int | None:
    waiting = threading.Thread(target=process.wait, daemon=True)  # a wait that is bounded would poll
    waiting.start()
    while (left := deadline - time.monotonic()) > 0:
        waiting.join(min(left, _TURN))
        if not waiting.is_alive():
            return process.returncode
        if not goes_on():
            return None
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command that still runs, with all that it started."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _read(written: IO[str]) -> str:
    written.seek(0)
    return written.read(KEPT).strip()
