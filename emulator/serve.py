"""The HTTP server: one thread reads and writes the sockets, a pool of threads answers the calls.

waitress does the work. A call takes a thread only when all of it has been received, so that slow senders
hold up nobody. What it lacks for us is added here: header names with an underscore, a connection cut without
an answer, an end that lets calls in flight finish, and an answer sent in one piece.
"""

from __future__ import annotations

import logging
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

CUT_KEY = "localfax.cut"
"""WSGI environ key of a callable without arguments that closes the client's connection, unanswered."""
BODY_LIMIT = 256 * 2**20
"""Bytes of a request body beyond which the server itself says 413; vendors have their own, lower limits."""
GRACE = 5.0
"""Seconds that calls in flight have to finish when the server is told to stop."""

PIECE = 2**16
"""Bytes of an answer up to which it is sent whole, when the call is done."""

_UNDERSCORED = re.compile(rb"\r\n([!#$%&'*+\-.^`|~\w]*_[!#$%&'*+\-.^`|~\w]*):[ \t]*([^\r\n]*)", re.ASCII)
_FRAMING = frozenset({"CONTENT_LENGTH", "TRANSFER_ENCODING"})


class Application(Protocol):
    """What `serve` runs: a WSGI callable that can be closed."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any], /) -> Iterable[bytes]: ...

    def close(self) -> None: ...


class _Parser(HTTPRequestParser):
    """Keep the header names that waitress leaves out, as a client may send its key as `api_key: …`."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        for name, value in _UNDERSCORED.findall(header_plus):
            key = name.upper().replace(b"-", b"_").decode("latin-1")
            if key not in _FRAMING:
                self.headers.setdefault(key, value.rstrip(b" \t").decode("latin-1"))


class _Call(WSGITask):
    def __init__(self, channel: _Channel, request: Any) -> None:
        super().__init__(channel, request)
        channel.call = self

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[CUT_KEY] = self.channel.cut
        return environ

    def write(self, data: bytes) -> None:
        super().write(data)
        if self.chunked_response:
            self.channel.flush()


class _Channel(HTTPChannel):
    """One client's connection."""

    parser_class = _Parser
    task_class = _Call
    call: _Call | None = None

    def cut(self) -> None:
        """Close the connection at once; what the application still answers is thrown away."""
        self.will_close = True
        self.connected = False
        self.server.pull_trigger()

    def flush(self) -> None:
        """Send what an endless answer has so far."""
        with self.outbuf_lock:
            self._flush_exception(self._flush_some, do_close=False)

    def writable(self) -> bool:
        # While a call is being answered its own thread holds the buffer's lock: to poll for writing then only spins.
        if self.requests and self.total_outbufs_len < PIECE:
            return bool(self.will_close)
        return bool(super().writable())

    def owes_answer(self) -> bool:
        """Tell whether the client waits for an answer that has an end: an event stream has none."""
        endless = self.call is not None and self.call.chunked_response and self.call.request in self.requests
        return bool(self.total_outbufs_len) or (bool(self.requests) and not endless)


class _Listener(TcpWSGIServer):
    channel_class = _Channel

    def stop_accepting(self) -> None:
        self.accepting = False
        wasyncore.dispatcher.close(self)


class _Pool(ThreadedTaskDispatcher):
    def __init__(self, threads: int) -> None:
        super().__init__()
        self.started: list[threading.Thread] = []
        self.set_thread_count(threads)

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        thread = threading.Thread(target=target, args=(thread_no,), name=f"call-{thread_no}", daemon=True)
        thread.start()
        self.started.append(thread)

    def finish(self, deadline: float) -> None:
        """Join the threads; one that is still busy at the deadline is left to die with the process."""
        self.set_thread_count(0)
        for thread in self.started:
            thread.join(max(0.0, deadline - time.monotonic()))


class Server:
    """Answers WSGI applications, each on its own port, with one pool of threads."""

    def __init__(self, threads: int = 48) -> None:
        for name in ("waitress", "waitress.queue"):
            logging.getLogger(name).setLevel(logging.ERROR)
        self._map: dict[int, Any] = {}
        self._pool = _Pool(threads)
        self._listeners: list[_Listener] = []
        self._deadline: float | None = None

    def listen(self, app: WSGI, listening: socket.socket) -> int:
        """Answer what comes in on a bound socket with the application; give the port."""
        listener = _Listener(
            app,
            self._map,
            _sock=listening,
            dispatcher=self._pool,
            bind_socket=False,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
            adj=Adjustments(
                ident="localfax",
                max_request_body_size=BODY_LIMIT,
                send_bytes=PIECE,
                connection_limit=900,
                channel_request_lookahead=1,
                clear_untrusted_proxy_headers=False,
                log_socket_errors=False,
                asyncore_use_poll=True,
            ),
        )
        self._listeners.append(listener)
        return int(listener.effective_port)

    def run(self) -> None:
        """Answer calls until `stop`, then finish those in flight."""
        while self._deadline is None:
            self._turn(30.0)
        for listener in self._listeners:
            listener.stop_accepting()
        while (
            any(channel.owes_answer() for channel in self._channels()) and time.monotonic() < self._deadline
        ):
            self._turn(0.1)
        for channel in self._channels():
            channel.handle_close()
        self._pool.finish(self._deadline)
        for listener in self._listeners:
            listener.trigger.close()

    def stop(self, grace: float = GRACE) -> None:
        """Tell `run`, from any thread or a signal handler, to end within so many seconds."""
        self._deadline = time.monotonic() + grace
        for listener in self._listeners:
            listener.pull_trigger()

    def _turn(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._map, count=1)

    def _channels(self) -> list[_Channel]:
        return [each for each in list(self._map.values()) if isinstance(each, _Channel)]


def bind(host: str, port: int) -> socket.socket:
    """Bind a listening TCP socket, port 0 for any free one; raise OSError with the address in its text."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=1024)
    except OSError as error:
        raise OSError(error.errno, f"cannot listen on {host} port {port}: {error.strerror}") from error


def serve(
    make_app: Callable[[], Application],
    host: str,
    port: int,
    *,
    threads: int = 48,
    also: Iterable[tuple[int, Callable[[Application], WSGI]]] = (),
    ready: Callable[[int], None] = lambda port: None,
) -> None:
    """Serve an application until SIGTERM or SIGINT, finish the calls in flight and close it.

    `also` is further ports with what makes their application out of the main one. `ready` is called with the
    main port when calls are answered. Runs in the main thread; raises OSError when a port cannot be had,
    before the application is made. A second signal ends it without waiting.
    """
    others = list(also)
    sockets = [
        bind(each, number) for each, number in [(host, port), *((host, number) for number, _ in others)]
    ]
    app = make_app()
    server = Server(threads)
    main_port = server.listen(app, sockets[0])
    for listening, (_, wrap) in zip(sockets[1:], others, strict=True):
        server.listen(wrap(app), listening)
    with _signals(server):
        ready(main_port)
        try:
            server.run()
        finally:
            app.close()


@contextmanager
def _signals(server: Server) -> Iterator[None]:
    graces = iter((GRACE,))
    before = {
        number: signal.signal(number, lambda *_: server.stop(next(graces, 0.0)))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class InProcess:
    """A server in a thread of this process."""

    def __init__(self, app: WSGI, host: str = "127.0.0.1", threads: int = 8) -> None:
        self._server = Server(threads)
        self.port = self._server.listen(app, bind(host, 0))
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._server.run, name="localfax-server", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish the calls in flight and join the threads."""
        self._server.stop()
        self._thread.join()


@contextmanager
def in_process(app: WSGI, host: str = "127.0.0.1", threads: int = 8) -> Iterator[InProcess]:
    """Serve an application on a free port for as long as the context lasts; `.url` says where."""
    server = InProcess(app, host, threads)
    try:
        yield server
    finally:
        server.close()
