"""The loop: nothing stops it, thousands wait at no cost, and who is too slow is let go."""

from __future__ import annotations

import asyncio
import http.client
import re
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import emulator
from emulator.app import App
from emulator.control.route import ROOT
from emulator.control.routes import ROUTES
from emulator.server.environ import MANNER_KEY
from emulator.server.http_server import InProcess, Patience, in_process
from emulator.server.process import fastest_loop
from emulator.vendors import all_vendors
from tests.conftest import WAIT
from tests.server.calling import leave_at_once

PACKAGE = Path(emulator.__file__).parent
GET = b"GET %b HTTP/1.1\r\nHost: localhost\r\n\r\n"
LOOPS = pytest.mark.parametrize(
    "new_loop", [asyncio.SelectorEventLoop, fastest_loop()], ids=["asyncio", "uvloop"]
)
OURS_IN_THE_LOOP = {"server", "app.py", "control/route.py", "control/events.py", "watch/feed.py"}
"""What of the program runs in the loop: the server, the choice of a lane, the texts of event streams."""
DELAYS = {"/held": 3600.0, "/soon": 0.5}
WAITS = (
    "subprocess.",
    "os.fork",
    "os.exec",
    "os.posix_spawn",
    "socket.connect",
    "socket.getaddrinfo",
    "time.sleep",
)


def plain(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ[MANNER_KEY].delay = DELAYS.get(environ["PATH_INFO"], 0.0)
    body = b"x" * (20_000_000 if environ["PATH_INFO"] == "/large" else 2)
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=WAIT)


def answers(port: int, path: str = "/") -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
    connection.request("GET", path)
    try:
        return connection.getresponse().read() == b"xx"
    finally:
        connection.close()


def is_left(client: socket.socket) -> bool:
    """Read to the end, and tell whether the server has closed."""
    try:
        while client.recv(2**16):
            pass
    except ConnectionError:
        return True
    return True


@LOOPS
def test_two_thousand_delayed_requests_hold_no_thread(new_loop: Callable[[], asyncio.AbstractEventLoop]):
    with in_process(plain, threads=2, new_loop=new_loop) as server, ExitStack() as stack:
        assert answers(server.port)
        before = threading.active_count()
        for _ in range(2_000):
            client = stack.enter_context(connect(server.port))
            leave_at_once(client)
            client.sendall(GET % b"/held")
        assert answers(server.port)
        assert threading.active_count() < before + 10  # the pool and other tests may begin a few


@LOOPS
def test_two_thousand_idle_connections_are_harmless(new_loop: Callable[[], asyncio.AbstractEventLoop]):
    with in_process(plain, new_loop=new_loop) as server, ExitStack() as stack:
        for sent in (
            b"",
            b"GET / HTTP/1.1\r\nHost",
            GET % b"/",
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",
        ):
            for _ in range(500):
                stack.enter_context(connect(server.port)).sendall(sent)
        assert answers(server.port)


@LOOPS
def test_beyond_the_most_connections_the_longest_idle_is_closed(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
):
    patience = Patience(connections=10)
    with in_process(plain, new_loop=new_loop, patience=patience) as server, ExitStack() as stack:
        clients = [stack.enter_context(connect(server.port)) for _ in range(15)]
        assert all(is_left(client) for client in clients[:5])
        for client in clients[5:]:
            client.sendall(GET % b"/")
            assert client.recv(15) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n", b"HTTP/1.1 408 Request Timeout"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe", b"HTTP/1.1 408 Request Timeout"),
        (b"", b""),
    ],
    ids=["a head", "a body", "nothing"],
)
@LOOPS
def test_who_is_too_slow_is_let_go(
    new_loop: Callable[[], asyncio.AbstractEventLoop], sent: bytes, status: bytes
):
    patience = Patience(sweep=0.01, head=0.02, body=0.02, idle=0.02)
    with in_process(plain, new_loop=new_loop, patience=patience) as server, connect(server.port) as client:
        client.sendall(sent)
        with client.makefile("rb") as answer:
            assert answer.read().partition(b"\r\n")[0] == status


@LOOPS
def test_who_does_not_read_its_answer_is_let_go_and_holds_up_nobody(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
):
    patience = Patience(sweep=0.01, reading=0.2)
    serving = in_process(plain, threads=1, new_loop=new_loop, patience=patience)
    with serving as server, ExitStack() as stack:
        clients = [stack.enter_context(connect(server.port)) for _ in range(5)]
        for client in clients:
            client.sendall(GET % b"/large")
        assert answers(server.port)
        assert answers(server.port, "/soon")  # and meanwhile nobody has read
        assert all(map(is_left, clients))


def test_a_refused_sender_reads_why_and_is_not_listened_to_for_long():
    with in_process(plain) as server, connect(server.port) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000000\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 413"
        body = b"x" * 300_000_000
        with pytest.raises(ConnectionError):
            client.sendall(body)


class Watched:
    """What ran in the loop's thread: files of the program, and what an audit hook calls waiting."""

    def __init__(self) -> None:
        self.thread = 0
        self.files: set[str] = set()
        self.waits: list[str] = []

    def new_loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.SelectorEventLoop()
        loop.call_soon(self.begin)
        return loop

    def begin(self) -> None:
        self.thread = threading.get_ident()
        sys.addaudithook(self.hear)
        sys.setprofile(self.see)

    def see(self, frame: Any, event: str, arg: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(PACKAGE)):
            self.files.add(frame.f_code.co_filename)

    def hear(self, event: str, arguments: Any, here: Callable[[], int] = threading.get_ident) -> None:
        if here() == self.thread and event.startswith(WAITS):
            self.waits.append(event)


@pytest.fixture
def watched(app: App) -> Iterator[tuple[Watched, InProcess]]:
    watching = Watched()
    with in_process(app, new_loop=watching.new_loop) as server:
        yield watching, server
    watching.thread = 0


def test_no_route_waits_in_the_loop(watched: tuple[Watched, InProcess]):
    watching, server = watched
    control = [(route.method, ROOT + route.path) for route in ROUTES]
    vendors = [
        (method, f"/{vendor.name}{endpoint.path}")
        for vendor in all_vendors().values()
        for endpoint in vendor.endpoints
        for method in endpoint.methods
    ]
    for method, path in [*control, *vendors, ("GET", "/")]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=WAIT)
        connection.request(
            method, re.sub("<[^>]+>", "default", path), b"{}", {"Content-Type": "application/json"}
        )
        assert connection.getresponse().status != 500, path
        connection.close()
    rooms = {str(Path(name).relative_to(PACKAGE)) for name in watching.files}
    assert {room for room in rooms if not any(room.startswith(ours) for ours in OURS_IN_THE_LOOP)} == set()
    assert watching.waits == []
