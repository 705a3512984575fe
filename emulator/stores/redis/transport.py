"""Commands on their way to one server, all of a batch in one go, or to the nodes of a cluster.

What nobody needs to wait for is *told*: it is sent, and whoever uses the connection next reads its answers
first. The server does what it is told before anything that it is asked later, on whichever connection.

With `replicas` nothing is answered before so many of them have it too (WAIT): then a server can be lost, and
a replica take its place, with nothing gone that was answered. What the replicas do not say in time to have
counts as unanswered.

To a cluster, what a batch has for the same node in a row goes in one trip. A node that has a slot no more
does nothing and says so; then the map of slots is read anew, and the command sent to whom has it now.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from time import monotonic
from typing import Any, Protocol

from redis.connection import ConnectionPool
from redis.exceptions import (
    AskError,
    ConnectionError,
    MovedError,
    RedisClusterException,
    RedisError,
    ResponseError,
    TimeoutError,
)

from emulator.stores.redis.commands import Command
from emulator.stores.redis.wire import Then, Wire

REPLICATED = 1000
"""Milliseconds in which replicas must say that they have what was written."""
LATELY = 0.25
"""Real seconds for which a map of slots that was read is not read again."""


class Transport(Protocol):
    """Takes commands, returns as many answers; an error of the server stands for the answer it replaces."""

    def send(self, commands: Sequence[Command]) -> list[Any]: ...

    def tell(self, commands: Sequence[Command], then: Then) -> None:
        """Send commands; their answers go to `then`, at once or with what is sent next."""

    def close(self) -> None: ...


class ServerTransport:
    """The wires to one server: each is one thread's for the time of a batch."""

    def __init__(self, pool: ConnectionPool, replicas: int = 0) -> None:
        self._pool = pool
        self._replicas = replicas
        self._idle: deque[Wire] = deque()

    def send(self, commands: Sequence[Command]) -> list[Any]:
        wire = self._take()
        try:
            return self._ask_with_replicas(wire, commands) if self._replicas else wire.ask(commands)
        finally:
            self._idle.append(wire)

    def _ask_with_replicas(self, wire: Wire, commands: Sequence[Command]) -> list[Any]:
        *answers, having = wire.ask((*commands, ("WAIT", self._replicas, REPLICATED)))
        if isinstance(having, ResponseError):  # it is a replica itself by now, and has done nothing
            return answers
        if having < self._replicas:
            raise RedisError(f"{having} of {self._replicas} replicas have it in time")
        return answers

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
    """The nodes of a cluster; redis-py's client knows which slots are whose."""

    def __init__(self, client: Any, replicas: int = 0) -> None:
        self._client = client
        self._replicas = replicas
        self._nodes: dict[str, ServerTransport] = {}
        self._looking = threading.Lock()
        self._looked = 0.0

    def send(self, commands: Sequence[Command]) -> list[Any]:
        answers: list[Any] = []
        for name, batch in groupby(commands, self._node):
            answers += self._send(name, list(batch))
        return [
            self._again(command, answer) if isinstance(answer, (MovedError, AskError)) else answer
            for command, answer in zip(commands, answers, strict=True)
        ]

    def tell(self, commands: Sequence[Command], then: Then) -> None:
        then(self.send(commands))

    def close(self) -> None:
        for each in list(self._nodes.values()):
            each.close()

    def _node(self, command: Command) -> str:
        """Name the node that has a command's key, and know the way to it."""
        key = command[3] if command[0] in ("EVALSHA", "EVAL") else command[1]
        node = self._client.get_node_from_key(key)
        if node.name not in self._nodes:
            pool = self._client.get_redis_connection(node).connection_pool
            self._nodes[node.name] = ServerTransport(pool, self._replicas)
        return str(node.name)

    def _send(self, name: str, commands: Sequence[Command]) -> list[Any]:
        try:
            return self._nodes[name].send(commands)
        except (ConnectionError, TimeoutError):
            self._look_anew()
            raise

    def _again(self, command: Command, told: ResponseError) -> Any:
        """Send what a node has not done as it has not, or is about to lose, the slot."""
        if isinstance(told, MovedError):
            self._look_anew()
            return self._send(self._node(command), [command])[0]
        try:
            return self._client.execute_command(*command)
        except ResponseError as refusal:
            return refusal

    def _look_anew(self) -> None:
        """Read the map of slots, for all that have missed; while nobody tells it the old one stands."""
        with self._looking, suppress(RedisError, RedisClusterException):
            if monotonic() - self._looked > LATELY:
                self._client.nodes_manager.initialize()
                self._looked = monotonic()
