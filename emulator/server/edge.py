"""What a connection needs of its server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from emulator.server.answer import WSGI, Answer
from emulator.server.body import Memory
from emulator.server.incoming import Request

if TYPE_CHECKING:
    from emulator.server.connection import Connection


@dataclass(frozen=True)
class Port:
    """What is served on a listening socket: an application, and what each request's environ has beside."""

    app: WSGI
    extra: Mapping[str, Any]
    scheme: str = "http"


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

    def aside(self, job: Callable[[], None]) -> None:
        """Have something done that may wait."""
