"""The child process: reads one task, does it within its limits, and answers."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

from emulator.documents.paper import Paper, Resolution
from emulator.documents.problem import Problem, Unreadable
from emulator.documents.protocol import Assignment, read_assignment, send_end, send_piece
from emulator.documents.tasks import TASKS

_WORDS: dict[str, Callable[[Any], object]] = {"paper": Paper, "resolution": Resolution}


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Do one assignment."""
    warnings.simplefilter("ignore")
    assignment = read_assignment(source)
    _limit(assignment.seconds, assignment.memory)
    send_end(target, _work(assignment, target))


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
    except ModuleNotFoundError:
        raise  # a fault of the installation, not of the document
    except Exception:
        return Problem.broken
    return None


def _limit(seconds: int, memory: int) -> None:
    """Bound this process. Where a system cannot, the parent's clock still can."""
    with suppress(ImportError):
        import resource

        limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_CPU: seconds, resource.RLIMIT_AS: memory}
        for limit, value in limits.items():
            with suppress(ValueError, OSError):
                resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
    os._exit(0)  # the answer is out; what a hostile document left behind needs no orderly end
