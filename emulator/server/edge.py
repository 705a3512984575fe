"""What a connection needs of its server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from emulator.server.answer import WSGI, Answer
from emulator.server.body import Memory
from emulator.server.incoming import Request
from emulator.server.passage import Passage, Served

if TYPE_CHECKING:
    from emulator.server.connection import Connection


@dataclass(frozen=True)
class Port:
    """What is served on a listening socket: an application, and what each request's environ has beside."""

    app: WSGI
    extra: Mapping[str, Any]
    scheme: str = "http"

    def within(self, passage: Served) -> Port:
        """What is served inside of a tunnel that came in here."""
        scheme = "http" if passage.context is None else "https"
        return replace(self, scheme=scheme, extra={**self.extra, **passage.extra})


class Edge(Protocol):
    """What a connection needs of its server."""

    loop: asyncio.AbstractEventLoop
    memory: Memory
    stopping: bool

    def opened(self, connection: Connection) -> None: ...

    def closed(self, connection: Connection) -> None: ...

    def busy(self, connection: Connection) -> None: ...

    def idle(self, connection: Connection) -> None: ...

    def dispatch(self, port: Port, request: Request, done: Callable[[Answer], None]) -> None:
        """Have the request answered, and `done` called in the loop's thread."""

    def hand_over(
        self, connection: Connection, transport: asyncio.Transport, port: Port, passage: Passage
    ) -> None:
        """Have a connection, which reads no more, carry what its CONNECT asked for."""

    def aside(self, job: Callable[[], None]) -> None:
        """Have something done that may wait."""


def call_soon(loop: asyncio.AbstractEventLoop, call: Callable[..., object], *given: object) -> bool:
    """Have the loop call something, from any thread; tell whether it still runs."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call, *given)
        return True
    return False
