"""HTTPS for clients whose vendor host is fixed: a local authority, and a front that takes TLS off."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

_PIECE = 2**16
_HANDSHAKE = 10.0
"""Real seconds that a client has to agree on TLS."""
_FAREWELL = 2.0
"""Real seconds that a client has to answer the end of TLS."""
_NAMES = ("localhost", "127.0.0.1", "::1", "host.docker.internal", "localfax")


class Authority:
    """Signs one certificate for all our names. Its key lives as long as the process and is never written."""

    def __init__(self, names: Iterable[str]) -> None:
        import trustme

        self._authority = trustme.CA(organization_name="Localfax", organization_unit_name="for tests only")
        # The host that clients call is that of the certificate, so any of the names will do for all ports.
        self._certificate = self._authority.issue_cert(*dict.fromkeys((*_NAMES, *names)))

    def write(self, path: Path) -> None:
        """Write the certificate for clients to trust, as PEM; raise OSError."""
        path.write_bytes(self._authority.cert_pem.bytes())

    def context(self) -> ssl.SSLContext:
        """Make the server's side of TLS 1.2 and later."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._certificate.configure_cert(context)
        return context


@contextmanager
def front(listening: socket.socket, context: ssl.SSLContext, plain_port: int) -> Iterator[None]:
    """Hand what comes in by TLS on a bound socket to a plain port of this machine, during the block."""
    import asyncio

    loop = asyncio.new_event_loop()
    ending = asyncio.Event()
    begun = threading.Event()

    async def run() -> None:
        server = await asyncio.start_server(
            lambda reader, writer: _carry(reader, writer, plain_port),
            sock=listening,
            ssl=context,
            ssl_handshake_timeout=_HANDSHAKE,
            ssl_shutdown_timeout=_FAREWELL,
        )
        begun.set()
        await ending.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), name="localfax-tls", daemon=True)
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join()
        loop.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Carry both directions until either side ends."""
    import asyncio

    try:
        inside_reader, inside_writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        writer.transport.abort()
        return
    ways = [
        asyncio.ensure_future(_copy(reader, inside_writer)),
        asyncio.ensure_future(_copy(inside_reader, writer)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        # The front ends: a client that keeps its connection open is not waited for.
        writer.transport.abort()
    for way in ways:
        way.cancel()
    await asyncio.gather(*ways, return_exceptions=True)
    for side in (inside_writer, writer):
        side.close()
    for side in (inside_writer, writer):
        with suppress(OSError, asyncio.CancelledError):
            await side.wait_closed()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):  # one of the two has gone
        while piece := await source.read(_PIECE):
            target.write(piece)
            await target.drain()
