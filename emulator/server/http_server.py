"""The HTTP server: one thread reads and writes the sockets, a pool of threads answers the requests.

waitress does the work. A request takes a thread only when all of it has been received, so that slow senders
hold up nobody. Added here: several ports, each with its own word in the environ, and an end that lets the
requests in flight finish.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from emulator.server.channel import PIECE, Channel
from emulator.server.pool import Pool

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

BODY_LIMIT = 256 * 2**20
"""Bytes of a request body beyond which the server itself says 413; vendors have their own, lower limits."""
_CONNECTIONS = 900
"""Open connections at most, below the 1,024 open files that a process usually may have."""
GRACE = 5.0
"""Seconds that requests in flight have to finish when the server is told to stop."""


class _Listener(TcpWSGIServer):
    channel_class = Channel

    def stop_accepting(self) -> None:
        self.accepting = False
        wasyncore.dispatcher.close(self)


class _Wakeup(wasyncore.dispatcher):
    """What a signal writes to: one that comes just before a poll begins would not end that poll."""

    def writable(self) -> bool:
        return False

    def handle_read(self) -> None:
        self.recv(4096)


class Server:
    """Answers the requests that come in on several ports with one pool of threads."""

    def __init__(self, threads: int) -> None:
        for name in ("waitress", "waitress.queue"):
            logging.getLogger(name).setLevel(logging.ERROR)
        self._map: dict[int, Any] = {}
        self._pool = Pool(threads)
        self._listeners: list[_Listener] = []
        self._deadlines: list[float] = []
        self._waking = threading.Lock()

    def listen(self, app: WSGI, listening: socket.socket) -> int:
        """Answer what comes in on a bound socket with the application; return the port."""
        listener = _Listener(
            app,
            self._map,
            _sock=listening,
            dispatcher=self._pool,
            bind_socket=False,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
            adj=_settings(),
        )
        self._listeners.append(listener)
        return int(listener.effective_port)

    def run(self) -> None:
        """Answer requests until `stop`, then finish those in flight."""
        while not self._deadlines:
            self._turn(30.0)
        for listener in self._listeners:
            listener.stop_accepting()
        while self._owing() and time.monotonic() < min(self._deadlines):
            self._turn(0.1)
        for channel in self._channels():
            channel.handle_close()
        self._pool.finish(min(self._deadlines))
        with self._waking:
            for listener in self._listeners:
                listener.trigger.close()
            self._listeners.clear()

    def stop(self, grace: float = GRACE) -> None:
        """Tell `run`, from another thread, to end within so many seconds."""
        self.end_within(grace)
        with self._waking:
            for listener in self._listeners:
                listener.pull_trigger()

    def end_within(self, grace: float) -> None:
        """Tell `run` to end, without waking it; a signal handler may call this, as it takes no lock."""
        self._deadlines.append(time.monotonic() + grace)

    @contextmanager
    def wakeup(self) -> Iterator[int]:
        """Open a file descriptor for the block: a byte written to it wakes `run`."""
        reader, writer = socket.socketpair()
        writer.setblocking(False)
        wakeup = _Wakeup(reader, self._map)
        try:
            yield writer.fileno()
        finally:
            wakeup.close()
            writer.close()

    def _turn(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._map, count=1)

    def _owing(self) -> bool:
        return any(each.owes_answer() for each in self._channels())

    def _channels(self) -> list[Channel]:
        return [each for each in list(self._map.values()) if isinstance(each, Channel)]


def _settings() -> Adjustments:
    settings = Adjustments(
        ident="localfax",
        max_request_body_size=BODY_LIMIT,
        connection_limit=_CONNECTIONS,
        channel_request_lookahead=1,
        clear_untrusted_proxy_headers=False,
        log_socket_errors=False,
    )
    settings.send_bytes = PIECE  # as an argument it is deprecated: its default, 1, sends head and body apart
    return settings


def bind(host: str, port: int) -> socket.socket:
    """Bind a listening TCP socket, port 0 for any free one; raise OSError that names the address."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OSError(
            getattr(error, "errno", None), f"cannot listen on {host} port {port}: {reason}"
        ) from error


@dataclass(frozen=True)
class InProcess:
    """A server in a thread of this process."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def in_process(app: WSGI, threads: int = 8) -> Iterator[InProcess]:
    """Serve an application on a free loopback port during the block; then finish the requests in flight."""
    server = Server(threads)
    port = server.listen(app, bind("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, name="localfax-server", daemon=True)
    thread.start()
    try:
        yield InProcess(port)
    finally:
        server.stop()
        thread.join()
