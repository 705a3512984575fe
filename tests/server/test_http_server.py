"""The HTTP server, over real sockets."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any

import pytest

from emulator.server.environ import MANNER_KEY
from emulator.server.http_server import BODY_LIMIT, InProcess, bind
from emulator.server.http_server import in_process as in_any_process
from emulator.server.process import fastest_loop
from emulator.server.sockets import bind_all
from tests.server.calling import call, connect

StartResponse = Callable[..., Any]
Serve = Callable[..., AbstractContextManager[InProcess]]


class Sample:
    """A WSGI application with a call that waits, one that never ends, and one that cuts."""

    def __init__(self) -> None:
        self.waiting = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.closed = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        return getattr(self, environ["PATH_INFO"].strip("/"))(environ, start_response)

    def echo(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        names = {name: value for name, value in environ.items() if name.startswith(("HTTP_API", "CONTENT_"))}
        body = environ["wsgi.input"].read()
        return _answer(start_response, json.dumps({"names": names, "bytes": len(body)}).encode())

    def wait(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        self.waiting.release()
        self.go_on.wait(10)
        return _answer(start_response, b"waited")

    def cut(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        environ[MANNER_KEY].cut = True
        return _answer(start_response, b"never seen")

    def short(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "100")])
        return iter([b"only this"])

    def large(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        return _answer(start_response, b"x" * 5_000_000)

    def events(self, environ: dict[str, Any], start_response: StartResponse) -> Any:
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        self.stream = Stream(self.closed)
        return self.stream


class Stream:
    """An answer without an end."""

    heartbeat = b": here\n\n"

    def __init__(self, closed: threading.Event) -> None:
        self.closed = closed
        self.news = [b"data: first\n\n"]
        self.ended = False

    def attach(self, wake: Callable[[], None]) -> None:
        self.wake = wake

    def read(self) -> bytes:
        news, self.news = self.news, []
        return b"".join(news)

    def say(self, piece: bytes) -> None:
        self.news.append(piece)
        self.wake()

    def keep(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        self.closed.set()


def _answer(start_response: StartResponse, body: bytes) -> list[bytes]:
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(params=[asyncio.SelectorEventLoop, fastest_loop()], ids=["asyncio", "uvloop"])
def in_process(request: pytest.FixtureRequest) -> Serve:
    return partial(in_any_process, new_loop=request.param)


@pytest.fixture
def sample() -> Iterator[Sample]:
    sample = Sample()
    yield sample
    sample.go_on.set()


def accepts(port: int) -> bool:
    try:
        connect(port).close()
    except ConnectionError:
        return False
    return True


def raw(port: int, sent: bytes) -> bytes:
    with connect(port) as client:
        client.sendall(sent)
        with client.makefile("rb") as answer:
            return answer.read()


def test_header_names_with_an_underscore_reach_the_application(in_process: Serve, sample: Sample) -> None:
    with in_process(sample) as server:
        answer = call(server.port, "/echo", headers={"api_key": " secret ", "API-Other": "1"})
    assert json.loads(answer) == {"names": {"HTTP_API_KEY": "secret", "HTTP_API_OTHER": "1"}, "bytes": 0}


def test_a_header_with_a_dash_wins_over_its_double_with_an_underscore(
    in_process: Serve, sample: Sample
) -> None:
    with in_process(sample) as server:
        answer = call(server.port, "/echo", headers={"api_key": "wrong", "api-key": "right"})
    assert json.loads(answer)["names"] == {"HTTP_API_KEY": "right"}


def test_an_underscore_cannot_forge_the_length_of_a_body(in_process: Serve, sample: Sample) -> None:
    with in_process(sample) as server:
        answer = call(server.port, "/echo", b"hello", {"Content_Length": "3", "Transfer_Encoding": "chunked"})
    assert json.loads(answer) == {"names": {"CONTENT_LENGTH": "5"}, "bytes": 5}


def test_a_connection_serves_one_call_after_the_other(in_process: Serve, sample: Sample) -> None:
    with in_process(sample) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        answers = []
        for _ in range(3):
            connection.request("GET", "/echo")
            answers.append((connection.getresponse().read(), connection.sock is not None))
        connection.close()
    assert answers == [(b'{"names": {}, "bytes": 0}', True)] * 3


def test_a_cut_connection_ends_without_an_answer(in_process: Serve, sample: Sample) -> None:
    with in_process(sample) as server, pytest.raises(http.client.RemoteDisconnected):
        call(server.port, "/cut", b"hello")


def test_an_answer_shorter_than_it_says_ends_the_connection(in_process: Serve, sample: Sample) -> None:
    with in_process(sample) as server, pytest.raises(http.client.IncompleteRead) as caught:
        call(server.port, "/short")
    assert caught.value.partial == b"only this"


def test_a_large_answer_arrives_whole(in_process: Serve, sample: Sample) -> None:
    with in_process(sample) as server:
        assert call(server.port, "/large") == b"x" * 5_000_000


def test_calls_that_wait_do_not_hold_up_others(in_process: Serve, sample: Sample) -> None:
    with in_process(sample, threads=24) as server, ThreadPoolExecutor(20) as clients:
        waiting = [clients.submit(call, server.port, "/wait") for _ in range(20)]
        for _ in waiting:
            sample.waiting.acquire()
        assert json.loads(call(server.port, "/echo"))["bytes"] == 0
        sample.go_on.set()
        assert [each.result() for each in waiting] == [b"waited"] * 20


def test_a_slow_sender_holds_up_nobody(in_process: Serve, sample: Sample) -> None:
    half = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf "
    with in_process(sample, threads=1) as server, connect(server.port) as slow:
        slow.sendall(half)
        assert json.loads(call(server.port, "/echo"))["bytes"] == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x00\x01\x02\r\n\r\n", b"400"),
        (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n", b"400"),
        (b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
        (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (BODY_LIMIT + 1), b"413"),
        (b"GET /echo HTTP/1.1\r\nX: ".ljust(2**18, b"a"), b"431"),
    ],
    ids=["garbage", "negative", "not a number", "bad chunk", "unknown coding", "too large", "long header"],
)
def test_a_malformed_call_is_refused_and_the_next_one_answered(
    in_process: Serve, sample: Sample, sent: bytes, status: bytes
) -> None:
    with in_process(sample) as server:
        answer = raw(server.port, sent)
        assert answer.split(b" ")[1] == status
        assert json.loads(call(server.port, "/echo"))["bytes"] == 0


def test_closing_finishes_the_calls_in_flight_and_takes_no_more(in_process: Serve, sample: Sample) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(2) as clients:
        server = stack.enter_context(in_process(sample))
        waiting = clients.submit(call, server.port, "/wait")
        sample.waiting.acquire()
        closing = clients.submit(stack.close)
        while accepts(server.port):
            pass
        sample.go_on.set()
        assert waiting.result() == b"waited"
        closing.result()


def test_closing_leaves_no_thread(in_process: Serve, sample: Sample) -> None:
    before = set(threading.enumerate())
    with in_process(sample) as server:
        call(server.port, "/echo")
    assert set(threading.enumerate()) == before


def test_events_arrive_one_by_one_and_closing_does_not_wait_for_their_end(
    in_process: Serve, sample: Sample
) -> None:
    with in_process(sample) as server:
        client = connect(server.port)
        client.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = client.makefile("rb")
        while b"first" not in answer.readline():
            pass
    assert sample.closed.is_set()
    answer.close()
    client.close()


def test_a_client_that_leaves_ends_its_events(in_process: Serve, sample: Sample) -> None:
    with in_process(sample) as server:
        with connect(server.port) as client:
            client.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.recv(12) == b"HTTP/1.1 200"
        assert sample.closed.wait(10)


def test_a_port_in_use_is_named() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {port}: Address already in use"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize(("host", "families"), [("localhost", 2), ("::", 1)])
def test_a_host_with_two_address_families_is_served_on_both(host: str, families: int):
    bound = bind_all(host, 0)
    with ExitStack() as stack:
        for each in bound:
            stack.enter_context(each)
        port = bound[0].getsockname()[1]
        assert len(bound) == families
        for address in ("127.0.0.1", "::1"):
            socket.create_connection((address, port), timeout=10).close()
