"""The HTTP server: one thread reads and writes the sockets, a pool of threads answers the calls.

waitress does the work. A call takes a thread only when all of it has been received, so that slow senders hold
up nobody. Added here: several ports, each with its own word in the environ, and an end that lets the calls in
flight finish.
"""

from __future__ import annotations

import gc
import logging
import signal
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from emulator.server.connection import PIECE, Connection
from emulator.server.peers import Peers
from emulator.server.pool import Pool
from emulator.server.workers import supervise

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

BODY_LIMIT = 256 * 2**20
"""Bytes of a request body beyond which the server itself says 413; vendors have their own, lower limits."""
CONNECTIONS = 900
"""Open connections at most, below the 1,024 open files that a process usually may have."""
GRACE = 5.0
"""Seconds that calls in flight have to finish when the server is told to stop."""


class Application(Protocol):
    """What `serve` runs: a WSGI callable that can be closed."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any], /) -> Iterable[bytes]: ...

    def join(self, peers: Peers, /) -> AbstractContextManager[None]:
        """Be one of several workers for the block."""

    def close(self) -> None: ...


class _Listener(TcpWSGIServer):
    channel_class = Connection

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
    """Answers the calls that come in on several ports with one pool of threads."""

    def __init__(self, threads: int) -> None:
        for name in ("waitress", "waitress.queue"):
            logging.getLogger(name).setLevel(logging.ERROR)
        self._map: dict[int, Any] = {}
        self._pool = Pool(threads)
        self._listeners: list[_Listener] = []
        self._deadlines: list[float] = []
        self._waking = threading.Lock()

    def listen(self, app: WSGI, listening: socket.socket) -> int:
        """Answer what comes in on a bound socket with the application; give the port."""
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
        """Answer calls until `stop`, then finish those in flight."""
        while not self._deadlines:
            self._turn(30.0)
        for listener in self._listeners:
            listener.stop_accepting()
        while self._owing() and time.monotonic() < min(self._deadlines):
            self._turn(0.1)
        for connection in self._connections():
            connection.handle_close()
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
        """Give a file descriptor: a byte written to it wakes `run`."""
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
        return any(each.owes_answer() for each in self._connections())

    def _connections(self) -> list[Connection]:
        return [each for each in list(self._map.values()) if isinstance(each, Connection)]


def _settings() -> Adjustments:
    settings = Adjustments(
        ident="localfax",
        max_request_body_size=BODY_LIMIT,
        connection_limit=CONNECTIONS,
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


def serve(
    make_app: Callable[[], Application],
    host: str,
    port: int,
    *,
    threads: int = 48,
    also: Iterable[tuple[int, Mapping[str, Any]]] = (),
    tls: ssl.SSLContext | None = None,
    ready: Callable[[list[int]], None] = lambda ports: None,
    workers: int = 1,
    make_other: Callable[[], Application] | None = None,
) -> None:
    """Serve an application until SIGTERM or SIGINT, finish the calls in flight and close it.

    `also` is further ports with what their calls carry in the environ. With `tls` all of them speak HTTPS.
    `ready` gets all the ports, the main one first, when calls are answered. Runs in the main thread; raises
    OSError when a port cannot be had, before the application is made. A second signal ends it at once. More
    than one of `workers` are processes that share the ports; all but the first run what `make_other` makes.
    """
    wanted: list[tuple[int, Mapping[str, Any]]] = [(port, {}), *also]
    with ExitStack() as stack:
        sockets = [(stack.enter_context(bind(host, number)), extra) for number, extra in wanted]
        ports = [int(listening.getsockname()[1]) for listening, _ in sockets]
        if workers == 1:
            return _answer(make_app, sockets, threads, tls, lambda: ready(ports))

        folder = Path(stack.enter_context(TemporaryDirectory(prefix="localfax-")))

        def work(number: int, say: Callable[[], None]) -> None:
            make = make_other if number and make_other else make_app
            _answer(make, sockets, threads, tls, say, Peers(folder, number))

        supervise(workers, work, lambda: ready(ports))


def _answer(
    make_app: Callable[[], Application],
    sockets: Iterable[tuple[socket.socket, Mapping[str, Any]]],
    threads: int,
    tls: ssl.SSLContext | None,
    ready: Callable[[], None],
    peers: Peers | None = None,
) -> None:
    with ExitStack() as stack:
        app = make_app()
        stack.callback(app.close)
        if peers is not None:
            stack.enter_context(app.join(peers))
        server = Server(threads)
        for listening, extra in sockets:
            _listen(server, app, extra, listening, tls, stack)
        stack.enter_context(_signals(server))
        _collect_seldom()
        ready()
        server.run()


def _collect_seldom() -> None:
    """Have the garbage collector pass over what is kept, which by default takes a tenth of a send."""
    gc.freeze()
    gc.set_threshold(5_000, 50, 10)


def _listen(
    server: Server,
    app: WSGI,
    extra: Mapping[str, Any],
    listening: socket.socket,
    tls: ssl.SSLContext | None,
    stack: ExitStack,
) -> None:
    if tls is None:
        server.listen(_with(app, extra), listening)
        return
    from emulator.server.tls import front

    inside = stack.enter_context(bind("127.0.0.1", 0))
    port = server.listen(_with(app, {**extra, "wsgi.url_scheme": "https"}), inside)
    stack.enter_context(front(listening, tls, port))


def _with(app: WSGI, extra: Mapping[str, Any]) -> WSGI:
    if not extra:
        return app
    return lambda environ, start_response: app({**environ, **extra}, start_response)


@contextmanager
def _signals(server: Server) -> Iterator[None]:
    graces = iter((GRACE,))
    handlers = {
        number: signal.signal(number, lambda *_: server.end_within(next(graces, 0.0)))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    with server.wakeup() as writer:
        before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in handlers.items():
                signal.signal(number, handler)


class InProcess:
    """A server in a thread of this process."""

    def __init__(self, app: WSGI, threads: int) -> None:
        self._server = Server(threads)
        self.port = self._server.listen(app, bind("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.run, name="localfax-server", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish the calls in flight and join the threads."""
        self._server.stop()
        self._thread.join()


@contextmanager
def in_process(app: WSGI, threads: int = 8) -> Iterator[InProcess]:
    """Serve an application on a free port for as long as the context lasts; `.url` says where."""
    server = InProcess(app, threads)
    try:
        yield server
    finally:
        server.close()
