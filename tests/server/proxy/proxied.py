"""A server as its clients' proxy, for tests."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import ssl
from pathlib import Path
from typing import Any

from emulator.server.http_server import InProcess
from emulator.server.process import fastest_loop
from emulator.vendors import all_vendors
from tests.conftest import WAIT, Control

HOSTS = {host: vendor.name for vendor in all_vendors().values() for host in vendor.hosts}
LOOPS = [asyncio.SelectorEventLoop, fastest_loop()]
FURTHER = "fax.old.example"


class Proxied:
    """A server as its clients' proxy."""

    def __init__(self, served: InProcess, folder: Path) -> None:
        self.port = served.port
        self.control = Control(served.url)
        self._folder = folder

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT)

    def connect(self, target: str, *headers: str, version: str = "1.1") -> tuple[int, Any, socket.socket]:
        """Send a CONNECT; give the status, what a refusal says, and the socket."""
        client = self.open()
        lines = [f"CONNECT {target} HTTP/{version}", f"Host: {target}", *headers, "", ""]
        client.sendall("\r\n".join(lines).encode())
        return *read_answer(client, established=True), client

    def encrypted(self, host: str, port: int = 443) -> http.client.HTTPConnection:
        """Open a tunnel to a vendor's host and speak TLS in it."""
        status, said, client = self.connect(f"{host}:{port}")
        assert status == 200, said
        [file] = [each for each in self._folder.glob("*.pem") if "key" not in each.name]
        trusting = ssl.create_default_context(cafile=file)
        connection = http.client.HTTPConnection(host)
        connection.sock = trusting.wrap_socket(client, server_hostname=host)
        return connection


def read_answer(client: socket.socket, *, established: bool = False) -> tuple[int, Any]:
    """Read a status and a JSON body; byte by byte, for what is behind is TLS."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = client.recv(1)
        if not piece:
            return 0, None
        head += piece
    status = int(head.split()[1])
    if established and status == 200:
        assert head == b"HTTP/1.1 200 Connection established\r\n\r\n"
        return status, None
    size = int(next(line for line in head.lower().split(b"\r\n") if b"content-length" in line).split()[1])
    body = b""
    while len(body) < size:
        body += client.recv(size - len(body))
    return status, json.loads(body)


def status_request(host: str, scheme: str) -> bytes:
    body = b'{"jobId": "x"}'
    return (
        f"POST {scheme}://{host}/v1/customer/fax-status HTTP/1.1\r\nHost: {host}\r\n"
        f"accessToken: ifax-test-key\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
