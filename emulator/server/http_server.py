"""The HTTP server: a loop that nothing blocks reads and writes, a few threads answer.

The loop's thread parses, queues, writes and keeps the timers, and never calls what may wait. Requests are
answered by the application in a pool of threads; those that the application calls slow, by `lane`, in a pool
of their own. Nobody is refused while somebody idles: near the limit of descriptors the connection that has
been idle for longest is closed. What takes too long is found by one sweep every two seconds, so that no
connection needs a timer.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from emulator.server.answer import SLOW, WSGI, Answer, ask, ask_passage, refuse
from emulator.server.body import BODY_LIMIT, Memory
from emulator.server.connection import Connection
from emulator.server.edge import Port, call_soon
from emulator.server.incoming import Request
from emulator.server.listener import Listener
from emulator.server.pace import Pace
from emulator.server.passage import Passage
from emulator.server.patience import DEFAULT, Patience, judge
from emulator.server.pool import Following, Pool
from emulator.server.shares import Share
from emulator.server.sockets import bind, most_connections
from emulator.server.tunnels import Tunnels

__all__ = ["BODY_LIMIT", "GRACE", "WSGI", "InProcess", "Patience", "Server", "bind", "in_process"]

GRACE = 5.0
"""Seconds that requests in flight have to finish when the server is told to stop."""
_FEW = 1
_SLOW_THREADS = 80
"""More than answers may be held: what they wait for, an advance of the clock, is slow too."""
_SLOW_QUEUE = 256
"""Slow requests that wait for a thread before the next is told to come again."""

_FAREWELLS = 100
"""Turns of the loop that aborted connections have to learn of it."""
_LAST_TURNS = 3
"""Turns that sockets need at any rate until they are closed."""


Loop = Callable[[], asyncio.AbstractEventLoop]
_log = logging.getLogger(__name__)


class Server:
    """Answers the requests that come in on several ports."""

    def __init__(
        self,
        threads: int,
        *,
        least: int = _FEW,
        new_loop: Loop = asyncio.SelectorEventLoop,
        patience: Patience = DEFAULT,
        share: Share | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.loop = new_loop()
        self.memory = Memory()
        self.stopping = False
        self._patience = patience
        self.share = share
        self._most = patience.connections or most_connections()
        self._pace = pace or Pace()
        self._pool = Pool("request", self.loop, least, threads, pace=self._pace)
        self._slow = Pool("slow", self.loop, 1, _SLOW_THREADS, patience=0.001)
        self._tunnels = Tunnels(self)
        self._listeners: list[Listener] = []
        self._all: set[Connection] = set()
        self._idle: dict[Connection, None] = {}
        self._over = asyncio.Event()
        self._deadline = float("inf")

    def listen(
        self,
        app: WSGI,
        listening: socket.socket,
        *,
        extra: Mapping[str, Any] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> int:
        """Answer what comes in on a bound socket with the application; return the port."""
        port = Port(app, extra or {}, "https" if tls else "http")
        self._listeners.append(Listener(self, listening, port, tls))
        return int(listening.getsockname()[1])

    def run(self, signals: tuple[int, ...] = (), ready: Callable[[], None] = lambda: None) -> None:
        """Answer requests until `stop`, or one of these signals, then finish those in flight.

        A second signal ends at once. Signals are for the main thread only. `ready` is called when requests
        are answered.
        """
        graces = iter((GRACE,))
        for number in signals:
            self.loop.add_signal_handler(number, lambda: self._end_within(next(graces, 0.0)))
        self._pool.start()
        self._slow.start()
        try:
            self.loop.run_until_complete(self._serve(ready))
        finally:
            for pool in (self._pool, self._slow):
                pool.finish(self._deadline)
            for number in signals:
                self.loop.remove_signal_handler(number)
            self.loop.close()

    def stop(self, grace: float = GRACE) -> None:
        """Tell `run`, from another thread, to end within so many seconds."""
        with suppress(RuntimeError):  # it has ended already
            self.loop.call_soon_threadsafe(self._end_within, grace)

    # What connections ask

    def opened(self, connection: Connection) -> None:
        self._all.add(connection)
        self._idle[connection] = None
        self._count()
        if len(self._all) > self._most:
            self.close_longest_idle(f"{len(self._all)} connections are open")

    def closed(self, connection: Connection) -> None:
        self._all.discard(connection)
        self._count()
        self._idle.pop(connection, None)
        self._look_whether_over()

    def busy(self, connection: Connection) -> None:
        self._idle.pop(connection, None)

    def idle(self, connection: Connection) -> None:
        self._idle[connection] = None
        self._look_whether_over()

    def dispatch(self, port: Port, request: Request, done: Callable[[Answer], None]) -> None:
        refusal = request.refusal
        if refusal is not None and (refusal.environ is None or not hasattr(port.app, "lane")):
            self.loop.call_soon(done, refuse(refusal.status, refusal.reason))
            return
        lane = getattr(port.app, "lane", None)
        slow = request.connects if lane is None else lane(request.environ) == SLOW
        if slow and self._slow.waiting >= _SLOW_QUEUE:
            self.loop.call_soon(done, refuse(503, "too many slow requests wait already"))
            return
        if slow:
            self._slow.submit(partial(self._ask_slow, port.app, request, done))
        else:
            self._pool.submit(partial(self._ask, port.app, request, done))

    def hand_over(
        self, connection: Connection, transport: asyncio.Transport, port: Port, passage: Passage
    ) -> None:
        self.idle(connection)
        self._tunnels.begin(connection, transport, port, passage)

    def aside(self, job: Callable[[], None]) -> None:
        self._pool.submit(job)

    def _ask_slow(self, app: WSGI, request: Request, done: Callable[[Answer], None]) -> Following | None:
        self._pace.begin()
        try:
            return self._ask(app, request, done)
        finally:
            self._pace.end()

    def _ask(self, app: WSGI, request: Request, done: Callable[[Answer], None]) -> Following | None:
        if not request.connects:
            return partial(done, ask(app, request.environ, request.keep_alive and not self.stopping))
        answer = ask_passage(app, request.environ)
        if not call_soon(self.loop, done, answer) and answer.passage is not None:
            answer.passage.close()
        return None

    # Coming and going

    async def _serve(self, ready: Callable[[], None]) -> None:
        for listener in () if self.stopping else self._listeners:  # it may have been told to already
            listener.begin()
        ready()
        self.loop.call_later(self._patience.sweep, self._sweep)
        await self._over.wait()
        for connection in list(self._all):
            connection.abort()
        for listener in self._listeners:
            await listener.finish()
        await self._tunnels.finish()
        for turn in range(_FAREWELLS):
            if not self._all and turn > _LAST_TURNS:
                break
            await asyncio.sleep(0 if turn <= _LAST_TURNS else 0.001)

    def _count(self) -> None:
        if self.share is not None:
            self.share.set(len(self._all))

    def close_longest_idle(self, reason: str) -> None:
        longest = next(iter(self._idle), None)
        _log.warning("%s; %s", reason, "the longest idle is closed" if longest else "none of them idles")
        if longest is not None:
            self._idle.pop(longest)
            longest.close()

    def _sweep(self) -> None:
        """Look at every connection for what has taken too long."""
        self.loop.call_later(self._patience.sweep, self._sweep)
        now = self.loop.time()
        for connection in list(self._all):
            judge(connection, now, self._patience)

    def _end_within(self, grace: float) -> None:
        first, self.stopping = not self.stopping, True
        self._deadline = min(self._deadline, time.monotonic() + grace)
        if first:
            for listener in self._listeners:
                listener.end()
            for connection in list(self._all):
                if not connection.works:
                    connection.close()
        self.loop.call_later(grace, self._over.set)
        self._look_whether_over()

    def _look_whether_over(self) -> None:
        if self.stopping and not any(each.works or each.writes for each in self._all):
            self._over.set()


@dataclass(frozen=True)
class InProcess:
    """A server in a thread of this process."""

    port: int
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


@contextmanager
def in_process(
    app: WSGI,
    threads: int = 8,
    *,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    new_loop: Loop = asyncio.SelectorEventLoop,
    patience: Patience = DEFAULT,
) -> Iterator[InProcess]:
    """Serve an application on a loopback port (0: a free one) during the block; then finish its requests."""
    bound = bind("127.0.0.1", port)
    server = Server(threads, new_loop=new_loop, patience=patience)
    port = server.listen(app, bound, tls=tls)
    thread = threading.Thread(target=server.run, name="localfax-server", daemon=True)
    thread.start()
    try:
        yield InProcess(port, "https" if tls else "http")
    finally:
        server.stop()
        thread.join()
