"""Work on documents in a process of its own, which can be ended when it takes too long or too much.

A document comes from a stranger, and reading one may loop for ever, eat all memory or crash the
interpreter. So no thread of the server reads a large one. Each task gets a child process whose processor
time and memory the operating system bounds, beside the wall clock of its parent. What breaks a limit ends
the child, and the document counts as broken. As many children run at a time as there are processors; who
comes next is said in `turns`.

A child takes tenths of a second to start, too long for the small documents of most tests. Those are read
in this process, by libraries told to stop after an amount of work that takes milliseconds; only when they
do stop (`TooMuchWork`) does a child begin anew. Drawing pages always needs a child: pdfium cannot be told
to stop.

For example, `inspect` is given a PDF of 40 kB that unpacks to 2 GB. `do` begins to count its
pages here, pypdf stops at 2 MB and raises `TooMuchWork`, and `run("pdf_count", ...)` starts the renderer
as a child. That one either answers with the number, or dies at its limit of 512 MB and `run` raises
`Unreadable` (broken).
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from emulator.documents import limits, office
from emulator.documents.nursery import ask
from emulator.documents.problem import Problem, TooMuchWork
from emulator.documents.protocol import Assignment, read_answer
from emulator.documents.tasks import QUICK, TASKS
from emulator.documents.turns import Results, Turns

SMALL = 256 * 1024
"""Bytes of a document that is worked on in this process."""

TASK_SECONDS = 20.0
"""Wall time of one task that says nothing else."""

MEMORY = 512 * 1024 * 1024
"""Bytes of address space beside the documents themselves."""

_GREAT = {"office_to_pdf": office.MEMORY}
"""Tasks that need more."""

_here = threading.Lock()
"""Held while a document is read in this process: one at a time, for they all want the same interpreter."""

_turns = Turns(max(2, os.cpu_count() or 2))
_results = Results()


def do(
    task: str, *contents: bytes, seconds: float = TASK_SECONDS, work: float | None = None, **options: Any
) -> bytes:
    """Do a task of `TASKS` here if that is quick, else in a child. Raises `Unreadable`."""
    if task in QUICK and sum(map(len, contents)) <= SMALL:
        try:
            with _here, limits.working_quickly():
                return b"".join(TASKS[task](*contents, **options))
        except TooMuchWork:
            pass
    return run(task, *contents, seconds=seconds, work=work, **options)


def run(
    task: str, *contents: bytes, seconds: float = TASK_SECONDS, work: float | None = None, **options: object
) -> bytes:
    """Do a task of `TASKS` in a child and return its result; the same that is done now or was lately, once.

    It may take so many `seconds`, and so much `work` of a processor, which is as much where it is not said.
    Raises `Unreadable`; it is `broken` too when the process ran out of time or memory, or crashed. Raises
    `Busy` when too many wait.
    """
    digests = tuple(hashlib.sha256(content).digest() for content in contents)
    key = (task, digests, seconds, work, repr(sorted(options.items())))
    return _results.get(key, lambda: _run(task, contents, seconds, work, options))


def _run(
    task: str, contents: Sequence[bytes], seconds: float, work: float | None, options: Mapping[str, object]
) -> bytes:
    size = sum(len(content) for content in contents)
    most = int(work or seconds) + 1
    memory = _GREAT.get(task, MEMORY) + 3 * size
    assignment = Assignment(task, tuple(contents), most, int(seconds) + 1, memory, dict(options))
    with _turns.turn():
        begun = time.monotonic()
        answer = ask(assignment.pack(), seconds)
        lasted = time.monotonic() - begun
    return read_answer(answer, Problem.too_slow if lasted > most - 1 else Problem.broken)
