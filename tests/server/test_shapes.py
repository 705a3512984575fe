"""Every shape of request that clients, proxies and attackers send: what is answered, and if it goes on."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from emulator.server.http_server import InProcess, in_process
from emulator.server.process import fastest_loop

OPEN, CLOSED = True, False
HOST = b"Host: localhost\r\n"
GET = b"GET / HTTP/1.1\r\n" + HOST
POST = b"POST / HTTP/1.1\r\n" + HOST
LENGTH, CODING = b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"
CHUNKED = POST + CODING + b"\r\n"
UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nUpgrade: h2c\r\n"
WEBSOCKET = UPGRADE.replace(b"h2c", b"websocket")
LONG = 2**18

Row = tuple[str, bytes, list[int], bool]

FRAMING: list[Row] = [
    ("length", POST + b"Content-Length: 5\r\n\r\nhello", [200], OPEN),
    ("chunks", CHUNKED + b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", [200], OPEN),
    ("chunks with extensions", CHUNKED + b'3;a=b\r\nhel\r\n2 ; c="d"\r\nlo\r\n0\r\n\r\n', [200], OPEN),
    ("trailers", CHUNKED + b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", [200], OPEN),
    ("no body", POST + b"\r\n", [200], OPEN),
    ("chunked twice in one", POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", [400], CLOSED),
    ("chunked twice", POST + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n0\r\n\r\n", [400], CLOSED),
    (
        "length and chunks",
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        [400],
        CLOSED,
    ),
    (
        "chunks and length",
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        [400],
        CLOSED,
    ),
    ("chunks in 1.0", b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400], CLOSED),
    ("gzip, chunked", POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [400], CLOSED),
    ("xchunked", POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", [400], CLOSED),
    ("vertical tab before chunked", POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", [400], CLOSED),
    ("identity", POST + b"Transfer-Encoding: identity\r\n\r\n", [501], CLOSED),
    ("gzip", POST + b"Transfer-Encoding: gzip\r\n\r\n", [501], CLOSED),
    *(
        (f"length {text.decode()!r}", POST + b"Content-Length: %b\r\n\r\nhello" % text, [400], CLOSED)
        for text in (b"5, 5", b"+5", b"0x5", b"-5", b"5_0", b"", b"\xef\xbc\x95".decode().encode())
    ),
    ("length twice", POST + b"Content-Length: 5\r\n" * 2 + b"\r\nhello", [400], CLOSED),
    ("two lengths", POST + b"Content-Length: 5\r\nContent-Length: 3\r\n\r\nhello", [400], CLOSED),
    ("space before the colon", POST + b"Content-Length : 5\r\n\r\nhello", [400], CLOSED),
    *(
        (f"chunk size {text.decode()!r}", CHUNKED + text + b"\r\nhel\r\n0\r\n\r\n", [400], CLOSED)
        for text in (b"zz", b"-3", b"0x3", b"", b"3g", b"3_0", b"+3", b"1" + b"0" * 16)
    ),
    ("a chunk of 2^58", CHUNKED + b"400000000000000\r\n", [413], CLOSED),
    ("a chunk longer than its size", CHUNKED + b"3\r\nhello\r\n0\r\n\r\n", [400], CLOSED),
    ("a chunk's line with bare LF", CHUNKED + b"3\nhel\r\n0\r\n\r\n", [400], CLOSED),
    ("a chunk's bytes with bare LF", CHUNKED + b"3\r\nhel\n0\r\n\r\n", [400], CLOSED),
    ("an endless extension", CHUNKED + b"3;" + b"a" * LONG, [400], CLOSED),
    ("a trailer that is none", CHUNKED + b"0\r\nno colon\r\n\r\n", [400], CLOSED),
    ("a body of 300 MB", POST + b"Content-Length: 300000000\r\n\r\n", [413], CLOSED),
]
LINES: list[Row] = [
    ("obsolete folding", GET + b"X: a\r\n b\r\n\r\n", [400], CLOSED),
    ("bare LF only", b"GET / HTTP/1.1\nHost: localhost\n\n", [400], CLOSED),
    ("bare LF in a header", GET + b"X: a\nb\r\n\r\n", [400], CLOSED),
    ("bare CR in a header", GET + b"X: a\rb\r\n\r\n", [400], CLOSED),
    ("NUL in a header", GET + b"X: a\0b\r\n\r\n", [400], CLOSED),
    ("no colon", GET + b"nothing\r\n\r\n", [400], CLOSED),
    ("a bad name", GET + b"b(d: x\r\n\r\n", [400], CLOSED),
    ("a header of 256 kB", GET + b"X: " + b"a" * LONG, [431], CLOSED),
    ("a head without end", GET + b"X: a\r\n" * 20_000, [431], CLOSED),
    ("10,000 headers", GET + b"A:b\r\n" * 10_000 + b"\r\n", [431], CLOSED),
    ("201 headers", GET + b"A:b\r\n" * 200 + b"\r\n", [431], CLOSED),
    ("200 headers", GET + b"A:b\r\n" * 199 + b"\r\n", [200], OPEN),
    ("an address of 256 kB", b"GET /" + b"a" * LONG, [414], CLOSED),
    ("an address of 60 kB", b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", [200], OPEN),
    ("an address in UTF-8", "GET /é HTTP/1.1\r\n".encode() + HOST + b"\r\n", [200], OPEN),
    ("no Host", b"GET / HTTP/1.1\r\n\r\n", [400], CLOSED),
    ("two Hosts", GET + HOST + b"\r\n", [400], CLOSED),
    ("no Host in 1.0", b"GET / HTTP/1.0\r\n\r\n", [200], CLOSED),
    ("a method nobody knows", b"FROB / HTTP/1.1\r\n" + HOST + b"\r\n", [400], CLOSED),
    ("nonsense", b"\x00\x01\x02\r\n\r\n", [400], CLOSED),
    ("an empty line first", b"\r\n" + GET + b"\r\n", [200], OPEN),
]  # fmt: skip
PROTOCOLS: list[Row] = [
    ("HTTP/1.0", b"GET / HTTP/1.0\r\n" + HOST + b"\r\n", [200], CLOSED),
    ("HTTP/1.0 that stays", b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n" + HOST + b"\r\n", [200], OPEN),
    ("HTTP/1.2", b"GET / HTTP/1.2\r\n" + HOST + b"\r\n", [400], CLOSED),
    ("HTTP/2.0", b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", [505], CLOSED),
    ("HTTP/2 by its preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400], CLOSED),
    ("HTTP/0.9", b"GET /\r\n", [505], CLOSED),
    ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [400], CLOSED),
    ("close", GET + b"Connection: close\r\n\r\n", [200], CLOSED),
    ("HEAD", b"HEAD / HTTP/1.1\r\n" + HOST + b"\r\n", [200], OPEN),
    ("three at once", (GET + b"\r\n") * 3, [200] * 3, OPEN),
    ("500 at once", (GET + b"\r\n") * 500, [200] * 500, OPEN),
    ("one behind a body", POST + b"Content-Length: 5\r\n\r\nhello" + GET + b"\r\n", [200, 200], OPEN),
    ("a bad one behind a good one", GET + b"\r\n" + b"FROB\r\n\r\n", [200, 400], CLOSED),
    ("Expect with its body", POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello", [200], OPEN),
    ("Expect without a body", POST + b"Expect: 100-continue\r\n\r\n", [200], OPEN),
    ("Expect of something else", POST + b"Expect: a pony\r\nContent-Length: 5\r\n\r\nhello", [417], CLOSED),
    ("Expect of 300 MB", POST + b"Expect: 100-continue\r\nContent-Length: 300000000\r\n\r\n", [413], CLOSED),
    ("h2c with a body", POST + UPGRADE + b"Content-Length: 5\r\n\r\nhello", [200], OPEN),
    ("h2c with chunks", POST + UPGRADE + CODING + b"\r\n5\r\nhello\r\n0\r\n\r\n", [200], OPEN),
    ("websocket with a body", POST + WEBSOCKET + LENGTH + b"\r\nhello", [200], OPEN),
    ("an absolute address", b"GET http://localhost/a?b HTTP/1.1\r\n" + HOST + b"\r\n", [200], OPEN),
    ("CONNECT", b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", [403], CLOSED),
    ("OPTIONS of the server", b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", [200], OPEN),
]  # fmt: skip
ROWS = (*FRAMING, *LINES, *PROTOCOLS)


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "CONTENT_LENGTH")
    told = json.dumps({name: environ.get(name) for name in names} | {"body": body.decode()}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(told)))])
    return [told]


@pytest.fixture(scope="module", params=[asyncio.SelectorEventLoop, fastest_loop()], ids=["asyncio", "uvloop"])
def server(request: pytest.FixtureRequest) -> Iterator[InProcess]:
    with in_process(echo, new_loop=request.param) as running:
        yield running


class Client:
    """A socket that reads answers one after the other."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.answers = self.socket.makefile("rb")

    def send(self, sent: bytes) -> None:
        with suppress(ConnectionError):  # refused, and closed, while it was still being sent
            self.socket.sendall(sent)

    def read(self, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        line = self.answers.readline()
        headers: dict[str, str] = {}
        while (text := self.answers.readline().strip().decode()) != "":
            name, _, value = text.partition(": ")
            headers[name.lower()] = value
        size = 0 if method == "HEAD" else int(headers.get("content-length", 0))
        return int(line.split()[1]), headers, self.answers.read(size)

    def is_open(self) -> bool:
        """Ask once more, and tell whether that is answered."""
        try:
            self.socket.sendall(GET + b"\r\n")
            return self.answers.readline() == b"HTTP/1.1 200 OK\r\n"
        except ConnectionError:
            return False

    def close(self) -> None:
        self.answers.close()
        self.socket.close()


@pytest.fixture
def client(server: InProcess) -> Iterator[Client]:
    client = Client(server.port)
    yield client
    client.close()


@pytest.mark.parametrize(
    ("sent", "statuses", "goes_on"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_a_shape_of_request(client: Client, sent: bytes, statuses: list[int], goes_on: bool):
    client.send(sent)
    method = sent.split(b" ")[0].decode("latin-1")
    answers = [client.read(method) for _ in statuses]
    assert [status for status, _, _ in answers] == statuses
    for status, headers, body in answers:
        assert headers["content-type"] == "application/json"
        if status != 200:
            assert list(json.loads(body)) == ["error"]
            assert sorted(json.loads(body)["error"]) == ["code", "message"]
            assert headers["connection"] == "close"
    assert client.is_open() is goes_on


def test_a_client_that_expects_is_told_to_go_on_before_it_sends(client: Client):
    client.send(POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    assert client.read()[0] == 100
    client.send(b"hello")
    status, _, body = client.read()
    assert (status, json.loads(body)["body"]) == (200, "hello")


def test_a_client_that_has_ended_its_side_is_answered(client: Client):
    client.send(GET + b"\r\n")
    client.socket.shutdown(socket.SHUT_WR)
    assert client.read()[0] == 200
    assert client.answers.read() == b""


def test_an_absolute_address_names_the_host(client: Client):
    client.send(b"GET http://api.example/a%20b?c=d HTTP/1.1\r\n" + HOST + b"\r\n")
    assert json.loads(client.read()[2]) == {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/a b",
        "QUERY_STRING": "c=d",
        "HTTP_HOST": "api.example",
        "CONTENT_LENGTH": None,
        "body": "",
    }


def test_a_request_that_comes_byte_by_byte_is_one(client: Client):
    for byte in POST + b"Content-Length: 5\r\n\r\nhello":
        client.send(bytes([byte]))
    assert json.loads(client.read()[2])["body"] == "hello"


def test_a_body_beyond_the_memory_for_one_arrives_whole(client: Client):
    body = b"0123456789abcdef" * 200_000
    client.send(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    told = json.loads(client.read()[2])
    assert (told["body"], told["CONTENT_LENGTH"]) == (body.decode(), str(len(body)))
