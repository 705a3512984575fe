"""The life of a serving process: ports, an application, signals that end it; one worker or several."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from emulator.server.allocator import give_back_large
from emulator.server.collector import collect_seldom
from emulator.server.http_server import Server
from emulator.server.pace import Pace
from emulator.server.peers import Peers
from emulator.server.shares import Share, Shares
from emulator.server.sockets import bind_all
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
    least: int = 1,
    also: Iterable[tuple[int, Mapping[str, Any]]] = (),
    tls: ssl.SSLContext | None = None,
    ready: Callable[[list[int]], None] = lambda ports: None,
    workers: int = 1,
    make_other: Make | None = None,
) -> None:
    """Serve an application until SIGTERM or SIGINT, finish the requests in flight and close it.

    Answers are made in `least` to `threads` threads. `also` is further ports with what their requests carry
    in the environ. With `tls` all of them speak HTTPS. `ready` gets all the ports, the main one first, when
    requests are answered. Runs in the main thread;
    raises OSError when a port cannot be had, before the application is made. A second signal ends it at
    once. More than one of `workers` are processes that share the ports; all but the first run what
    `make_other` makes.
    """
    wanted: list[tuple[int, Mapping[str, Any]]] = [(port, {}), *also]
    with ExitStack() as stack:
        bound = [(bind_all(host, number), extra) for number, extra in wanted]
        sockets = [(stack.enter_context(each), extra) for all_of_it, extra in bound for each in all_of_it]
        ports = [int(first.getsockname()[1]) for (first, *_), _ in bound]
        if workers == 1:
            return _answer(make_app, sockets, threads, least, tls, lambda: ready(ports))

        shares = Shares(workers)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="localfax-")))

        def work(number: int, say: Callable[[], None]) -> None:
            make = make_other if number and make_other else make_app
            _answer(make, sockets, threads, least, tls, say, Peers(folder, number), shares.of(number))

        supervise(workers, work, lambda: ready(ports))


def _answer(
    make_app: Make,
    sockets: Iterable[tuple[socket.socket, Mapping[str, Any]]],
    threads: int,
    least: int,
    tls: ssl.SSLContext | None,
    ready: Callable[[], None],
    peers: Peers | None = None,
    share: Share | None = None,
) -> None:
    with ExitStack() as stack:
        app = make_app(tuple if peers is None else peers.ask)
        stack.callback(app.close)
        if peers is not None:
            stack.enter_context(peers.telling(app.told))
        server = Server(threads, least=least, new_loop=fastest_loop(), share=share, pace=Pace(kept=True))
        for listening, extra in sockets:
            server.listen(app, listening, extra=extra, tls=tls)
        give_back_large()
        collect_seldom()
        server.run(signals=(signal.SIGTERM, signal.SIGINT), ready=ready)


def fastest_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    """Choose uvloop where it is installed: a send costs about a tenth less."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.SelectorEventLoop
    return new_event_loop
