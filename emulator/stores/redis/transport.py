"""Commands on their way to one server, all of a batch in one go, or to the nodes of a cluster one by one.

To one server they go past redis-py's client, whose way costs several times what the command itself does; its
connections and its parser are used.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

from redis.connection import ConnectionPool
from redis.exceptions import RedisError, ResponseError

from emulator.stores.redis.commands import Command


class Transport(Protocol):
    """Takes commands, returns as many answers; an error of the server stands for the answer it replaces."""

    def send(self, commands: Sequence[Command]) -> list[Any]: ...

    def close(self) -> None: ...


class ServerTransport:
    """The connections to one server: each is one thread's for the time of a batch."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._idle: deque[Any] = deque()

    def send(self, commands: Sequence[Command]) -> list[Any]:
        connection = self._connect()
        try:
            connection.send_packed_command([pack(commands)], check_health=False)
            answers = [_read(connection) for _ in commands]
        except BaseException:
            connection.disconnect()
            raise
        finally:
            self._idle.append(connection)
        return answers

    def close(self) -> None:
        while self._idle:
            self._idle.pop().disconnect()

    def _connect(self) -> Any:
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._pool.make_connection()
        if _connected(connection) and not _silent(connection):
            connection.disconnect()  # the server has closed it; it is opened anew as it is used
        return connection


class ClusterTransport:
    """The nodes of a cluster, through redis-py's client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def send(self, commands: Sequence[Command]) -> list[Any]:
        return [self._one(command) for command in commands]

    def close(self) -> None:
        pass

    def _one(self, command: Command) -> Any:
        try:
            return self._client.execute_command(*command)
        except ResponseError as refusal:
            return refusal


def pack(commands: Sequence[Command]) -> bytes:
    """Write commands as the server reads them; texts must be ASCII."""
    parts = []
    for command in commands:
        parts.append(b"*%d\r\n" % len(command))
        for word in command:
            if word.__class__ is not bytes:
                word = str(word).encode("ascii")
            parts.append(b"$%d\r\n%b\r\n" % (len(word), word))
    return b"".join(parts)


def _read(connection: Any) -> Any:
    try:
        return connection.read_response()
    except ResponseError as refusal:
        return refusal


def _connected(connection: Any) -> bool:
    """Tell what redis-py's connection tells by itself since version 8."""
    return connection._sock is not None


def _silent(connection: Any) -> bool:
    """Tell whether nothing comes from a connection that nobody has asked anything."""
    try:
        return not connection.can_read(0)
    except (RedisError, OSError):
        return False
