"""A listening socket: connections are taken one at a time, so that workers which share it take turns."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from emulator.server.connection import Connection
from emulator.server.edge import Port

if TYPE_CHECKING:
    from emulator.server.http_server import Server

_HANDSHAKE = 10.0
"""Seconds that a client has to agree on TLS."""
_AFTER_OTHERS = 0.005
"""Seconds that a worker with more connections than another leaves to it."""
_AFTER_FAILURE = 0.1
"""Seconds until the next try when there is no descriptor left."""


class Listener:
    """Takes what comes in on one bound socket."""

    def __init__(
        self, server: Server, listening: socket.socket, port: Port, tls: ssl.SSLContext | None
    ) -> None:
        listening.setblocking(False)
        self._server = server
        self._listening = listening
        self._port = port
        self._tls = tls
        self._arriving: set[asyncio.Task[Any]] = set()

    def begin(self) -> None:
        """Take connections from now on."""
        self._server.loop.add_reader(self._listening, self._accept)

    def end(self) -> None:
        """Take no more."""
        self._server.loop.remove_reader(self._listening)
        self._listening.close()

    async def finish(self) -> None:
        """Let go of those that have not yet agreed on TLS."""
        for task in self._arriving:
            task.cancel()
        await asyncio.gather(*self._arriving, return_exceptions=True)

    def _accept(self) -> None:
        """Take one connection; a worker that has more than another lets that one come first."""
        share = self._server.share
        if share is not None and share.is_more_than_another():
            self._rest(_AFTER_OTHERS)
        else:
            self._accept_one()

    def _rest(self, seconds: float) -> None:
        self._server.loop.remove_reader(self._listening)
        self._server.loop.call_later(seconds, self._accept_again)

    def _accept_again(self) -> None:
        if not self._server.stopping:
            self.begin()
            self._accept_one()

    def _accept_one(self) -> None:
        try:
            client, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as wrong:
            self._server.close_longest_idle(f"no connection can be accepted: {wrong.strerror}")
            self._rest(_AFTER_FAILURE)
            return
        client.setblocking(False)
        with suppress(OSError):  # macOS says so of a client that has gone already
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        task = self._server.loop.create_task(self._take(client))
        self._arriving.add(task)
        task.add_done_callback(self._arriving.discard)

    async def _take(self, client: socket.socket) -> None:
        server, port = self._server, self._port
        patience = _HANDSHAKE if self._tls else None
        try:
            await server.loop.connect_accepted_socket(
                lambda: Connection(server, port), client, ssl=self._tls, ssl_handshake_timeout=patience
            )
        except (OSError, ssl.SSLError, ConnectionError):
            client.close()  # a client that cannot agree on TLS
