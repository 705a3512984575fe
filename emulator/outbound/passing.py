"""What passes through this program to others: tunnels and requests of a client that takes it for a proxy."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any

from emulator.outbound.connections import BoundedSocket, Dialer
from emulator.outbound.destination import PORTS, Destination
from emulator.outbound.policy import Forbidden, OutboundPolicy

_CONNECTING = 10.0
_ANSWERING = 60.0
"""Seconds for a whole exchange."""
_MOST = 64 * 2**20
"""Bytes of an answer that is passed on."""
_OF_THE_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer"}
    | {"transfer-encoding", "upgrade", "content-length", "host", "expect", "proxy-authenticate"}
)
"""Headers of one connection, which end with it."""
_OWN = frozenset({"date", "server"})
"""Headers of an answer that our server writes itself."""


class Passing:
    """Reaches other hosts within a policy; a client from afar never reaches this machine or its network."""

    def __init__(self, policy: OutboundPolicy) -> None:
        self._near = Dialer(policy, _CONNECTING)
        far = OutboundPolicy(policy.allow_hosts, policy.allow_egress, private=False, loopback=False)
        self._far = Dialer(far, _CONNECTING)

    def dial(self, host: str, port: int, *, near: bool) -> socket.socket:
        """Connect; raise OSError, PermissionError where the policy forbids it."""
        destination = Destination("http", host, port, "/")
        deadline = time.monotonic() + 2 * _CONNECTING
        connected = self._dial(destination, deadline, near)
        plain = socket.socket(fileno=connected.detach())
        plain.setblocking(False)
        return plain

    def ask(
        self, environ: Mapping[str, Any], scheme: str, host: str, port: int, *, near: bool
    ) -> tuple[str, list[tuple[str, str]], bytes]:
        """Pass a request on and give its answer: status line, headers, body; raise OSError as `dial`."""
        path = _path(environ["REQUEST_URI"])
        deadline = time.monotonic() + _ANSWERING
        connection = HTTPConnection(host, port)
        connection.auto_open = 0
        connection.default_port = PORTS[scheme]  # decides whether Host names the port
        connection.sock = self._dial(Destination(scheme, host, port, path), deadline, near)
        try:
            return _exchange(connection, environ, path)
        except (HTTPException, ValueError) as wrong:
            raise OSError(f"its answer is broken: {wrong}") from None
        finally:
            connection.close()

    def _dial(self, destination: Destination, deadline: float, near: bool) -> BoundedSocket:
        try:
            return (self._near if near else self._far).dial(destination, deadline)
        except Forbidden as wrong:
            raise PermissionError(str(wrong)) from None


def _exchange(
    connection: HTTPConnection, environ: Mapping[str, Any], path: str
) -> tuple[str, list[tuple[str, str]], bytes]:
    body = environ["wsgi.input"].read()
    pairs = environ["localfax.headers"]
    named = ",".join(value.decode("latin-1") for name, value in pairs if name.lower() == b"connection")
    left_out = _OF_THE_HOP | {each.strip().lower() for each in named.split(",")}
    connection.putrequest(environ["REQUEST_METHOD"], path, skip_accept_encoding=True)
    for name, value in pairs:
        if name.decode("latin-1").lower() not in left_out:
            connection.putheader(name, value)
    if body or "CONTENT_LENGTH" in environ:
        connection.putheader("Content-Length", str(len(body)))
    connection.putheader("Connection", "close")
    connection.endheaders(body or None)
    answer = connection.getresponse()
    content = answer.read(_MOST + 1)
    if len(content) > _MOST:
        raise OSError(f"its answer is longer than {_MOST:,} bytes")
    if answer.length or answer.status < HTTPStatus.OK:
        raise OSError("its answer ends early")
    left_out = _OF_THE_HOP - {"content-length"} if environ["REQUEST_METHOD"] == "HEAD" else _OF_THE_HOP
    headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in left_out | _OWN]
    return f"{answer.status} {answer.reason}", headers, content


def _path(address: str) -> str:
    """The path and the query of an absolute address, as they were sent."""
    rest = address.partition("://")[2].partition("#")[0]
    found = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    return rest[found:] if rest[found : found + 1] == "/" else f"/{rest[found:]}"
