"""What a proxy refuses: others beyond this machine, shapes that could smuggle, pages in a browser."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from emulator.server.proxy import is_loopback
from tests.receiver import Receiver
from tests.server.proxy.proxied import Proxied, read_answer


@pytest.mark.parametrize(
    ("host", "way"),
    [
        ("example.com", "--allow-target example.com"),
        ("93.184.216.34", "the internet needs --allow-egress"),
        ("169.254.169.254", "metadata, link-local"),
        ("[fe80::1]", "metadata, link-local"),
        ("100.100.100.200", "metadata, link-local"),
        ("0.0.0.0", "metadata, link-local"),
        ("www.fax.to", "--intercept-host www.fax.to=VENDOR"),
        ("documo.com", "--intercept-host documo.com=VENDOR"),
        ("api2.ifaxapp.com.", "--intercept-host api2.ifaxapp.com=VENDOR"),
    ],
)
def test_others_are_refused_with_the_way_out(proxy: Proxied, host: str, way: str) -> None:
    status, said, client = proxy.connect(f"{host}:443")
    client.close()
    assert (status, list(said), said["error"]["code"]) == (403, ["error"], "forbidden")
    assert way in said["error"]["message"]
    with proxy.open() as client:
        client.sendall(f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        status, said = read_answer(client)
    assert (status, way in said["error"]["message"]) == (403, True)


@pytest.mark.parametrize(
    "sent",
    [
        b"CONNECT fax.to HTTP/1.1\r\nHost: fax.to\r\n\r\n",
        b"CONNECT fax.to:0 HTTP/1.1\r\nHost: fax.to:0\r\n\r\n",
        b"CONNECT fax.to:65536 HTTP/1.1\r\nHost: fax.to:65536\r\n\r\n",
        b"CONNECT :443 HTTP/1.1\r\nHost: :443\r\n\r\n",
        b"CONNECT a@fax.to:443 HTTP/1.1\r\nHost: fax.to\r\n\r\n",
        b"CONNECT https://fax.to:443 HTTP/1.1\r\nHost: fax.to\r\n\r\n",
        b"CONNECT /x HTTP/1.1\r\nHost: fax.to\r\n\r\n",
        b"CONNECT fax.to:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
        b"CONNECT fax.to:443 HTTP/1.1\r\n\r\n",
        b"CONNECT fax.to:443 HTTP/1.1\r\nHost: fax.to\r\nHost: fax.to\r\n\r\n",
        b"CONNECT fax.to:443 HTTP/1.1\r\nHost: fax.to\r\nContent-Length: 5\r\n\r\n",
        b"CONNECT fax.to:443 HTTP/1.1\r\nHost: fax.to\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"CONNECT fax.to:443 HTTP/1.1\r\nHost: fax.to\r\n\r\nGET / HTTP/1.1\r\nHost: fax.to\r\n\r\n",
        b"CONNECT fax.to:443 HTTP/1.1\r\nHost: fax.to\r\n\r\n\x16\x03\x01",
        b"GET ftp://fax.to/ HTTP/1.1\r\nHost: fax.to\r\n\r\n",
        b"GET fax.to/ HTTP/1.1\r\nHost: fax.to\r\n\r\n",
    ],
)  # fmt: skip
def test_a_shape_that_could_smuggle_is_refused(proxy: Proxied, sent: bytes) -> None:
    with proxy.open() as client:
        client.sendall(sent)
        assert read_answer(client)[0] == 400
        assert client.recv(1) == b""


@pytest.mark.parametrize("host", ["a@fax.to", "fax.to:443:80", "fax.to\\@example.com", "[::", ""])
def test_an_absolute_address_of_no_host_is_refused(proxy: Proxied, host: str) -> None:
    with proxy.open() as client:
        client.sendall(f"GET http://{host}/ HTTP/1.1\r\nHost: fax.to\r\n\r\n".encode())
        assert read_answer(client)[0] in (400, 403)


FROM_A_PAGE = [
    ("Origin: https://evil.example", "another origin"),
    ("Origin: null", "another origin"),
    ("Origin: https://fax.to", "another origin"),
    ("Sec-Fetch-Site: cross-site", "cross-site"),
]


@pytest.mark.parametrize(("header", "reason"), FROM_A_PAGE)
def test_a_page_in_a_browser_cannot_use_it(
    proxy: Proxied, receiver: Receiver, header: str, reason: str
) -> None:
    for target in ("api.ifaxapp.com:443", f"127.0.0.1:{receiver.port}"):
        status, said, client = proxy.connect(target, header)
        client.close()
        assert (status, reason in said["error"]["message"]) == (403, True)
    for host in ("api.ifaxapp.com", f"127.0.0.1:{receiver.port}"):
        with proxy.open() as client:
            client.sendall(f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n{header}\r\n\r\n".encode())
            status, said = read_answer(client)
        assert (status, reason in said["error"]["message"]) == (403, True)
    connection = proxy.encrypted("api.ifaxapp.com")
    name, _, value = header.partition(": ")
    connection.request("GET", "/", headers={name: value})
    answer = connection.getresponse()
    assert (answer.status, reason in answer.read().decode()) == (403, True)
    connection.close()
    assert receiver.requests == []


@pytest.mark.parametrize(("egress", "status"), [(True, 200), (False, 403)])
def test_egress_lets_others_through_but_never_metadata_nor_a_vendor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: Receiver, egress: bool, status: int
) -> None:
    places = {"example.com": "127.0.0.1", "rebind.example": "169.254.169.254"}
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: real(places.get(host, host), *rest, **more)
    )
    app = App(Config(seed="proxy", ca_dir=str(tmp_path), allow_egress=egress))
    with in_process(app) as served:
        proxy = Proxied(served, tmp_path)
        for target, wanted in (
            (f"example.com:{receiver.port}", status),
            ("rebind.example:80", 403),
            ("169.254.169.254:80", 403),
            ("www.documo.com:443", 403),
        ):
            got, said, client = proxy.connect(target)
            client.close()
            assert got == wanted, said
    app.close()


def test_a_client_from_afar_reaches_nothing_of_this_machine(app: App, receiver: Receiver) -> None:
    for address, near in (("127.0.0.1", True), ("::ffff:127.0.0.1", True), ("::1", True), ("10.0.0.9", False),
                          ("", False), ("fe80::1", False)):  # fmt: skip
        assert is_loopback(address) is near
    environ: dict[str, Any] = {
        "HTTP_HOST": f"127.0.0.1:{receiver.port}", "REMOTE_ADDR": "10.0.0.9", "localfax.proxied": "http",
        "REQUEST_METHOD": "GET", "REQUEST_URI": "http://127.0.0.1/", "SERVER_PORT": "8329",
    }  # fmt: skip
    said: list[str] = []
    [body] = app(environ, lambda status, headers: said.append(status))
    assert (said, b"not passed on" in body) == (["403 Forbidden"], True)
    egress = App(Config(seed="proxy", allow_egress=True))
    [body] = egress(environ, lambda status, headers: said.append(status))
    egress.close()
    assert (said[1], b"this machine's own addresses" in body) == ("403 Forbidden", True)
