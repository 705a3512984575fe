"""Networks and peers that misbehave: each is a documented word, in bounded time."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.core.message import Message, Reply, Trouble
from emulator.outbound.http_client import HttpClient
from emulator.outbound.policy import OutboundPolicy
from tests.receiver import Receiver

SOON = 0.25
"""A deadline that a test can afford to reach, in seconds."""


def no_file(digest: str) -> bytes:
    raise KeyError(digest)


def post(client: HttpClient, url: str, **options: Any) -> Reply:
    return client.send(Message(url, fields=(("a", 1),)), no_file, **options)


def resolving(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], list[str]]) -> list[str]:
    """Make every name resolve to what `answer` says; give the list of names asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answer()]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never reads or writes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://0.0.0.0:{port}/", "http://0:{port}/",
        "http://[::]:{port}/", "http://[fd00:ec2::254]/", "http://100.64.0.1/", "http://224.0.0.1/",
        "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:7f00:1::]:{port}/", "http://[::ffff:169.254.169.254]/",
        "http://8.8.8.8/", "http://2852039166/", "http://0xa9.0xfe.43518/", "http://0251.0376.0251.0376/",
    ],
)  # fmt: skip
def test_a_forbidden_address_is_refused_however_it_is_written(
    client: HttpClient, receiver: Receiver, url: str
) -> None:
    assert post(client, url.format(port=receiver.port)).error is Trouble.refused
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "host", ["localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"]
)
def test_loopback_is_reached_however_it_is_written(client: HttpClient, receiver: Receiver, host: str) -> None:
    assert post(client, f"http://{host}:{receiver.port}/").status == 200
    assert receiver.requests[0].header("Host") == f"{host}:{receiver.port}"


def test_a_private_address_is_refused_when_private_ranges_are_closed() -> None:
    assert post(HttpClient(OutboundPolicy(private=False)), "http://10.0.0.1/").error is Trouble.refused


def test_a_name_is_judged_by_its_address(client: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, lambda: ["169.254.169.254"])
    assert post(client, "http://localhost/").error is Trouble.refused
    resolving(monkeypatch, lambda: ["93.184.216.34"])
    assert post(client, "http://hooks.example.com/").error is Trouble.refused


def test_the_address_that_was_checked_is_the_one_connected(
    client: HttpClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    asked = resolving(monkeypatch, lambda: next(answers))
    url = f"http://rebinding.example:{receiver.port}/"
    assert post(client, url).status == 200
    assert asked == ["rebinding.example"]
    assert receiver.requests[0].header("Host") == f"rebinding.example:{receiver.port}"
    assert post(client, url).error is Trouble.refused


def test_of_several_addresses_only_permitted_ones_are_tried(
    client: HttpClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, lambda: ["169.254.169.254", "8.8.8.8", "127.0.0.1"])
    assert post(client, f"http://mixed.example:{receiver.port}/").status == 200


def test_a_redirect_to_a_forbidden_address_is_refused(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(307, headers={"Location": "http://169.254.169.254/latest/"})
    reply = post(client, receiver.url, redirects=3)
    assert (reply.status, reply.error) == (None, Trouble.refused)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://localhost/", "http://[", "//a@b@127.0.0.1/"]
)
def test_a_redirect_to_what_is_no_http_url_is_a_bad_url(
    client: HttpClient, receiver: Receiver, location: str
) -> None:
    receiver.answer(307, headers={"Location": location})
    assert post(client, receiver.url, redirects=3).error is Trouble.bad_url


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "ftp://127.0.0.1/", "http://a@b@127.0.0.1/", "no url"]
)
def test_what_is_no_http_url_is_a_bad_url(client: HttpClient, url: str) -> None:
    reply = post(client, url)
    assert (reply.status, reply.headers, reply.body, reply.error) == (None, (), "", Trouble.bad_url)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".example", "a..b", ".localhost"])
def test_a_name_without_address_is_unresolved(client: HttpClient, host: str) -> None:
    assert post(client, f"http://{host}/").error is Trouble.unresolved


def test_a_closed_port_is_unreachable(client: HttpClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert post(client, f"http://127.0.0.1:{port}/").error is Trouble.unreachable
    assert post(client, "http://127.0.0.1:0/").error is Trouble.unreachable


def test_a_dropped_connection_is_unreachable_and_nothing_is_sent_twice(
    client: HttpClient, receiver: Receiver
) -> None:
    receiver.answer(behaviour="drop")
    assert post(client, receiver.url).error is Trouble.unreachable
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("behaviour", ["hang", "drip", "drip_head"])
def test_a_slow_receiver_is_a_timeout_at_the_deadline(
    client: HttpClient, receiver: Receiver, behaviour: str
) -> None:
    receiver.answer(200, b"x" * 10_000, behaviour=behaviour)
    reply = post(client, receiver.url, timeout=SOON)
    assert (reply.status, reply.error) == (None, Trouble.timeout)
    assert SOON <= reply.elapsed < SOON + 2


def test_what_came_before_a_timeout_is_kept_as_evidence(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(200, b"x" * 10_000, headers={"X-Early": "1"}, behaviour="drip")
    reply = post(client, receiver.url, timeout=SOON)
    assert dict(reply.headers)["X-Early"] == "1"
    assert set(reply.body) == {"x"}


def test_the_deadline_covers_all_redirects(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(307, headers={"Location": "/again"}, times=None)
    reply = post(client, receiver.url, timeout=SOON, redirects=1_000_000)
    assert reply.error is Trouble.timeout


def test_a_receiver_that_does_not_read_is_a_timeout(client: HttpClient, silent: int) -> None:
    message = Message(f"http://127.0.0.1:{silent}/", fields=(("a", "x" * 20_000_000),))
    assert client.send(message, no_file, timeout=SOON).error is Trouble.timeout


def test_a_handshake_that_never_comes_is_a_timeout(client: HttpClient, silent: int) -> None:
    assert post(client, f"https://127.0.0.1:{silent}/", timeout=SOON).error is Trouble.timeout


def test_a_deadline_that_has_passed_is_a_timeout_without_a_request(
    client: HttpClient, receiver: Receiver
) -> None:
    assert post(client, receiver.url, timeout=1e-9).error is Trouble.timeout
    assert receiver.requests == []


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x00",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 2000 Long\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * 100_000,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nx\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: " + b"gzip," * 20 + b"gzip\r\n\r\nx",
    ],
    ids=range(14),
)
def test_what_is_not_whole_http_is_a_bad_reply(client: HttpClient, receiver: Receiver, raw: bytes) -> None:
    receiver.answer(raw=raw)
    reply = post(client, receiver.url)
    assert (reply.status, reply.error) == (None, Trouble.bad_reply)


def test_odd_but_readable_http_is_a_reply(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(
        raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + b"HTTP/1.0 200\r\nX: \xff\r\nbroken line\r\n\r\nok"
    )
    reply = post(client, receiver.url)
    assert (reply.status, reply.error) == (200, None)


def test_a_reply_that_unpacks_to_more_is_cut_like_any_other(client: HttpClient, receiver: Receiver) -> None:
    receiver.answer(200, gzip.compress(b"x" * 20_000_000), headers={"Content-Encoding": "gzip"})
    reply = post(client, receiver.url)
    assert (reply.status, reply.body) == (200, "x" * 4096)


def test_a_missing_certificate_file_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        HttpClient(OutboundPolicy(), ca_file=tmp_path / "none.pem")
