"""The main port as a proxy: vendors answer by their own names."""

from __future__ import annotations

import pytest

from emulator.app import App
from emulator.config import Config
from emulator.hosts import VENDOR_KEY
from emulator.server.passage import NoPassage
from tests.server.proxy.proxied import FURTHER, HOSTS, Proxied, read_answer, status_request


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


def test_own_address_is_no_other(proxy: Proxied) -> None:
    with proxy.open() as client:
        host = f"localhost:{proxy.port}"
        client.sendall(f"GET http://{host}/_localfax/health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert read_answer(client) == (200, {"status": "ok"})


def test_a_vendor_s_own_port_is_no_proxy(app: App) -> None:
    environ = {VENDOR_KEY: "ifax", "HTTP_HOST": "fax.to:443", "REQUEST_METHOD": "CONNECT"}
    with pytest.raises(NoPassage, match="the proxy is at the main port"):
        app.passage_for(environ)


def test_an_intercepted_host_needs_a_vendor() -> None:
    odd = ("*.example", "https://a.example", "a.example:443", "a b", "münchen.example")
    for text in ("fax.example", "fax.example=nobody", "=ifax", *(f"{host}=ifax" for host in odd)):
        with pytest.raises(ValueError, match="is not HOST=VENDOR; the vendors are openfax, kazoo"):
            App(Config(intercept_host=(text,)))
