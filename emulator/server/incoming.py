"""What a client sends, read into whole requests; knows nothing of sockets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from emulator.server.body import Body, Memory, whole
from emulator.server.environ import MANNER_KEY, REFUSAL_KEY, Manner, fill, fill_connect, set_body
from emulator.server.head import HEAD_LIMIT, Head, Refusal, check_line, check_size, read_head

_UNCOUNTED = 2**14
"""Bytes of a body that is taken as it came with its head, beside the count of what is in memory."""


@dataclass(slots=True)
class Request:
    """A request that is whole; `body` is what must be closed when it has been answered."""

    environ: dict[str, Any]
    manner: Manner
    keep_alive: bool
    body: Body | None = None
    refusal: Refusal | None = None
    connects: bool = False
    """Whether it asks for a tunnel, after which its connection carries no more requests of ours."""


class Incoming:
    """Takes bytes, returns requests.

    For example half a head gives none; with its other half and what is behind it, it is one request, and
    the rest stays for the next.
    """

    def __init__(self, base: dict[str, Any], memory: Memory) -> None:
        self.base = base
        self._memory = memory
        self._buffer = b""
        self._started: tuple[Head, dict[str, Any], Body] | None = None
        """The request whose body is still coming."""
        self.began = False
        """Whether a head has begun that has no end yet."""
        self.expects = False
        """Whether the client waits for a word before it sends its body; to be cleared when it was given."""

    @property
    def receives(self) -> bool:
        """Whether a body is on its way."""
        return self._started is not None

    def add(self, data: bytes) -> None:
        """Add what has come."""
        self._buffer = self._buffer + data if self._buffer else data

    def next(self) -> Request | None:
        """The next whole request, None when there is none yet; raise Refusal, after which nothing is read."""
        while self._buffer:
            if self._started is not None:
                return self._read_body(*self._started)
            head = self._read_head()
            if head is None:
                return None
            if (request := self._begin(head)) is not None:
                return request
        return None

    def close(self) -> None:
        """Let go of all that came."""
        self._buffer = b""
        self.began = self.expects = False
        if self._started is not None:
            self._started[2].close()
            self._started = None

    def _read_head(self) -> Head | None:
        buffer = self._buffer
        if buffer[0] in b"\r\n":
            buffer = self._buffer = buffer.lstrip(b"\r\n")
        end = buffer.find(b"\r\n\r\n") + 4
        if 4 <= end <= HEAD_LIMIT:
            self._buffer = buffer[end:]
            self.began = False
            return read_head(buffer[:end])
        if (refusal := check_size(buffer) or check_line(buffer)) is not None:
            raise refusal
        if b"\n\n" in buffer:
            raise Refusal(400, "a line of the head does not end in CR LF")
        self.began = bool(buffer)
        return None

    def _begin(self, head: Head) -> Request | None:
        """Start a request; it is whole when its body has come with its head."""
        if head.method == "CONNECT":
            return self._connect(head)
        environ = fill(self.base, head)
        with _refused(environ):
            length = head.length
            if length is not None and length <= min(len(self._buffer), _UNCOUNTED):
                piece, self._buffer = self._buffer[:length], self._buffer[length:]
                set_body(environ, whole(piece), length)
                return _make(head, environ)
            self._started = (head, environ, Body(length, self._memory))
        self.expects = head.expects and not self._buffer
        return None

    def _connect(self, head: Head) -> Request:
        environ = fill_connect(self.base, head)
        if head.length != 0 or self._buffer:
            raise Refusal(400, "nothing may follow CONNECT before it is answered")
        set_body(environ, whole(b""), 0)
        request = _make(head, environ)
        request.connects = True
        return request

    def _read_body(self, head: Head, environ: dict[str, Any], body: Body) -> Request | None:
        data, self._buffer, self.expects = self._buffer, b"", False
        with _refused(environ):
            rest = body.take(data)
        if rest is None:
            return None
        self._buffer, self._started = rest, None
        set_body(environ, body.rewind(), body.size)
        return _make(head, environ, body)

    def refuse(self, refusal: Refusal) -> Refusal:
        """Attach to a refusal the request that is on its way."""
        if self._started is not None:
            refusal.environ = self._started[1]
        refusal.__context__ = None  # whose frames, as its own, hold all that came, in a circle
        return refusal.with_traceback(None)


@contextmanager
def _refused(environ: dict[str, Any]) -> Iterator[None]:
    """Have what is refused in the block say whose request it was."""
    try:
        yield
    except Refusal as refusal:
        refusal.environ = environ
        raise


def _make(head: Head, environ: dict[str, Any], body: Body | None = None) -> Request:
    manner = environ[MANNER_KEY] = Manner()
    return Request(environ, manner, head.keep_alive, body)


def make_refused(refusal: Refusal, base: dict[str, Any]) -> Request:
    """Make a request of a refusal; its environ has nothing of a head that could not be read."""
    environ = dict(refusal.environ or base)
    environ[REFUSAL_KEY] = (refusal.status, refusal.reason)
    manner = environ[MANNER_KEY] = Manner()
    set_body(environ, whole(b""), 0)
    return Request(environ, manner, False, refusal=refusal)
