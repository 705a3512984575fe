"""Who may call this program, and where it goes: every trick refused, over the running server."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send
from tests.test_bombs import worked

ROUTES = (
    "/_localfax/health", "/_localfax/sandboxes", "/_localfax/sandboxes/default/events", "/",
    "/static/page.js", "/openfax/nothing", "/kazoo/v2/accounts", "/ifax/v1/customer/fax-send",
    "/mfax/v1/faxes", "/faxto/api/v2/fax",
)  # fmt: skip
METADATA = "169.254.169.254"


def call(server: Control, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    """Call with exactly these headers."""
    where = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=WAIT)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


# who may call
@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8329", "localhost.evil.example", "127.0.0.1.evil.example", "0x7f.1", "",
        "localhost:8329@evil.example", 'localhost:"<x>', '"<x>.localhost', "evil.example/.localhost",
        "[::1]evil", "localhost:99999",
    ],
)  # fmt: skip
def test_unknown_host_is_refused(server: Control, host: str) -> None:
    status, body = call(server, ROUTES[0], Host=host)
    assert (status, b"unknown host" in body) == (403, True)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.1.2.3", "[::1]:8329", "a.localhost"]
)
def test_names_of_this_machine_are_served(server: Control, host: str) -> None:
    assert call(server, "/_localfax/health", Host=host)[0] == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost.evil.example", "https://fax.to", "http://[::", "x"],
)
def test_page_of_a_foreign_origin_is_refused(server: Control, origin: str) -> None:
    status, body = call(server, ROUTES[0], Origin=origin)
    assert (status, b"another origin" in body) == (403, True)


@pytest.mark.parametrize("path", ROUTES)
def test_stranger_is_refused_on_every_route(server: Control, path: str) -> None:
    status, body = call(server, path, Host="evil.example")
    assert (status, b"unknown host" in body) == (403, True)
    for method in ("GET", "POST", "OPTIONS"):
        status, body = call(server, path, method, Origin="https://evil.example")
        assert (status, b"another origin" in body) == (403, True)
    for method in ("GET", "POST"):
        status, body = call(server, path, method, Sec_Fetch_Site="cross-site")
        assert (status, json.loads(body)["error"]) == (
            403, {"code": "refused", "message": "cross-site calls from a browser are refused"},
        )  # fmt: skip


def test_call_of_a_browser_from_our_own_page_is_served(server: Control) -> None:
    for site in ("same-origin", "none"):
        assert call(server, "/_localfax/health", Sec_Fetch_Site=site)[0] == 200


@pytest.mark.parametrize("vendor", VENDORS)
def test_vendors_answer_a_foreign_page_like_everybody(control: Control, vendor: str) -> None:
    answer = send(control, vendor, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "refused")
    assert control.faxes() == []


def test_no_answer_lets_other_origins_read_it(server: Control) -> None:
    for path in (each for each in ROUTES if not each.endswith("/events") and "kazoo" not in each):
        answer = requests.get(server.url + path, headers={"Origin": "http://localhost:3000"}, timeout=WAIT)
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_control_plane_takes_nothing_that_a_form_can_send(control: Control, media_type: str) -> None:
    for method, path in (("POST", "/sandboxes"), ("PATCH", f"/sandboxes/{control.id}/clock"),
                         ("POST", f"/sandboxes/{control.id}/inbound")):  # fmt: skip
        answer = control.call(method, path, 415, data='{"name": "x"}', headers={"Content-Type": media_type})
        assert answer["error"]["message"] == "send JSON with Content-Type: application/json"


# where it goes
def tried(control: Control) -> tuple[str | None, int | None]:
    """Play one fax; give the first try of its webhook: error and status."""
    send(control, "ifax")
    control.advance(by="2m")
    attempt = control.webhooks()[0]["attempts"][0]
    return attempt["error"], attempt["status"]


@pytest.mark.parametrize(
    "url",
    [
        f"http://{METADATA}/latest/meta-data",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0xa9.254.0xa9.254/",
        "http://0251.0376.0251.0376/",
        f"http://[::ffff:{METADATA}]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:a9fe:a9fe::]/",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://224.0.0.1/",
        "http://100.100.100.200/",
        "http://93.184.216.34/",
    ],
)
def test_webhook_to_a_forbidden_address_is_refused_however_it_is_written(control: Control, url: str) -> None:
    control.vendor("ifax", webhooks={"outbound": url})
    assert tried(control) == ("refused", None)


def test_webhook_is_not_carried_on_by_a_redirect(control: Control, receiver: Receiver) -> None:
    receiver.answer(302, headers={"Location": f"http://{METADATA}/"}, times=None)
    control.vendor("ifax", webhooks={"outbound": receiver.url})
    assert tried(control) in [(None, 302), ("refused", None)]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "/hook", ""]
)
def test_what_is_no_web_address_is_refused_as_a_setting(control: Control, url: str) -> None:
    body = {"webhooks": {"outbound": url}}
    error = control.call("PATCH", f"/sandboxes/{control.id}/vendors/ifax", 400, json=body)["error"]
    assert error["field"] == "webhooks.outbound.url"


@pytest.fixture
def rebound(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Control]:
    """A server of its own, on whose machine a name leads somewhere else each time it is asked for."""
    import socket

    real = socket.getaddrinfo
    answers = iter(["127.0.0.1"])

    def resolve(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host != "rebind.example":
            return real(host, port, *args, **options)
        return real(next(answers, METADATA), port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    app = App(Config())
    with in_process(app) as running:
        yield Control(running.url).create()
    app.close()


def test_name_that_moves_is_judged_by_the_address_that_is_connected(
    rebound: Control, receiver: Receiver
) -> None:
    rebound.vendor("ifax", webhooks={"outbound": f"http://rebind.example:{receiver.port}/"})
    receiver.answer(500, headers={"Connection": "close"}, times=None)
    send(rebound, "ifax")
    rebound.advance()
    tries = [(each["status"], each["error"]) for each in rebound.webhooks()[0]["attempts"]]
    assert tries[0] == (500, None)
    assert set(tries[1:]) == {(None, "refused")}


# documents that are fetched
def fetched(control: Control, url: str) -> dict[str, Any]:
    """Have a document fetched for a fax and play the fax to its end."""
    given = {"data": {"from_number": "12125550100", "to_number": "12125550123", "document": {"url": url}}}
    answer = requests.put(
        f"{control.base_url('kazoo')}/v2/accounts/{control.credentials('kazoo')['account']}/faxes",
        json=given,
        headers={"X-Auth-Token": control.credentials("kazoo")["X-Auth-Token"]},
        timeout=WAIT,
    )
    assert answer.status_code == 201, answer.text
    control.advance()
    return control.faxes()[0]


@pytest.mark.parametrize("url", [f"http://{METADATA}/", "http://2852039166/", f"http://[::ffff:{METADATA}]/"])
def test_document_at_a_forbidden_address_is_not_fetched(control: Control, url: str) -> None:
    fax = fetched(control, url)
    assert (fax["state"], fax["outcome"], fax["document"]["problem"]) == ("failed", "fetch_failed", "refused")


def test_redirect_to_a_forbidden_address_is_not_followed(control: Control, receiver: Receiver) -> None:
    receiver.answer(302, headers={"Location": f"http://{METADATA}/"}, times=None)
    fax = fetched(control, f"{receiver.url}/fax.pdf")
    assert (fax["outcome"], fax["document"]["problem"]) == ("fetch_failed", "refused")


def test_compressed_bomb_is_stopped(control: Control, receiver: Receiver) -> None:
    import gzip

    bomb = gzip.compress(gzip.compress(bytes(200 * 2**20), 9), 9)
    headers = {"Content-Encoding": "gzip, gzip", "Content-Type": "application/pdf"}
    receiver.answer(200, bomb, headers=headers, times=None)
    begun = worked()
    fax = fetched(control, f"{receiver.url}/fax.pdf")
    assert (fax["outcome"], fax["document"]["problem"]) == ("fetch_failed", "too_large")
    assert worked() - begun < 10


def test_document_that_is_too_large_is_not_read_to_its_end(control: Control, receiver: Receiver) -> None:
    receiver.answer(200, bytes(51 * 2**20), headers={"Content-Type": "application/pdf"}, times=None)
    fax = fetched(control, f"{receiver.url}/fax.pdf")
    assert (fax["outcome"], fax["document"]["problem"]) == ("fetch_failed", "too_large")


def test_proxy_of_the_machine_is_not_used(
    control: Control, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")  # this test's own calls
    control.vendor("ifax", webhooks={"outbound": f"http://localhost:{receiver.port}/"})
    assert tried(control) == (None, 200)
