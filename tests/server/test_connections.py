"""What one connection may do to itself and to others when things go wrong in the middle."""

from __future__ import annotations

import asyncio
import gc
import ssl
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from emulator.server.authority import Authority
from emulator.server.environ import MANNER_KEY
from emulator.server.http_server import GRACE, Server, bind
from emulator.server.http_server import in_process as in_any_process
from emulator.server.process import fastest_loop
from tests.conftest import WAIT
from tests.server.calling import HOST, connect, get, leave_at_once

EXPECTS = b"POST /echo HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"
LARGE = 20_000_000
Loop = Callable[[], asyncio.AbstractEventLoop]


class Sample:
    """A WSGI application that answers in the manner which the path names."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.kept: list[weakref.ref[Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.seen.append(path)
        body = b"x" * LARGE if path == "/large" else environ["wsgi.input"].read() or b"nothing"
        length = "many" if path == "/wrong" else str(len(body))
        if path == "/held":
            environ[MANNER_KEY].delay = 3600.0
            self.kept.append(weakref.ref(environ[MANNER_KEY]))
        start_response("200 OK", [("Content-Length", length)])
        return [body]


@pytest.fixture(params=[asyncio.SelectorEventLoop, fastest_loop()], ids=["asyncio", "uvloop"])
def new_loop(request: pytest.FixtureRequest) -> Loop:
    return request.param


@pytest.fixture
def sample() -> Sample:
    return Sample()


def read_answer(answers: Any) -> tuple[bytes, bytes]:
    """Read one answer: its status line and its body."""
    line, size = answers.readline(), 0
    while (header := answers.readline().strip()) != b"":
        name, _, value = header.partition(b": ")
        size = int(value) if name == b"Content-Length" else size
    return line.strip(), answers.read(size)


def test_a_word_to_go_on_does_not_stand_in_the_middle_of_an_answer(new_loop: Loop, sample: Sample):
    with in_any_process(sample, new_loop=new_loop) as server, connect(server.port) as client:
        answers = client.makefile("rb")
        client.sendall(get("/large"))
        assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
        client.sendall(EXPECTS)
        while answers.readline() != b"\r\n":
            pass
        assert answers.read(LARGE) == b"x" * LARGE
        assert read_answer(answers) == (b"HTTP/1.1 100 Continue", b"")
        client.sendall(b"hello")
        assert read_answer(answers) == (b"HTTP/1.1 200 OK", b"hello")
        answers.close()


def test_a_body_that_came_without_waiting_is_not_called_for(new_loop: Loop, sample: Sample):
    with in_any_process(sample, new_loop=new_loop) as server, connect(server.port) as client:
        answers = client.makefile("rb")
        client.sendall(get("/large"))
        assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
        client.sendall(EXPECTS)
        client.sendall(b"hello")
        while answers.readline() != b"\r\n":
            pass
        answers.read(LARGE)
        assert read_answer(answers) in [(b"HTTP/1.1 200 OK", b"hello"), (b"HTTP/1.1 100 Continue", b"")]
        answers.close()


def test_blanks_around_what_is_expected_mean_nothing(new_loop: Loop, sample: Sample):
    with in_any_process(sample, new_loop=new_loop) as server, connect(server.port) as client:
        client.sendall(EXPECTS.replace(b"continue\r", b"continue \t\r") + b"hello")
        with client.makefile("rb") as answers:
            assert read_answer(answers) == (b"HTTP/1.1 200 OK", b"hello")


def test_an_application_whose_answer_is_none_costs_no_thread(new_loop: Loop, sample: Sample):
    with in_any_process(sample, threads=2, new_loop=new_loop) as server:
        for _ in range(5):
            with connect(server.port) as client, client.makefile("rb") as answers:
                client.sendall(get("/wrong"))
                assert read_answer(answers)[0] == b"HTTP/1.1 500 Internal Server Error"


def test_who_leaves_during_a_delay_leaves_nothing(new_loop: Loop, sample: Sample):
    with in_any_process(sample, threads=1, new_loop=new_loop) as server, connect(server.port) as other:
        with connect(server.port) as client:
            client.sendall(get("/held"))
            while not sample.kept:
                time.sleep(0)
            other.sendall(get("/echo"))
            assert other.recv(15) == b"HTTP/1.1 200 OK"  # and so the one before waits for its time
            leave_at_once(client)
        deadline = time.monotonic() + WAIT
        while any(each() for each in sample.kept):
            assert time.monotonic() < deadline, "the answers are still held"
            gc.collect()


def test_a_refused_client_that_has_gone_is_no_failure(
    new_loop: Loop, sample: Sample, caplog: pytest.LogCaptureFixture
):
    with in_any_process(sample, new_loop=new_loop) as server:
        for _ in range(100):
            with connect(server.port) as client:
                client.sendall(b"FROB\r\n\r\n")
        with connect(server.port) as client:
            client.sendall(get("/echo"))
            assert client.recv(15) == b"HTTP/1.1 200 OK"
    assert caplog.records == []


def test_a_server_may_be_told_to_end_before_it_has_begun(new_loop: Loop, sample: Sample):
    server = Server(1, new_loop=new_loop)
    server.listen(sample, bind("127.0.0.1", 0))
    server.stop()
    thread = threading.Thread(target=server.run)  # the browser tests leave a loop in the main one
    thread.start()
    thread.join(WAIT)
    assert not thread.is_alive()


class Stream:
    """An answer without an end, until `end`, of which there is more than a socket takes."""

    heartbeat = b": here\n\n"
    ended = False

    def attach(self, wake: Callable[[], None]) -> None:
        self.wake = wake
        self.left = [b"x" * LARGE]

    def read(self) -> bytes:
        return self.left.pop() if self.left else b""

    def end(self) -> None:
        self.ended = True
        self.wake()

    def keep(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def test_what_is_asked_behind_a_stream_is_not_done_when_it_ends(new_loop: Loop):
    seen, stream = [], Stream()

    def streaming(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        seen.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return stream

    with in_any_process(streaming, new_loop=new_loop) as server, connect(server.port) as client:
        client.sendall(get("/stream") + get("/behind"))
        assert client.recv(15) == b"HTTP/1.1 200 OK"
        stream.end()
        with suppress(ConnectionError):
            while client.recv(2**20):
                pass
    assert seen == ["/stream"]


def test_a_body_that_cannot_be_kept_is_refused(
    new_loop: Loop, sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with in_any_process(sample, new_loop=new_loop) as server, connect(server.port) as client:
        client.sendall(
            b"POST /echo HTTP/1.1\r\n" + HOST + b"Content-Length: 1100000\r\n\r\n" + b"x" * 1_100_000
        )
        with client.makefile("rb") as answers:
            assert read_answer(answers)[0] == b"HTTP/1.1 503 Service Unavailable"


@pytest.fixture
def trusting(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = Authority(tmp_path / "kept", [])
    (tmp_path / "ca.pem").write_bytes(authority.certificate())
    return authority.context(), ssl.create_default_context(cafile=tmp_path / "ca.pem")


def test_the_end_does_not_wait_for_a_farewell_over_tls(
    new_loop: Loop,
    sample: Sample,
    trusting: tuple[ssl.SSLContext, ssl.SSLContext],
    caplog: pytest.LogCaptureFixture,
):
    tls, trust = trusting
    with ExitStack() as clients:
        with in_any_process(sample, new_loop=new_loop, tls=tls) as server:
            client = clients.enter_context(
                trust.wrap_socket(connect(server.port), server_hostname="localhost")
            )
            client.sendall(get("/echo", "Connection: close"))
            assert client.recv(2**16).startswith(b"HTTP/1.1 200 OK")
            begun = time.monotonic()
        assert time.monotonic() - begun < GRACE
    assert caplog.records == []


def test_a_refused_sender_over_tls_reads_why(
    new_loop: Loop, sample: Sample, trusting: tuple[ssl.SSLContext, ssl.SSLContext]
):
    tls, trust = trusting
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 300000000\r\n\r\n"
    with ExitStack() as stack:
        server = stack.enter_context(in_any_process(sample, new_loop=new_loop, tls=tls))
        client = stack.enter_context(trust.wrap_socket(connect(server.port), server_hostname="localhost"))
        client.sendall(head + b"x" * 100_000)
        time.sleep(0.2)  # long enough for a server that does not listen on to have closed
        client.sendall(b"x" * 50_000)
        assert client.recv(12) == b"HTTP/1.1 413"
