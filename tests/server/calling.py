"""Requests to a server on a port of this machine, for tests."""

from __future__ import annotations

import http.client
import socket
import struct

from tests.conftest import WAIT

HOST = b"Host: localhost\r\n"


def call(port: int, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
    try:
        connection.request("POST" if body is not None else "GET", path, body, headers or {})
        return connection.getresponse().read()
    finally:
        connection.close()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=WAIT)


def get(path: str, *headers: str) -> bytes:
    return b"GET %b HTTP/1.1\r\n%b%b\r\n" % (
        path.encode(),
        HOST,
        b"".join(f"{each}\r\n".encode() for each in headers),
    )


def leave_at_once(client: socket.socket) -> None:
    """Let the end of this connection be a reset, without a farewell."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
