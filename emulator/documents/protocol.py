"""What the server and its rendering child say to each other.

An assignment is one line of JSON, then the documents, one behind the other. An answer is frames: one
letter, four bytes of length (big endian), data. `D` is a piece of the result; the one `E` at the end
names the problem, if any. `F` in its place is a fault of the program or its installation, in words. An
answer without either comes from a process that died.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from emulator.documents.problem import Problem, Unreadable

BORN = b"B"
"""What a child says before it reads its assignment."""

_DATA, _END, _FAULT = b"D", b"E", b"F"
_FRAME = struct.Struct(">cI")


@dataclass(frozen=True)
class Assignment:
    """A task by its name in `tasks.TASKS`, the documents it works on, and what it may use."""

    task: str
    contents: Sequence[bytes]
    seconds: int
    """Of processor time."""
    patience: int
    """Seconds after which nobody waits for the answer."""
    memory: int
    """Bytes of address space."""
    options: Mapping[str, object] = field(default_factory=dict)

    def pack(self) -> bytes:
        """Write the assignment as the child reads it."""
        head = {
            "task": self.task,
            "options": self.options,
            "seconds": self.seconds,
            "patience": self.patience,
            "memory": self.memory,
            "sizes": [len(content) for content in self.contents],
        }
        return b"".join((json.dumps(head).encode(), b"\n", *self.contents))


def read_assignment(source: BinaryIO) -> Assignment:
    """Read the assignment that `Assignment.pack` wrote."""
    head = json.loads(source.readline())
    contents = [source.read(size) for size in head.pop("sizes")]
    return Assignment(contents=contents, **head)


def send_piece(target: BinaryIO, piece: bytes) -> None:
    """Write one piece of the result."""
    target.write(_FRAME.pack(_DATA, len(piece)) + piece)


def send_end(target: BinaryIO, problem: Problem | None) -> None:
    """Write how the task ended."""
    word = (problem or "").encode()
    target.write(_FRAME.pack(_END, len(word)) + word)
    target.flush()


def send_fault(target: BinaryIO, text: str) -> None:
    """Write that the task could not be begun here, whatever the document."""
    data = text.encode(errors="replace")
    target.write(_FRAME.pack(_FAULT, len(data)) + data)
    target.flush()


def read_answer(answer: bytes, died_of: Problem = Problem.broken) -> bytes:
    """Join the pieces of an answer; one without an end comes from a child that `died_of` something.

    Raises `Unreadable`, and `RuntimeError` for a fault that is not the document's.
    """
    pieces = []
    for kind, data in _frames(answer):
        if kind == _DATA:
            pieces.append(data)
        elif kind == _FAULT:
            raise RuntimeError(f"the document renderer does not run: {data.decode(errors='replace')}")
        elif not data:
            return b"".join(pieces)
        else:
            raise Unreadable(Problem(data.decode()))
    raise Unreadable(died_of)


def _frames(answer: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = 0
    while start + _FRAME.size <= len(answer):
        kind, size = _FRAME.unpack_from(answer, start)
        start += _FRAME.size
        yield kind, answer[start : start + size]
        start += size
