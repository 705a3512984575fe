"""The life of a serving process: ports, an application, signals that end it; one worker or several."""

from __future__ import annotations

import gc
import signal
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from emulator.server.http_server import GRACE, WSGI, Server, bind
from emulator.server.peers import Peers
from emulator.server.workers import supervise


class Application(Protocol):
    """What `serve` runs: a WSGI callable that can be closed."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any], /) -> Iterable[bytes]: ...

    def told(self) -> Mapping[str, Any]:
        """What this process has counted, for the other workers."""

    def close(self) -> None: ...


Make = Callable[[Callable[[], Iterable[Mapping[str, Any]]]], Application]
"""Makes the application, given what asks the other workers what they have counted."""


def serve(
    make_app: Make,
    host: str,
    port: int,
    *,
    threads: int = 48,
    also: Iterable[tuple[int, Mapping[str, Any]]] = (),
    tls: ssl.SSLContext | None = None,
    ready: Callable[[list[int]], None] = lambda ports: None,
    workers: int = 1,
    make_other: Make | None = None,
) -> None:
    """Serve an application until SIGTERM or SIGINT, finish the requests in flight and close it.

    `also` is further ports with what their requests carry in the environ. With `tls` all of them speak HTTPS.
    `ready` gets all the ports, the main one first, when requests are answered. Runs in the main thread;
    raises OSError when a port cannot be had, before the application is made. A second signal ends it at
    once. More than one of `workers` are processes that share the ports; all but the first run what
    `make_other` makes.
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
    make_app: Make,
    sockets: Iterable[tuple[socket.socket, Mapping[str, Any]]],
    threads: int,
    tls: ssl.SSLContext | None,
    ready: Callable[[], None],
    peers: Peers | None = None,
) -> None:
    with ExitStack() as stack:
        app = make_app(tuple if peers is None else peers.ask)
        stack.callback(app.close)
        if peers is not None:
            stack.enter_context(peers.telling(app.told))
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
