"""Commands on their way to one server, all of a batch in one go, or to the nodes of a cluster one by one.

To one server they go past redis-py's client, whose way costs several times what the command itself does; its
connections and its parser are used. What nobody needs to wait for is *told*: it is sent, and whoever uses the
connection next reads its answers first. The server does what it is told before anything that it is asked
later, on whichever connection.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

from redis.connection import ConnectionPool
from redis.exceptions import RedisError, ResponseError, TimeoutError

from emulator.stores.redis.commands import Command


def spell(command: Any) -> bytes:
    """Write a command as the server reads it; texts must be ASCII."""
    parts = [b"*%d\r\n" % len(command)]
    for word in command:
        content = word if word.__class__ is bytes else str(word).encode("ascii")
        parts.append(b"$%d\r\n%b\r\n" % (len(content), content))
    return b"".join(parts)


_spell: Callable[[Any], bytes] = spell
with suppress(ImportError):
    from hiredis import pack_command as _spell

LATELY = 0.005
"""Real seconds after an answer for which a line counts as open: no server ends and is there again so soon."""

Then = Callable[[list[Any]], object]
"""Takes the answers to what was told."""


class Transport(Protocol):
    """Takes commands, returns as many answers; an error of the server stands for the answer it replaces."""

    def send(self, commands: Sequence[Command]) -> list[Any]: ...

    def tell(self, commands: Sequence[Command], then: Then) -> None:
        """Send commands; their answers go to `then`, at once or with what is sent next."""

    def close(self) -> None: ...


@dataclass
class Wire:
    """A connection to the server, and what it still has to answer."""

    connection: Any
    used: float = 0.0
    """When it was last heard of, by `time.monotonic`."""
    owed: int = 0
    then: Then | None = None


class ServerTransport:
    """The lines to one server: each is one thread's for the time of a batch."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._idle: deque[Wire] = deque()

    def send(self, commands: Sequence[Command]) -> list[Any]:
        line = self._connect()
        try:
            _write(line, commands)
            answers = [_read(line.connection) for _ in commands]
            line.used = monotonic()
        except BaseException:
            line.connection.disconnect()
            raise
        finally:
            self._idle.append(line)
        return answers

    def tell(self, commands: Sequence[Command], then: Then) -> None:
        line = self._connect()
        try:
            _write(line, commands)
            line.owed, line.then = len(commands), then
        except BaseException:
            line.connection.disconnect()
            raise
        finally:
            self._idle.append(line)

    def close(self) -> None:
        while self._idle:
            line = self._idle.pop()
            with suppress(RedisError, OSError):
                _settle(line)  # else the server might not do what it was told
            line.connection.disconnect()

    def _connect(self) -> Wire:
        try:
            line = self._idle.pop()
        except IndexError:
            return Wire(self._pool.make_connection())
        try:
            _settle(line)
        except TimeoutError:
            self._idle.append(line)
            raise
        except (RedisError, OSError):
            pass  # the server was started anew, and the line is closed
        lately = monotonic() - line.used < LATELY
        if not lately and _connected(line.connection) and not _silent(line.connection):
            line.connection.disconnect()  # the server has closed it; it is opened anew as it is used
        return line


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


def pack(commands: Sequence[Command]) -> bytes:
    """Write commands as the server reads them; texts must be ASCII."""
    return b"".join(map(_spell, commands))


def _write(line: Wire, commands: Sequence[Command]) -> None:
    line.connection.send_packed_command([pack(commands)], check_health=False)


def _settle(line: Wire) -> None:
    """Read the answers that are owed and hand them on."""
    owed, then, line.owed, line.then = line.owed, line.then, 0, None
    if then is None:
        return
    try:
        answers = [_read(line.connection) for _ in range(owed)]
    except BaseException:
        line.connection.disconnect()
        raise
    then(answers)


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
