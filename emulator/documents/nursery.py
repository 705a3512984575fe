"""Where the child processes come from: one process that has the libraries loaded and forks for each task.

Loading pypdf, Pillow and pdfium takes tenths of a second, a fork some milliseconds. The nursery is begun with
the first task. It hears by a socket: each message carries one end of a pair, by which its new child reads an
assignment and answers. It ends when this process does, or when nobody has asked it for long.

Where a system cannot fork, or hand sockets on, every task begins an interpreter of its own.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from emulator.documents.problem import Problem, Unreadable
from emulator.documents.protocol import BORN

FORKS = hasattr(os, "fork") and hasattr(socket, "send_fds")
ALONE = "alone"
"""Argument of a renderer that does one assignment, from its standard input."""

_COMMAND = (sys.executable, "-P", "-m", "emulator.documents.renderer")
_PIECE = 1 << 18


class NotBorn(Exception):
    """The nursery ended before it had made a child for the task."""


class Nursery:
    """The process that forks, begun when it is first needed and again when it has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, assignment: bytes, seconds: float) -> bytes:
        """Have a child do an assignment; give its answer, whole or as far as it came.

        Raises `Unreadable` (too slow) after so many seconds, `NotBorn` when no child can be made.
        """
        deadline = time.monotonic() + seconds
        with self._child() as child:
            try:
                child.settimeout(seconds)
                if child.recv(len(BORN)) != BORN:
                    raise NotBorn
                child.sendall(assignment)
                return b"".join(_pieces(child, deadline))
            except TimeoutError as error:
                raise Unreadable(Problem.too_slow) from error
            except (BrokenPipeError, ConnectionResetError):
                return b""  # it died of what it read

    def end(self) -> None:
        """End the nursery, and wait until it has."""
        with self._lock:
            self._close()

    def forget(self) -> None:
        """Leave the nursery to the process that this one is a fork of."""
        self._lock = threading.Lock()
        if self._line is not None:
            self._line.close()
        if self.process is not None:
            self.process.returncode = 0
        self._line = self.process = None

    def _child(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                socket.send_fds(self._open(), [b"\n"], [theirs.fileno()])
            except OSError:
                self._close()
                socket.send_fds(self._open(), [b"\n"], [theirs.fileno()])
        return ours

    def _open(self) -> socket.socket:
        if self._line is None:
            self._line, far = socket.socketpair()
            with far:
                self.process = subprocess.Popen(
                    _COMMAND, stdin=far.fileno(), stdout=subprocess.DEVNULL, env=_environment()
                )
        return self._line

    def _close(self) -> None:
        if self._line is not None and self.process is not None:
            self._line.close()
            self.process.wait()
        self._line = self.process = None


def process_id() -> int | None:
    """Tell which process is the nursery; None while there is none."""
    process = _nursery.process
    return None if process is None else process.pid


def ask(assignment: bytes, seconds: float) -> bytes:
    """Have a child of the nursery do an assignment, or one with an interpreter of its own.

    Raises `Unreadable` (too slow), and `RuntimeError` when this installation cannot run any.
    """
    if not FORKS:
        return _ask_alone(assignment, seconds)
    try:
        return _nursery.ask(assignment, seconds)
    except NotBorn:  # it had just ended
        pass
    try:
        return _nursery.ask(assignment, seconds)
    except NotBorn as error:
        raise RuntimeError("the document renderer does not run") from error


def _ask_alone(assignment: bytes, seconds: float) -> bytes:
    try:
        command = (*_COMMAND, ALONE)
        return subprocess.run(
            command, input=assignment, stdout=subprocess.PIPE, timeout=seconds, env=_environment()
        ).stdout
    except subprocess.TimeoutExpired as error:
        raise Unreadable(Problem.too_slow) from error


def _pieces(child: socket.socket, deadline: float) -> Iterator[bytes]:
    while True:
        child.settimeout(max(0.001, deadline - time.monotonic()))
        piece = child.recv(_PIECE)
        if not piece:
            return
        yield piece


def _environment() -> dict[str, str]:
    """Let the child import what this process can, however it was started."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}


_nursery = Nursery()
atexit.register(_nursery.end)
if FORKS:
    os.register_at_fork(after_in_child=_nursery.forget)
