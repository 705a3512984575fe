"""The main port as a proxy: vendors answer by their own names, others only as far as they may be reached."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from emulator.app import App
from emulator.config import Config
from emulator.hosts import VENDOR_KEY, Hosts
from emulator.server.answer import SLOW
from emulator.server.http_server import InProcess, bind, in_process
from emulator.server.passage import NoPassage
from emulator.server.process import fastest_loop
from emulator.server.proxy import is_address, is_loopback
from emulator.vendors import all_vendors
from tests.conftest import WAIT, Control
from tests.receiver import Receiver

HOSTS = {host: vendor.name for vendor in all_vendors().values() for host in vendor.hosts}
LOOPS = [asyncio.SelectorEventLoop, fastest_loop()]
FURTHER = "fax.old.example"


class Proxied:
    """A server as its clients' proxy."""

    def __init__(self, served: InProcess, folder: Path) -> None:
        self.port = served.port
        self.control = Control(served.url)
        self.file = next(folder.glob("*.pem"), None)
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


@pytest.fixture(scope="module", params=LOOPS, ids=["asyncio", "uvloop"])
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("ca")
    app = App(Config(seed="proxy", ca_dir=str(folder), intercept_host=(f"{FURTHER}=ifax",)))
    with in_process(app, new_loop=request.param) as served:
        yield Proxied(served, folder)
    app.close()


@pytest.fixture(autouse=True)
def no_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Nothing in these tests may lead beyond this machine, not even a question for a name."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: Any, *rest: Any, **options: Any) -> Any:
        if not is_address(host) and host != "localhost":
            asked.append(host)
            raise socket.gaierror(f"{host} was looked up")
        return real(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield asked
    assert asked == []


@pytest.mark.parametrize(("host", "vendor"), [*HOSTS.items(), (FURTHER, "ifax")])
def test_vendor_answers_by_its_own_host_within_tls(proxy: Proxied, host: str, vendor: str) -> None:
    connection = proxy.encrypted(host)
    for number in range(2):
        connection.request("GET", f"/called-as/{host}/{number}")
        assert connection.getresponse().read()
    connection.close()
    rows = proxy.control.call("GET", "/sandboxes/default/requests?limit=2", 200)["requests"]
    assert [(row["vendor"], row["path"]) for row in rows] == [
        (vendor, f"/called-as/{host}/1"), (vendor, f"/called-as/{host}/0"),
    ]  # fmt: skip


def status_request(host: str, scheme: str) -> bytes:
    body = b'{"jobId": "x"}'
    return (
        f"POST {scheme}://{host}/v1/customer/fax-status HTTP/1.1\r\nHost: {host}\r\n"
        f"accessToken: ifax-test-key\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


@pytest.mark.parametrize(
    "host", ["api.ifaxapp.com", "API.iFaxApp.com", "api.ifaxapp.com.", f"{FURTHER}:8080"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_vendor_answers_an_absolute_address(proxy: Proxied, host: str, scheme: str) -> None:
    with proxy.open() as client:
        client.sendall(status_request(host, scheme) * 2)
        for _ in range(2):
            status, said = read_answer(client)
            assert (status, "status" in said) == (200, True)


def test_links_in_answers_name_the_host_that_was_called(proxy: Proxied) -> None:
    connection = proxy.encrypted("fax.to")
    connection.request("GET", "/api/v2/fax/1/pdf?api_key=f@x2r0ckkz")
    assert connection.getresponse().status < 500
    connection.close()
    entry = proxy.control.call("GET", "/sandboxes/default/requests?limit=1", 200)["requests"][0]
    assert entry["vendor"] == "faxto"


def test_port_80_within_a_tunnel_is_plain(proxy: Proxied) -> None:
    status, _, client = proxy.connect("api.ifaxapp.com:80")
    with client:
        client.sendall(b"POST /v1/customer/fax-status HTTP/1.1\r\nHost: api.ifaxapp.com\r\n\r\n")
        assert (status, read_answer(client)[0]) == (200, 200)


def test_a_client_of_http_1_0_without_a_host_gets_a_tunnel(proxy: Proxied) -> None:
    with proxy.open() as client:
        client.sendall(b"CONNECT api.ifaxapp.com:443 HTTP/1.0\r\n\r\n")
        assert read_answer(client, established=True)[0] == 200


def test_a_tunnel_comes_after_the_answers_that_are_due(proxy: Proxied) -> None:
    with proxy.open() as client:
        client.sendall(b"GET /_localfax/health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
        client.sendall(b"CONNECT api.ifaxapp.com:80 HTTP/1.1\r\nHost: api.ifaxapp.com:80\r\n\r\n")
        assert [read_answer(client)[1]["status"] for _ in range(3)] == ["ok"] * 3
        assert read_answer(client, established=True)[0] == 200
        client.sendall(b"GET /x HTTP/1.1\r\nHost: api.ifaxapp.com\r\n\r\n")
        assert read_answer(client)[0] == 200


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


def test_own_address_is_no_other(proxy: Proxied) -> None:
    with proxy.open() as client:
        host = f"localhost:{proxy.port}"
        client.sendall(f"GET http://{host}/_localfax/health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert read_answer(client) == (200, {"status": "ok"})


@pytest.fixture(params=LOOPS, ids=["asyncio", "uvloop"])
def new_loop(request: pytest.FixtureRequest) -> Callable[[], asyncio.AbstractEventLoop]:
    return request.param


def test_a_tunnel_carries_much_both_ways_and_ends_with_either_side(
    tmp_path: Path, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    app = App(Config(seed="proxy", ca_dir=str(tmp_path)))
    with ExitStack() as stack:
        proxy = Proxied(stack.enter_context(in_process(app, new_loop=new_loop)), tmp_path)
        stack.callback(app.close)
        listening = stack.enter_context(bind("127.0.0.1", 0))
        port, much = listening.getsockname()[1], b"0123456789abcdef" * 2**17
        status, _, client = proxy.connect(f"127.0.0.1:{port}")
        assert status == 200
        there = stack.enter_context(listening.accept()[0])
        stack.enter_context(client)
        for sender, taker in ((client, there), (there, client)):
            sender.settimeout(WAIT)
            taker.settimeout(WAIT)
            got, left = b"", memoryview(much)
            while len(got) < len(much):
                left = left[sender.send(left[: 2**16]) :] if left else left
                got += taker.recv(2**18)
            assert got == much
        client.shutdown(socket.SHUT_WR)
        assert there.recv(1) == b""
        there.sendall(b"still")
        assert client.recv(5) == b"still"
        there.close()
        assert client.recv(1) == b""


def descriptors() -> int:
    """Count what this process has open."""
    found = 0
    for number in range(500):
        with suppress(OSError):
            os.fstat(number)
            found += 1
    return found


def test_nothing_is_left_of_a_tunnel_whose_sides_have_both_ended(proxy: Proxied) -> None:
    listening = bind("127.0.0.1", 0)
    target, before = f"127.0.0.1:{listening.getsockname()[1]}", descriptors()
    for _ in range(20):
        client = proxy.connect(target)[2]
        there = listening.accept()[0]
        for sender, taker in ((client, there), (there, client)):
            sender.shutdown(socket.SHUT_WR)
            assert taker.recv(1) == b""
        client.close()
        there.close()
    deadline = time.monotonic() + WAIT
    while descriptors() > before + 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert descriptors() <= before + 5
    listening.close()


def test_who_says_something_and_hangs_up_at_once_is_heard(proxy: Proxied) -> None:
    with bind("127.0.0.1", 0) as listening:
        for said in (b"", b"busy") * 10:
            with ThreadPoolExecutor(1) as pool:
                connecting = pool.submit(proxy.connect, f"127.0.0.1:{listening.getsockname()[1]}")
                with listening.accept()[0] as there:
                    there.sendall(said)
                with connecting.result()[2] as client:
                    assert client.recv(10) == said
                    assert not said or client.recv(10) == b""


def test_an_open_tunnel_does_not_hold_the_end_of_the_server(
    tmp_path: Path, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    app = App(Config(seed="proxy", ca_dir=str(tmp_path)))
    with ExitStack() as stack:
        listening = stack.enter_context(bind("127.0.0.1", 0))
        with in_process(app, new_loop=new_loop) as served:
            proxy = Proxied(served, tmp_path)
            clients = [
                stack.enter_context(proxy.connect(target)[2])
                for target in (f"127.0.0.1:{listening.getsockname()[1]}", "fax.to:443", "fax.to:80")
            ]
            stack.enter_context(listening.accept()[0])
        for client in clients:
            with suppress(ConnectionResetError):
                assert client.recv(1) == b""
        app.close()


def test_within_tls_of_the_port_itself_a_tunnel_is_had_too(
    tmp_path: Path, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    app = App(Config(seed="proxy", ca_dir=str(tmp_path)))
    authority = Hosts(app.config, app.vendors).authority
    trusting = ssl.create_default_context(cadata=authority.certificate().decode())
    with in_process(app, tls=authority.context(), new_loop=new_loop) as served:
        raw = socket.create_connection(("127.0.0.1", served.port), timeout=WAIT)
        outer = trusting.wrap_socket(raw, server_hostname="localhost")
        outer.sendall(b"CONNECT fax.to:443 HTTP/1.1\r\nHost: fax.to:443\r\n\r\n")
        assert outer.recv(100).startswith(b"HTTP/1.1 200 ")
        there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
        inner = trusting.wrap_bio(back, there, server_hostname="fax.to")

        def play(step: Callable[[], Any]) -> Any:
            while True:
                try:
                    done = step()
                    outer.sendall(there.read()) if there.pending else None
                    return done
                except ssl.SSLWantReadError:
                    outer.sendall(there.read())
                    back.write(outer.recv(2**16))

        play(inner.do_handshake)
        play(lambda: inner.write(b"GET /x HTTP/1.1\r\nHost: fax.to\r\nConnection: close\r\n\r\n"))
        assert play(lambda: inner.read(2**16)).startswith(b"HTTP/1.1 ")
        outer.close()
    app.close()


def test_who_does_not_trust_the_authority_leaves_no_connection(
    proxy: Proxied,
) -> None:
    for say in (b"GET / HTTP/1.1\r\nHost: fax.to\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b""):
        _, _, client = proxy.connect("fax.to:443")
        with client:
            client.sendall(say)
            client.shutdown(socket.SHUT_WR)
            while True:
                try:
                    if not client.recv(2**16):
                        break
                except ConnectionResetError:
                    break


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


def test_a_vendor_s_own_port_is_no_proxy(app: App) -> None:
    environ = {VENDOR_KEY: "ifax", "HTTP_HOST": "fax.to:443", "REQUEST_METHOD": "CONNECT"}
    with pytest.raises(NoPassage, match="the proxy is at the main port"):
        app.passage_for(environ)


def test_an_intercepted_host_needs_a_vendor() -> None:
    odd = ("*.example", "https://a.example", "a.example:443", "a b", "münchen.example")
    for text in ("fax.example", "fax.example=nobody", "=ifax", *(f"{host}=ifax" for host in odd)):
        with pytest.raises(ValueError, match="is not HOST=VENDOR; the vendors are openfax, kazoo"):
            App(Config(intercept_host=(text,)))
