"""A connection to the server, written and read past redis-py, whose own way costs several times the command.

redis-py opens and closes it: the password, the database and TLS are its matter, and what a refusal means. A
wire is one thread's at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any

import redis
from redis.exceptions import InvalidResponse, RedisError, ResponseError

from emulator.stores.redis.commands import Command

RECEIVED = 65_536
"""Bytes that are taken from the system at a time."""
LATELY = 0.005
"""Real seconds after an answer for which a wire counts as open: no server ends and is there again so soon."""

Then = Callable[[list[Any]], object]
"""Takes the answers to what was told."""

_MORE = object()
"""Stands for an answer of which a part has not come yet."""


def spell(command: Any) -> bytes:
    """Write a command as the server reads it; texts must be ASCII."""
    parts = [b"*%d\r\n" % len(command)]
    for word in command:
        content = word if word.__class__ is bytes else str(word).encode("ascii")
        parts.append(b"$%d\r\n%b\r\n" % (len(content), content))
    return b"".join(parts)


_spell: Callable[[Any], bytes] = spell
_Reader: Any = None
with suppress(ImportError):
    from hiredis import Reader as _Reader
    from hiredis import pack_command as _spell


class Wire:
    """A connection of redis-py's, and what the server still owes on it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._socket: Any = None
        self._reader: Any = None
        self._used = 0.0
        self._owed = 0
        self._then: Then | None = None

    def ask(self, commands: Sequence[Command]) -> list[Any]:
        """Send commands and wait for their answers; an error of the server stands for the answer."""
        try:
            self._write(commands)
            answers = self._read(len(commands))
        except BaseException:
            self.close()
            raise
        self._used = monotonic()
        return answers

    def tell(self, commands: Sequence[Command], then: Then) -> None:
        """Send commands; `settle` reads their answers."""
        try:
            self._write(commands)
        except BaseException:
            self.close()
            raise
        self._owed, self._then = len(commands), then

    def settle(self) -> None:
        """Read the answers that are owed and hand them on."""
        owed, then, self._owed, self._then = self._owed, self._then, 0, None
        if then is None:
            return
        try:
            answers = self._read(owed)
        except BaseException:
            self.close()
            raise
        then(answers)

    def see(self) -> None:
        """Close it if the server has closed it: it is opened anew as it is used."""
        if monotonic() - self._used >= LATELY and self._open and not self._is_silent():
            self.close()

    def close(self) -> None:
        self._connection.disconnect()

    @property
    def _open(self) -> bool:
        return self._connection._sock is not None

    def _is_silent(self) -> bool:
        try:
            return not self._connection.can_read(0)
        except (RedisError, OSError):
            return False

    def _write(self, commands: Sequence[Command]) -> None:
        if not self._open:
            self._connection.connect()
        if self._socket is not self._connection._sock:
            self._socket = self._connection._sock
            self._reader = _Reader and _new_reader(self._connection)
        try:
            self._socket.sendall(b"".join(map(_spell, commands)))
        except OSError as wrong:
            raise _lost(wrong) from wrong

    def _read(self, count: int) -> list[Any]:
        if self._reader is None:
            return [_read_slowly(self._connection) for _ in range(count)]
        answers: list[Any] = []
        while len(answers) < count:
            answer = self._reader.gets()
            if answer is _MORE:
                self._receive()
            elif isinstance(answer, RedisError) and not isinstance(answer, ResponseError):
                raise answer
            else:
                answers.append(answer)
        return answers

    def _receive(self) -> None:
        try:
            received = self._socket.recv(RECEIVED)
        except OSError as wrong:
            raise _lost(wrong) from wrong
        if not received:
            raise redis.ConnectionError("the server has closed the connection")
        self._reader.feed(received)


def _new_reader(connection: Any) -> Any:
    meaning = connection._parser.parse_error
    return _Reader(protocolError=InvalidResponse, replyError=meaning, notEnoughData=_MORE)


def _lost(wrong: OSError) -> RedisError:
    if isinstance(wrong, TimeoutError):
        return redis.TimeoutError("Timeout reading from socket")
    return redis.ConnectionError(f"the connection is lost: {wrong}")


def _read_slowly(connection: Any) -> Any:
    try:
        return connection.read_response()
    except ResponseError as refusal:
        return refusal
