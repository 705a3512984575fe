from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from emulator.documents import Problem, Unreadable
from emulator.documents.child import run
from emulator.documents.protocol import Assignment, read_answer, read_assignment, send_end, send_piece
from tests.conftest import WAIT


def test_a_request_arrives_as_it_was_sent() -> None:
    assignment = Assignment("pdf_merge", [b"one\n", b"", b"\0two"], 7, 8, 1 << 29, {"pages": [1, 2]})
    assert read_assignment(io.BytesIO(assignment.pack())) == assignment


def test_the_pieces_of_an_answer_are_joined() -> None:
    answer = io.BytesIO()
    for piece in (b"one", b"", b"two"):
        send_piece(answer, piece)
    send_end(answer, None)
    assert read_answer(answer.getvalue()) == b"onetwo"


@pytest.mark.parametrize("problem", Problem)
def test_an_answer_names_its_problem(problem: Problem) -> None:
    answer = io.BytesIO()
    send_piece(answer, b"half of it")
    send_end(answer, problem)
    with pytest.raises(Unreadable) as caught:
        read_answer(answer.getvalue())
    assert caught.value.problem == problem


@pytest.mark.parametrize("cut", range(13))
def test_an_answer_that_breaks_off_is_broken(cut: int) -> None:
    answer = io.BytesIO()
    send_piece(answer, b"one")
    send_end(answer, None)
    with pytest.raises(Unreadable) as caught:
        read_answer(answer.getvalue()[:cut])
    assert caught.value.problem == Problem.broken


def test_a_task_that_takes_too_long_is_ended(letters: Callable[..., bytes]) -> None:
    start = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        run("fax_tiff", letters(1000), seconds=0.5, pages=1000, paper="letter", resolution="fine")
    assert caught.value.problem == Problem.too_slow
    assert time.monotonic() - start < WAIT


def test_a_mistake_of_the_program_is_no_problem_of_the_document() -> None:
    with pytest.raises(RuntimeError, match="KeyError: 'bake'"):
        run("bake", b"")


def test_importing_the_package_loads_no_library() -> None:
    program = "import sys, emulator.documents; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert "emulator" in done.stdout.split()
    assert {"pypdf", "pypdfium2", "PIL", "reportlab", "cryptography"}.isdisjoint(done.stdout.split())
