"""Connections that go only where the policy allows, keep to a deadline, and are shared."""

from __future__ import annotations

import math
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, cast

from urllib3.connection import HTTPConnection

from emulator.core.message import Pairs
from emulator.outbound.destination import PORTS, Destination, Origin
from emulator.outbound.policy import Forbidden, OutboundPolicy


class BoundedSocket(socket.socket):
    """A socket on which nothing waits beyond `deadline`, an instant of `time.monotonic`.

    A plain timeout starts anew with every byte, so a peer that drips bytes could hold its reader for ever.
    """

    deadline: float = math.inf

    def arm(self, at_most: float = math.inf) -> None:
        """Let the next wait last to the deadline, or `at_most` seconds; raise TimeoutError."""
        left = min(at_most, self.deadline - time.monotonic())
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        self.settimeout(left if left < math.inf else None)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.arm()
        return super().recv_into(*args, **kwargs)

    def send(self, *args: Any, **kwargs: Any) -> int:
        self.arm()
        return super().send(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self.arm()
        super().sendall(*args, **kwargs)


class BoundedTlsSocket(BoundedSocket, ssl.SSLSocket):
    """The same over TLS."""


class Dialer:
    """Open sockets to addresses that the policy has seen.

    A name is resolved once and the very address that was checked is connected, so a name that changes its
    answer in between gains nothing. Host header, SNI and the certificate's check still use the name.
    """

    def __init__(self, policy: OutboundPolicy, connect_timeout: float, ca_file: Path | None = None) -> None:
        self.policy = policy
        self.connect_timeout = connect_timeout
        self._authorities = None if ca_file is None else ca_file.read_text()

    def dial(self, destination: Destination, deadline: float) -> BoundedSocket:
        """Connect, with TLS for https; raise Forbidden or OSError (gaierror and SSLError are kinds of it)."""
        failure: Exception = socket.gaierror("the name has no address")
        for *kind, _, address in _resolve(destination):
            try:
                self.policy.check(destination.host, address[0])
                connected = self._connect(kind, address, deadline)
            except (Forbidden, OSError) as error:
                failure = error
            else:
                return self._encrypt(connected, destination) if destination.scheme == "https" else connected
        raise failure

    def _connect(self, kind: list[Any], address: Any, deadline: float) -> BoundedSocket:
        connected = BoundedSocket(*kind)
        connected.deadline = deadline
        try:
            connected.arm(self.connect_timeout)
            connected.connect(address)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            connected.close()
            raise
        return connected

    def _encrypt(self, connected: BoundedSocket, destination: Destination) -> BoundedSocket:
        with connected:  # wrapping takes the descriptor away; what is left to close is what it refused
            connected.arm()
            encrypted = self._context.wrap_socket(connected, server_hostname=destination.host.rstrip("."))
        assert isinstance(encrypted, BoundedSocket)
        return encrypted

    @cached_property
    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._authorities is not None:
            context.load_verify_locations(cadata=self._authorities)
        context.set_alpn_protocols(["http/1.1"])
        context.sslsocket_class = BoundedTlsSocket
        return context


def _resolve(destination: Destination) -> list[tuple[Any, ...]]:
    try:
        return list(socket.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM))
    except UnicodeError as error:  # a label that no resolver would take
        raise socket.gaierror("not a host name") from error


Inside = Callable[[str, str, Pairs, bytes], tuple[int, Pairs, bytes]]
"""Answers a method, a path with its query, headers and a body by a status, headers and a body."""


class Connections:
    """Lend connections; keep the reusable ones, `keep` at most, as long as anything is lent.

    A burst runs over few connections, and when it ends none is left: nothing holds a receiver's thread, and
    no request meets a connection that its receiver has just closed for being idle.

    `inside` are applications in this process, by the host of their URLs, for which none is needed.
    """

    def __init__(self, dialer: Dialer, keep: int = 64) -> None:
        self._dialer = dialer
        self._keep = keep
        self.inside: dict[str, Inside] = {}
        self._idle: list[tuple[Origin, HTTPConnection]] = []
        self._lent = 0
        self._lock = Lock()

    @contextmanager
    def lend(self, destination: Destination, deadline: float) -> Iterator[HTTPConnection]:
        """Lend an open connection for the block; closed in it, it is not used again. Raises like `dial`."""
        with self._lock:
            self._lent += 1
        connection = None
        try:
            connection = self._take(destination.origin) or self._open(destination, deadline)
            cast(BoundedSocket, connection.sock).deadline = deadline
            yield connection
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        finally:
            self._give(destination.origin, connection)

    def _take(self, origin: Origin) -> HTTPConnection | None:
        while True:
            with self._lock:
                kept = next((each for each in reversed(self._idle) if each[0] == origin), None)
                if kept is None:
                    return None
                self._idle.remove(kept)
            connection = kept[1]
            if connection.is_connected:
                return connection
            connection.close()

    def _open(self, destination: Destination, deadline: float) -> HTTPConnection:
        connection = HTTPConnection(destination.host, destination.port)
        # Only the dialer opens sockets: a lost one must not be replaced by one that nobody checked.
        connection.auto_open = 0
        connection.default_port = PORTS[destination.scheme]  # type: ignore[misc]  # decides whether Host names the port
        connection.sock = self._dialer.dial(destination, deadline)
        return connection

    def _give(self, origin: Origin, connection: HTTPConnection | None) -> None:
        with self._lock:
            self._lent -= 1
            if connection is not None and not connection.is_closed:
                self._idle.append((origin, connection))
            surplus = len(self._idle) - self._keep if self._lent else len(self._idle)
            leaving = [self._idle.pop(0) for _ in range(surplus)]
        for _, idle in leaving:
            idle.close()
