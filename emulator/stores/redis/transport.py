"""Commands on their way to one server, all of a batch in one go, or to the nodes of a cluster one by one.

What nobody needs to wait for is *told*: it is sent, and whoever uses the connection next reads its answers
first. The server does what it is told before anything that it is asked later, on whichever connection.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

from redis.connection import ConnectionPool
from redis.exceptions import RedisError, ResponseError, TimeoutError

from emulator.stores.redis.commands import Command
from emulator.stores.redis.wire import Then, Wire


class Transport(Protocol):
    """Takes commands, returns as many answers; an error of the server stands for the answer it replaces."""

    def send(self, commands: Sequence[Command]) -> list[Any]: ...

    def tell(self, commands: Sequence[Command], then: Then) -> None:
        """Send commands; their answers go to `then`, at once or with what is sent next."""

    def close(self) -> None: ...


class ServerTransport:
    """The wires to one server: each is one thread's for the time of a batch."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._idle: deque[Wire] = deque()

    def send(self, commands: Sequence[Command]) -> list[Any]:
        wire = self._take()
        try:
            return wire.ask(commands)
        finally:
            self._idle.append(wire)

    def tell(self, commands: Sequence[Command], then: Then) -> None:
        wire = self._take()
        try:
            wire.tell(commands, then)
        finally:
            self._idle.append(wire)

    def close(self) -> None:
        while self._idle:
            wire = self._idle.pop()
            with suppress(RedisError, OSError):
                wire.settle()  # else the server might not do what it was told
            wire.close()

    def _take(self) -> Wire:
        try:
            wire = self._idle.pop()
        except IndexError:
            return Wire(self._pool.make_connection())
        try:
            wire.settle()
        except TimeoutError:
            self._idle.append(wire)
            raise
        except (RedisError, OSError):
            pass  # the server was started anew, and the wire is closed
        wire.see()
        return wire


class ClusterTransport:
    """The nodes of a cluster, through redis-py's client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def send(self, commands: Sequence[Command]) -> list[Any]:
        return [self._one(command) for command in commands]

    def tell(self, commands: Sequence[Command], then: Then) -> None:
        then(self.send(commands))

    def close(self) -> None:
        pass

    def _one(self, command: Command) -> Any:
        try:
            return self._client.execute_command(*command)
        except ResponseError as refusal:
            return refusal
