"""What becomes of a connection after its CONNECT: another protocol takes it over, in the loop's thread.

Either requests come in it as on a port of their own, mostly inside of TLS, or bytes are carried to another
host and back. The connection that asked stays in the server's books as the one that idles: what has been
silent for long, or is the longest idle one when descriptors run out, is closed like any other.

For example `CONNECT api.vendor.test:443` was answered with 200. Nothing was read since, so the client's first
bytes are its TLS hello, for the certificate of that host; the requests behind it are that vendor's.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from emulator.server.connection import Connection
from emulator.server.edge import Edge, Port
from emulator.server.passage import Passage, Served

if TYPE_CHECKING:
    Event = Callable[[asyncio.Protocol], Any]

HANDSHAKE = 10.0
"""Seconds that a client has to agree on TLS."""


class Tunnels:
    """Hands connections over; keeps those that have not yet agreed on TLS."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._opening: set[asyncio.Task[None]] = set()

    def begin(
        self, connection: Connection, transport: asyncio.Transport, port: Port, passage: Passage
    ) -> None:
        """Take a connection over, of which nothing more is read."""
        if isinstance(passage, Served):
            opening = self._open_inside(connection, transport, port.within(passage), passage.context)
        else:
            opening = self._open_outside(connection, transport, passage.connected)
        task = self._edge.loop.create_task(opening)
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def finish(self) -> None:
        """Let go of those that have not yet agreed on TLS."""
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)

    async def _open_inside(
        self, outer: Connection, transport: asyncio.Transport, port: Port, context: ssl.SSLContext | None
    ) -> None:
        try:
            inner = Connection(self._edge, port)
            if context is None:
                transport.set_protocol(inner)
                inner.connection_made(transport)
                transport.resume_reading()
                return
            early = Early()
            tls = await self._edge.loop.start_tls(
                transport, early, context, server_side=True, ssl_handshake_timeout=HANDSHAKE
            )
            if tls is None or early.lost:  # the client left while it was agreed
                transport.abort()
                return
            tls.set_protocol(inner)
            inner.connection_made(tls)
            early.replay(inner)
        except (OSError, ssl.SSLError):
            transport.abort()
        finally:
            self._edge.closed(outer)

    async def _open_outside(self, outer: Connection, transport: asyncio.Transport, connected: Any) -> None:
        there = Carrier(outer, lambda: None)
        try:
            onward, _ = await self._edge.loop.create_connection(lambda: there, sock=connected)
        except OSError:
            connected.close()
            transport.abort()
            self._edge.closed(outer)
            return
        here = Carrier(outer, lambda: self._edge.closed(outer))
        here.join(there, onward)
        there.join(here, transport)
        transport.set_protocol(here)
        for end, its in ((here, transport), (there, onward)):
            if its.is_closing():  # it went before they were joined
                end.connection_lost(None)
        transport.resume_reading()


class Early(asyncio.Protocol):
    """Keeps what comes in before a connection is made of it."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self.lost = False

    def data_received(self, data: bytes) -> None:
        self._events.append(lambda protocol: protocol.data_received(data))

    def eof_received(self) -> None:
        self._events.append(lambda protocol: protocol.eof_received())

    def pause_writing(self) -> None:
        self._events.append(lambda protocol: protocol.pause_writing())

    def resume_writing(self) -> None:
        self._events.append(lambda protocol: protocol.resume_writing())

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True

    def replay(self, protocol: asyncio.Protocol) -> None:
        """Tell a protocol all of it."""
        for tell in self._events:
            tell(protocol)


class Carrier(asyncio.Protocol):
    """One end of a tunnel: writes what it reads to the other, no faster than that one takes it."""

    def __init__(self, account: Connection, lost: Callable[[], None]) -> None:
        self._account = account
        self._lost = lost
        self._other: asyncio.Transport | None = None
        self._far: Carrier | None = None
        self._early: list[bytes] = []
        self.ended = False
        """Whether nothing more comes in here."""

    def join(self, far: Carrier, other: asyncio.Transport) -> None:
        """Carry from now on what comes in to the far end, which is that of `other`."""
        self._far, self._other = far, other
        if self._early:
            other.write(b"".join(self._early))
            self._early.clear()

    def data_received(self, data: bytes) -> None:
        self._account.touched = asyncio.get_running_loop().time()
        if self._other is None:
            self._early.append(data)
        elif not self._other.is_closing():
            self._other.write(data)

    def eof_received(self) -> bool:
        """Pass the end on; say whether this side stays open, as it does while the other may send."""
        self.ended = True
        if self._other is None or self._other.is_closing() or (self._far is not None and self._far.ended):
            return False
        with suppress(OSError, NotImplementedError):  # TLS knows no half
            self._other.write_eof()
            return True
        return False

    def pause_writing(self) -> None:
        if self._other is not None:
            self._other.pause_reading()

    def resume_writing(self) -> None:
        if self._other is not None and not self._other.is_closing():
            self._other.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._other is not None and not self._other.is_closing():
            self._other.close()
        self._other = None
        self._lost()
