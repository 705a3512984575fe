"""A request's body: counted by its length or decoded from chunks, in memory when small, else in a file."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from emulator.server.head import Refusal

BODY_LIMIT = 256 * 2**20
"""Bytes of a request body beyond which the server itself says 413; vendors have their own, lower limits."""
IN_MEMORY = 2**20
"""Bytes of one body that are kept in memory."""
ALL_IN_MEMORY = 128 * 2**20
"""Bytes of all bodies together; the bodies that grow beyond go to files whatever their size."""
_FRAMING = 2**18
"""Bytes of chunk sizes and trailers that a body may have beside as many as it has itself."""
_LINE = 2**12

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n\x00]*)?")
_TRAILER = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\r\n\x00]*")


@dataclass
class Memory:
    """How many bytes of bodies are in memory, of all connections."""

    used: int = 0


class Body:
    """Takes in one body of so many bytes, or a chunked one (None); raises Refusal for what is none."""

    def __init__(self, length: int | None, memory: Memory) -> None:
        if length is not None and length > BODY_LIMIT:
            raise too_large()
        self.size = 0
        self.file = SpooledTemporaryFile()  # noqa: SIM115  # closed by `close`
        self._on_disk = False
        self._left = length
        self._chunks = Chunks() if length is None else None
        self._memory = memory
        self._counted = 0

    def take(self, data: bytes) -> bytes | None:
        """Take in what has come; return what comes after the body's end, None while there is no end yet."""
        if self._chunks is not None:
            pieces, rest = self._chunks.take(data)
            for piece in pieces:
                self._write(piece)
            return rest
        assert self._left is not None
        piece = data[: self._left]
        self._left -= len(piece)
        self._write(piece)
        return None if self._left else data[len(piece) :]

    def rewind(self) -> IO[bytes]:
        """Set the file to the body's first byte, for its reader."""
        self.file.seek(0)
        return self.file

    def close(self) -> None:
        """Let go of the bytes."""
        self._memory.used -= self._counted
        self._counted = 0
        with suppress(OSError):  # what could not be written when the disk was full
            self.file.close()

    def _write(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > BODY_LIMIT:
            raise too_large()
        try:
            self.file.write(piece)
            self._count(len(piece))
        except OSError as wrong:
            raise Refusal(503, f"the body cannot be kept: {wrong.strerror}") from None

    def _count(self, more: int) -> None:
        if self._on_disk:
            return
        if self.size > IN_MEMORY or self._memory.used + more > ALL_IN_MEMORY:
            self._on_disk = True
            self.file.rollover()
        counted = 0 if self._on_disk else self.size
        self._memory.used += counted - self._counted
        self._counted = counted


def too_large() -> Refusal:
    return Refusal(413, f"the body is larger than {BODY_LIMIT:,} bytes")


def whole(piece: bytes) -> IO[bytes]:
    """The file of a body that came in one piece with its head."""
    return io.BytesIO(piece)


class Chunks:
    """Decodes a chunked body.

    It is lines of a size in hexadecimal, each followed by so many bytes and CR LF; size 0 ends it, with
    trailers that nobody reads and an empty line. `4\\r\\nWiki\\r\\n0\\r\\n\\r\\n` is the body `Wiki`.
    """

    def __init__(self) -> None:
        self._held = b""
        self._left = 0
        """Bytes of the present chunk that are still to come, with the CR LF behind it."""
        self._trailing = False
        self._framing = 0
        self._size = 0

    def take(self, data: bytes) -> tuple[list[bytes], bytes | None]:
        """Return the pieces that are whole, and what stands behind the end, None before it; raise Refusal."""
        data = self._held + data
        pieces: list[bytes] = []
        at = 0
        while at < len(data):
            if self._left > 2:
                piece = data[at : at + self._left - 2]
                pieces.append(piece)
                self._size += len(piece)
                self._left -= len(piece)
                at += len(piece)
                continue
            end = data.find(b"\n", at, at + _LINE)
            if end < 0:
                if len(data) - at >= _LINE:
                    raise Refusal(400, "a chunk's line is too long")
                break
            if self._line(data[at : end + 1]):
                return pieces, data[end + 1 :]
            at = end + 1
        self._held = data[at:]
        return pieces, None

    def _line(self, line: bytes) -> bool:
        """Read a line between the chunks' bytes; tell whether it is the last."""
        self._framing += len(line)
        if self._framing > _FRAMING + self._size:
            raise Refusal(400, "the chunks are too small for their body")
        if not line.endswith(b"\r\n"):
            raise Refusal(400, "a chunk's line does not end in CR LF")
        text = line[:-2]
        if self._trailing:
            if text and not _TRAILER.fullmatch(text):
                raise Refusal(400, "a trailer is malformed")
            return not text
        if self._left:
            if text:
                raise Refusal(400, "a chunk is longer than its size")
            self._left = 0
        else:
            self._begin(text)
        return False

    def _begin(self, text: bytes) -> None:
        found = _SIZE.fullmatch(text)
        if found is None:
            raise Refusal(400, "a chunk's size is no number")
        size = int(found[1], 16)
        if size > BODY_LIMIT:
            raise too_large()
        self._trailing = not size
        self._left = size + 2 if size else 0
