"""How long a thread keeps the interpreter while others want it.

Three milliseconds suit a server whose requests are short: the loop hands in what has come, a thread answers
all of it, and the loop writes the answers. Where the loop interrupts the thread each millisecond, sixteen
clients get a seventh fewer sends and a tenth fewer statuses; with Python's own five they get as many, but
wait longer in the hundredth case (a send 19 to 36 ms, with three 12). A thread that computes for long would
be felt by all; so it is a millisecond while anything is under way that may take long.
"""

from __future__ import annotations

import sys
import threading

BRIEF = 0.001
"""Seconds beside something long."""
USUAL = 0.003
"""Seconds else."""


class Pace:
    """Counts what takes long.

    One that is not `kept` changes nothing: a program that runs a server within itself has a pace of its own.
    """

    def __init__(self, *, kept: bool = False) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._long = 0
        self._set()

    def begin(self) -> None:
        """See something long begin."""
        with self._lock:
            self._long += 1
            self._set()

    def end(self) -> None:
        """See it end."""
        with self._lock:
            self._long -= 1
            self._set()

    def _set(self) -> None:
        if self._kept:
            sys.setswitchinterval(BRIEF if self._long else USUAL)
