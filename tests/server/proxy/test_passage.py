"""What a proxy passes on to others, and what of their answers it passes back."""

from __future__ import annotations

import pytest

from emulator.app import App
from emulator.server.answer import SLOW
from emulator.server.http_server import bind
from tests.receiver import Receiver
from tests.server.proxy.proxied import Proxied, read_answer


def test_what_is_of_this_machine_is_passed_on(proxy: Proxied, receiver: Receiver) -> None:
    own = {"X-Pot": "tea", "Date": "Thu, 01 Jan 1970 00:00:00 GMT", "Server": "pot"}
    receiver.answer(418, b"short", headers=own, times=None)
    with proxy.open() as client:
        client.sendall(
            f"POST http://127.0.0.1:{receiver.port}/a%20b?c=%20d HTTP/1.1\r\nHost: other\r\n"
            "Proxy-Authorization: Basic x\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nX-Own: 2\r\n"
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n".encode()
        )
        head = client.recv(2**16)
    assert head.startswith(b"HTTP/1.1 418 ")
    assert b"X-Pot: tea\r\n" in head
    assert (head.count(b"\r\nDate: "), head.count(b"\r\nServer: ")) == (1, 1)
    assert head.endswith(b"\r\n\r\nshort")
    [seen] = receiver.requests
    assert (seen.method, seen.path, seen.body) == ("POST", "/a%20b", b"hello")
    assert {"x-own", "host"} <= {name.lower() for name, _ in seen.headers}
    assert not {"x-hop", "proxy-authorization"} & {name.lower() for name, _ in seen.headers}
    status, _, client = proxy.connect(f"localhost:{receiver.port}")
    with client:
        client.sendall(b"GET /through HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (status, client.recv(2**16).startswith(b"HTTP/1.1 418 ")) == (200, True)
    assert receiver.requests[-1].path == "/through"


def test_the_length_of_what_was_not_asked_for_is_passed_on(proxy: Proxied, receiver: Receiver) -> None:
    receiver.answer(200, b"short")
    with proxy.open() as client:
        client.sendall(f"HEAD http://127.0.0.1:{receiver.port}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert b"\r\nContent-Length: 5\r\n" in client.recv(2**16)


@pytest.mark.parametrize("broken", [b"200 OK\r\nContent-Length: 10", b"101 Switching Protocols", b"x OK"])
def test_an_answer_that_is_none_or_ends_early_is_not_passed_on_as_whole(
    proxy: Proxied, broken: bytes
) -> None:
    with bind("127.0.0.1", 0) as listening, proxy.open() as client:
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        client.sendall(f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        with listening.accept()[0] as there:
            there.recv(2**16)
            there.sendall(b"HTTP/1.1 " + broken + b"\r\n\r\nshort")
        status, said = read_answer(client)
    assert (status, "its answer" in said["error"]["message"]) == (502, True)


def test_who_wants_a_vendor_does_not_wait_for_others_that_are_slow_to_be_reached(app: App) -> None:
    targets = (("api.ifaxapp.com:443", None), ("API.iFaxApp.com.:80", None), ("10.255.255.1:443", SLOW))
    for host, lane in targets:
        assert app.lane({"REQUEST_METHOD": "CONNECT", "PATH_INFO": "", "HTTP_HOST": host}) is lane


def test_who_does_not_answer_is_said(proxy: Proxied) -> None:
    with bind("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    status, said, client = proxy.connect(f"127.0.0.1:{port}")
    client.close()
    assert (status, "Connection refused" in said["error"]["message"]) == (502, True)
