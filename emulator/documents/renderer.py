"""The child process: reads one task, does it within its limits, and answers.

Begun as the nursery, it has the libraries loaded and forks a child for each socket that it is handed.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO

from emulator.documents.nursery import ALONE
from emulator.documents.paper import Paper, Resolution
from emulator.documents.problem import Problem, Unreadable
from emulator.documents.protocol import BORN, Assignment, read_assignment, send_end, send_fault, send_piece
from emulator.documents.tasks import TASKS

IDLE = 300.0
"""Seconds without a task after which the nursery ends; the next task begins another."""

_STANDARD_ERROR = 2
_LOADED = (
    "PIL.Image", "PIL.ImageFilter", "PIL.ImageOps", "PIL.JpegImagePlugin", "PIL.PngImagePlugin",
    "PIL.TiffImagePlugin", "cryptography.hazmat.primitives.ciphers.algorithms", "pypdf", "pypdfium2",
)  # fmt: skip
"""What nearly every task needs."""

_WORDS: dict[str, Callable[[Any], object]] = {"paper": Paper, "resolution": Resolution}


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Do one assignment."""
    warnings.simplefilter("ignore")
    assignment = read_assignment(source)
    _limit(assignment)
    try:
        send_end(target, _work(assignment, target))
    except (ModuleNotFoundError, KeyError) as error:
        send_fault(target, f"{type(error).__name__}: {error}")


def nurse(line: socket.socket) -> None:
    """Make a child for each socket that comes, until the line is closed or silent for long."""
    signal.signal(signal.SIGCHLD, _bury)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted server ends the nursery itself
    warnings.simplefilter("ignore")
    for name in _LOADED:
        with suppress(ImportError):
            import_module(name)
    with suppress(ImportError):
        _load_formats()
    gc.freeze()
    line.settimeout(IDLE)
    while handed := _next(line):
        with handed:
            if os.fork() == 0:
                line.close()
                _be_born(handed)


def _load_formats() -> None:
    from PIL import Image

    Image.preinit()


def _bury(*signalled: object) -> None:
    """Wait for the children that have ended, whose time and memory then count as this process's own."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _next(line: socket.socket) -> socket.socket | None:
    try:
        message, handles, _, _ = socket.recv_fds(line, 1, 1)
    except TimeoutError:
        return None
    return socket.socket(fileno=handles[0]) if message and handles else None


def _be_born(handed: socket.socket) -> None:
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _be_quiet()
        handed.sendall(BORN)
        with handed.makefile("rb") as source, handed.makefile("wb") as target:
            main(source, target)
    finally:
        os._exit(0)  # the answer is out; what a hostile document left behind needs no orderly end


def _be_quiet() -> None:
    """Say nothing where the server does: libtiff tells each fault of a file there."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STANDARD_ERROR)
    os.close(nowhere)


def _work(assignment: Assignment, target: BinaryIO) -> Problem | None:
    task = TASKS[assignment.task]
    options = {
        name: _WORDS[name](value) if name in _WORDS else value for name, value in assignment.options.items()
    }
    try:
        for piece in task(*assignment.contents, **options):
            send_piece(target, piece)
    except Unreadable as error:
        return error.problem
    except MemoryError:
        return Problem.too_large
    except ModuleNotFoundError:
        raise  # a fault of the installation, not of the document
    except Exception:
        return Problem.broken
    return None


def _limit(assignment: Assignment) -> None:
    """Bound this process. Where a system cannot, the parent's clock still can."""
    with suppress(AttributeError):
        signal.alarm(assignment.patience)
    with suppress(ImportError):
        import resource

        limits = {
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_CPU: assignment.seconds,
            resource.RLIMIT_AS: assignment.memory,
        }
        for limit, value in limits.items():
            with suppress(ValueError, OSError):
                resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    if sys.argv[1:] == [ALONE]:
        main(sys.stdin.buffer, sys.stdout.buffer)
    else:
        nurse(socket.socket(fileno=sys.stdin.fileno()))
    os._exit(0)
