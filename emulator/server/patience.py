"""How long a client may take, and what becomes of one that takes longer."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.server.connection import Connection
from emulator.server.head import Refusal


@dataclass(frozen=True)
class Patience:
    """How long a client may take, in seconds, and how many there may be.

    `head` is for a whole head, `body` without a byte of a body, `reading` without taking anything of an
    answer, `idle` between requests; `beat` is the silence after which a stream says that it is still there.
    """

    sweep: float = 2.0
    head: float = 20.0
    body: float = 30.0
    reading: float = 60.0
    idle: float = 300.0
    beat: float = 15.0
    connections: int | None = None
    """Connections at most, beyond which the longest idle one is closed; None is what descriptors allow."""


DEFAULT = Patience()


def judge(connection: Connection, now: float, patience: Patience) -> None:
    """Refuse, close or cut a connection that has taken too long; keep its stream."""
    silent = now - connection.touched
    if connection.streams:
        connection.keep_stream(patience.beat)
    elif connection.began is not None and now - connection.began >= patience.head:
        connection.refuse(Refusal(408, f"the head took longer than {patience.head:.0f} seconds"))
    elif connection.receives and silent >= patience.body:
        connection.refuse(Refusal(408, f"nothing of the body came for {patience.body:.0f} seconds"))
    elif connection.writes and silent >= patience.reading:
        connection.abort()
    elif not connection.works and silent >= patience.idle:
        connection.close()
