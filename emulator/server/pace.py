"""How long a thread keeps the interpreter while others want it.

Three milliseconds suit a server whose requests are short: the loop hands in what has come, a thread answers
all of it, and the loop writes the answers. Where the loop interrupts the thread each millisecond, a send
takes a third more of the processors, and a status a fifth; with Python's own five, sixteen clients send as
many, but wait up to three times as long in the hundredth case (12 ms with three, 19 to 36 with five). A
thread that computes for long would be felt by all; so it is a millisecond while anything may take long.
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
