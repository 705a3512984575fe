"""The threads that answer: what is done goes out whatever is done next, and how long a thread may compute."""

from __future__ import annotations

import http.client
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from emulator.server.http_server import in_process
from emulator.server.pace import BRIEF, USUAL, Pace
from tests.conftest import WAIT
from tests.server.test_loop import GET, LOOPS, connect


class Doors:
    """An application whose answers wait behind doors; `/` has none."""

    def __init__(self) -> None:
        self.opened = {"/first": threading.Event(), "/last": threading.Event()}
        self.reached = {name: threading.Event() for name in ("/first", "/last")}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if (path := environ["PATH_INFO"]) in self.opened:
            self.reached[path].set()
            self.opened[path].wait(WAIT)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


def ask(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


@LOOPS
def test_an_answer_goes_out_though_its_thread_is_held_up_by_the_next_request(new_loop: Callable[[], Any]):
    doors = Doors()
    with in_process(doors, threads=1, new_loop=new_loop) as server, ExitStack() as stack:
        first, *others, last = (stack.enter_context(connect(server.port)) for _ in range(6))
        first.sendall(GET % b"/first")
        assert doors.reached["/first"].wait(WAIT)
        for each in others:
            each.sendall(GET % b"/")
        last.sendall(GET % b"/last")
        doors.opened["/first"].set()
        assert doors.reached["/last"].wait(WAIT)
        for each in (first, *others):
            assert each.recv(2**16).endswith(b"ok")
        doors.opened["/last"].set()
        assert last.recv(2**16).endswith(b"ok")


@pytest.fixture
def interval() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("interval")
def test_a_thread_keeps_the_interpreter_briefly_while_anything_takes_long():
    pace = Pace(kept=True)
    assert sys.getswitchinterval() == pytest.approx(USUAL)
    pace.begin()
    pace.begin()
    pace.end()
    assert sys.getswitchinterval() == pytest.approx(BRIEF)
    pace.end()
    assert sys.getswitchinterval() == pytest.approx(USUAL)


@pytest.mark.usefixtures("interval")
def test_a_server_within_a_program_leaves_that_alone():
    sys.setswitchinterval(0.123)
    doors = Doors()
    doors.opened["/first"].set()
    with in_process(doors) as server:
        assert ask(server.port, "/first") == b"ok"
    assert sys.getswitchinterval() == pytest.approx(0.123)
