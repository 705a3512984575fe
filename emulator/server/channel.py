"""One client's connection: waitress's channel with what it lacks for us.

Header names with an underscore are kept, a connection can be cut without an answer, an answer is sent in one
piece, and the connection can tell whether it still owes one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask

CUT_KEY = "localfax.cut"
"""WSGI environ key of a callable without arguments that closes the client's connection, unanswered."""
ASIDE_KEY = "localfax.aside"
"""WSGI environ key of a context manager in which another thread takes the place of the one that answers."""
CLOSED_KEY = "localfax.closed"
"""WSGI environ key of a callable that takes a function, and calls it when the connection has ended."""
PIECE = 2**16
"""Bytes of an answer up to which it is sent whole, when the request is done."""

_UNDERSCORED = re.compile(rb"\r\n([!#$%&'*+\-.^`|~\w]*_[!#$%&'*+\-.^`|~\w]*):[ \t]*([^\r\n]*)", re.ASCII)
_FRAMING = frozenset({"CONTENT_LENGTH", "TRANSFER_ENCODING"})


class Parser(HTTPRequestParser):
    """Keep the header names that waitress leaves out, as a client may send its key as `api_key: …`."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        for name, value in _UNDERSCORED.findall(header_plus):
            key = name.upper().replace(b"-", b"_").decode("latin-1")
            if key not in _FRAMING:
                self.headers.setdefault(key, value.rstrip(b" \t").decode("latin-1"))


class RequestTask(WSGITask):
    """One request while the application answers it."""

    def __init__(self, channel: Channel, request: Any) -> None:
        super().__init__(channel, request)
        channel.task = self

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[CUT_KEY] = self.channel.cut
        environ[ASIDE_KEY] = self.channel.server.task_dispatcher.aside
        environ[CLOSED_KEY] = self.channel.when_closed
        return environ

    def write(self, data: bytes) -> None:
        super().write(data)
        if self.chunked_response:
            self.channel.flush()


class Channel(HTTPChannel):
    """What is open between a client and the server, for one request after the other."""

    parser_class = Parser
    task_class = RequestTask
    task: RequestTask | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        self.tells: list[Callable[[], None]] = []
        super().__init__(*args, **options)

    def cut(self) -> None:
        """Close at once; what the application still answers is thrown away."""
        if self.connected:
            self.will_close = True
            self.connected = False
            self.server.pull_trigger()

    def when_closed(self, tell: Callable[[], None]) -> None:
        """Call `tell` when the client or the server has ended the connection, at once if it has already."""
        self.tells.append(tell)
        if not self.connected:
            tell()

    def handle_read(self) -> None:
        super().handle_read()
        if not self.connected:  # the client has gone while its request is being answered
            self._tell()

    def handle_close(self) -> None:
        super().handle_close()
        self._tell()

    def _tell(self) -> None:
        while self.tells:
            self.tells.pop()()

    def flush(self) -> None:
        """Send what an endless answer has so far."""
        with self.outbuf_lock:
            self._flush_exception(self._flush_some, do_close=False)

    def writable(self) -> bool:
        # The thread that answers holds the buffer's lock: polling for writing meanwhile would only spin.
        if self.requests and self.total_outbufs_len < PIECE:
            return bool(self.will_close)
        return bool(super().writable())

    def owes_answer(self) -> bool:
        """Tell whether the client waits for an answer that has an end: an event stream has none."""
        endless = self.task is not None and self.task.chunked_response and self.task.request in self.requests
        return bool(self.total_outbufs_len) or (bool(self.requests) and not endless)
