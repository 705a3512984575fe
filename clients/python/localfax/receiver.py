"""A small HTTP server for tests: it keeps every request and answers as told, badly if need be.

    with Receiver() as receiver:
        receiver.answer(503, times=2)
        ...something posts to f"{receiver.url}/hook"...
        first, second, third = receiver.wait(3)
        assert third.json() == {"jobId": 1}

Answers are used in the order in which they were given; when none is left, every request gets an empty 200.
"""

from __future__ import annotations

import json
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from http.client import responses
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any

from localfax.received import Part, Received

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["DRIP", "Behaviour", "Part", "Received", "Receiver"]

DRIP = 0.01
"""Seconds between two bytes of a dripping answer."""
PATIENCE = 30.0
"""Seconds that a test waits for what should come."""


class Behaviour(str, Enum):
    """How an answer is given."""

    whole = "whole"
    hang = "hang"
    """Wait for `release()` (or the receiver's end), then answer."""
    drop = "drop"
    """Close the connection without a word."""
    cut = "cut"
    """Close the connection in the middle of the body."""
    close = "close"
    """Answer as if the connection stayed open, then close it."""
    drip = "drip"
    """Send the body byte by byte until released."""
    drip_head = "drip_head"
    """Send everything byte by byte until released."""


_CLOSING = frozenset({Behaviour.drop, Behaviour.cut, Behaviour.close})


@dataclass
class _Answer:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]
    behaviour: Behaviour
    raw: bytes | None
    path: str | None
    left: int | None

    @property
    def closes(self) -> bool:
        said = ("connection", "close") in {(name.lower(), value.lower()) for name, value in self.headers}
        return said or self.raw is not None or self.behaviour in _CLOSING

    def takes(self, path: str) -> bool:
        return self.left != 0 and self.path in (None, path)

    def head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {responses.get(self.status, '')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        said = {name.lower() for name, _ in self.headers}
        if not said & {"content-length", "transfer-encoding"} and self.status not in (204, 304):
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")


class Receiver:
    """Serve on a free loopback port for the time of a `with` block; all its threads have ended after it."""

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.connections = 0  # how many were made
        self._requests: list[Received] = []
        self._answers: list[_Answer] = []
        self._changed = threading.Condition()
        self.released = threading.Event()
        self._server = _Server(host, tls, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="receiver")
        self.host, self.port = host, int(self._server.server_address[1])
        shown = f"[{host}]" if ":" in host else host
        self.url = f"{'https' if tls else 'http'}://{shown}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    @property
    def requests(self) -> list[Received]:
        """What has arrived so far, in order of arrival."""
        with self._changed:
            return list(self._requests)

    def answer(
        self,
        status: int = 200,
        body: bytes | str | Mapping[str, Any] = b"",
        *,
        headers: Mapping[str, str] | tuple[tuple[str, str], ...] = (),
        times: int | None = 1,
        behaviour: Behaviour | str = Behaviour.whole,
        raw: bytes | None = None,
        path: str | None = None,
    ) -> Self:
        """Answer the next `times` requests so (None: all that follow), or only those to `path`.

        A mapping as the body is sent as JSON. `raw` is sent as it is instead of an answer, and the connection
        is closed.
        """
        if not isinstance(status, int):
            raise TypeError(f"a status is a number like 503, not {status!r}")
        pairs = tuple(headers.items() if isinstance(headers, Mapping) else headers)
        if isinstance(body, Mapping):
            body, pairs = json.dumps(body), (*pairs, ("Content-Type", "application/json"))
        content = body.encode() if isinstance(body, str) else body
        with self._changed:
            self._answers.append(_Answer(status, content, pairs, Behaviour(behaviour), raw, path, times))
        return self

    def wait(self, count: int = 1, timeout: float = PATIENCE) -> list[Received]:
        """Wait until `count` requests have arrived and return all; fail when they do not come in time."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self._requests) >= count, timeout)
            assert arrived, f"{len(self._requests)} of {count} requests came within {timeout} s"
            return list(self._requests)

    def wait_for_connections(self, count: int, timeout: float = PATIENCE) -> None:
        """Wait until so many connections are open; fail when that does not happen in time."""
        with self._changed:
            reached = self._changed.wait_for(lambda: len(self._server.open) == count, timeout)
            assert reached, f"{len(self._server.open)} connections are open, not {count}"

    def release(self) -> None:
        """Let every answer that hangs or drips, now or later, be finished at once."""
        self.released.set()

    def note(self, connection: socket.socket, opened: bool) -> None:
        """Note that a connection begins or ends (the server calls this)."""
        with self._changed:
            self.connections += opened
            (self._server.open.add if opened else self._server.open.discard)(connection)
            self._changed.notify_all()

    def take(self, received: Received) -> _Answer:
        """Keep a request and choose its answer (the server calls this)."""
        usual = self.status_of(received)
        with self._changed:
            self._requests.append(received)
            answer = next((each for each in self._answers if each.takes(received.path)), None)
            if answer is not None and answer.left is not None:
                answer.left -= 1
            self._changed.notify_all()
            return answer or _Answer(usual, b"", (), Behaviour.whole, None, None, None)

    def status_of(self, received: Received) -> int:
        """Say the status of a request for which no answer is left."""
        return 200


class AppServer(Receiver):
    """Answers every request as an application does."""

    def __init__(self, application: Callable[[Received], Any], *, host: str = "127.0.0.1") -> None:
        super().__init__(host=host)
        self._application = application

    def take(self, received: Received) -> _Answer:
        """Keep a request and let the application answer it (the server calls this)."""
        super().take(received)
        said = self._application(received)
        return _Answer(said.status, said.body, said.headers, Behaviour.whole, None, None, None)


class _Server(ThreadingMixIn, TCPServer):
    request_queue_size = 512
    daemon_threads = False

    def __init__(self, host: str, tls: ssl.SSLContext | None, receiver: Receiver) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.tls = tls
        self.receiver = receiver
        self.open: set[socket.socket] = set()
        super().__init__((host, 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls is not None:
            # The handshake happens on the first read, in the connection's own thread.
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self.receiver.note(connection, opened=True)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.receiver.note(request, opened=False)

    def hang_up(self) -> None:
        """Wake the threads that wait for the next request of an open connection."""
        for connection in list(self.open):
            with suppress(OSError):  # it may have ended by itself
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def handle_error(self, request: Any, address: Any) -> None:
        # Clients that go away or refuse our certificate are what is tested.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def serve(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        received = Received(self.command, path, query, tuple(self.headers.items()), body)
        self.give(self.server.receiver.take(received))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815

    def give(self, answer: _Answer) -> None:
        self.close_connection = answer.closes
        if answer.behaviour is Behaviour.hang:
            self.server.receiver.released.wait()
        if answer.raw is not None:
            self.put(answer.raw, drip=answer.behaviour is Behaviour.drip_head)
        elif answer.behaviour is not Behaviour.drop:
            body = b"" if self.command == "HEAD" else answer.body
            half = len(body) // 2 if answer.behaviour is Behaviour.cut else None
            self.put(answer.head(), drip=answer.behaviour is Behaviour.drip_head)
            self.put(body[:half], drip=answer.behaviour in (Behaviour.drip, Behaviour.drip_head))

    def put(self, content: bytes, drip: bool) -> None:
        while drip and content and not self.server.receiver.released.wait(DRIP):
            self.wfile.write(content[:1])
            content = content[1:]
        self.wfile.write(content)

    def log_message(self, *line: object) -> None:
        """Say nothing."""
