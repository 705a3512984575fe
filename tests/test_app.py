"""Which part of the program answers a call: by path, by host, by port."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from emulator.app import App, open_store
from emulator.config import Config
from emulator.core.sandbox import Mode
from emulator.hosts import VENDOR_KEY
from emulator.vendors import all_vendors

VENDORS = all_vendors()
CALL_ID = re.compile(r"[0-9a-f]{32}")
NOT_FOUND = {
    "error": {
        "code": "not_found",
        "message": "no such path: /_localfax/nothing; /_localfax/openapi.json lists those there are",
    }
}


@pytest.fixture
def client(app: App) -> Client:
    return Client(app)


def seen(answer: TestResponse) -> tuple[int, str, str]:
    """Give what shows who answered, without the id that some give to each call."""
    return answer.status_code, answer.headers["Content-Type"], CALL_ID.sub("…", answer.text)


def test_vendors_come_in_the_order_of_their_ports():
    assert [(vendor.name, vendor.port) for vendor in VENDORS.values()] == [
        ("openfax", 1), ("kazoo", 2), ("ifax", 3), ("mfax", 4), ("faxto", 5),
    ]  # fmt: skip


def test_every_vendor_has_the_documented_hosts():
    assert {name: vendor.hosts for name, vendor in VENDORS.items()} == {
        "openfax": ("api.openfax.com",),
        "kazoo": ("apps.hostedpbx.ie",),
        "ifax": ("api.ifaxapp.com",),
        "mfax": ("app.drenfax.com", "api.documo.com", "api.sandbox.documo.com"),
        "faxto": ("fax.to", "api.fax.to"),
    }


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_answers_alike_on_its_prefix_its_hosts_and_its_port(client: Client, vendor: str):
    for path in ("/no/such/path", "/"):
        wanted = seen(client.get(f"/{vendor}{path}", base_url="http://127.0.0.1:8329"))
        for host in VENDORS[vendor].hosts:
            assert seen(client.get(path, base_url=f"http://{host}:8329")) == wanted
        own_port: dict[str, Any] = {
            "base_url": "http://localhost:8330",
            "environ_overrides": {VENDOR_KEY: vendor},
        }
        assert seen(client.get(path, **own_port)) == wanted


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_says_in_its_own_words_that_there_is_no_such_path(client: Client, vendor: str):
    answer = client.get(f"/{vendor}/no/such/path", base_url="http://127.0.0.1")
    assert answer.json is None or answer.json != NOT_FOUND


def test_what_the_control_plane_has_not_is_not_found(client: Client):
    answer = client.get("/_localfax/nothing", base_url="http://127.0.0.1")
    assert (answer.status_code, answer.json) == (404, NOT_FOUND)


@pytest.mark.parametrize("path", ["/openfaxes/x", "/nobody"])
def test_what_nobody_answers_is_said_so(client: Client, path: str):
    answer = client.get(path, base_url="http://127.0.0.1")
    message = f"nobody answers {path}: GET /_localfax/sandboxes tells where each vendor is"
    error = {"code": "not_found", "message": message, "did_you_mean": None}
    assert (answer.status_code, answer.json) == (404, {"error": error})


def test_the_control_plane_is_not_on_a_vendor_s_host(client: Client):
    answer = client.get("/_localfax/health", base_url="http://api.ifaxapp.com")
    assert answer.json != {"status": "ok"}


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_a_wrong_method_is_said_with_the_right_ones(client: Client, method: str):
    answer = client.open("/_localfax/health", method=method, base_url="http://127.0.0.1")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json == {
        "error": {
            "code": "method_not_allowed",
            "message": f"/_localfax/health takes GET, HEAD, not {method}",
        }
    }


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.evil.example", "localhost.evil", ""]
)
@pytest.mark.parametrize("path", ["/_localfax/health", "/ifax/v1/customer/fax-send"])
def test_an_unknown_host_is_refused(client: Client, host: str, path: str):
    answer = client.get(path, headers={"Host": host})
    assert (answer.status_code, answer.json) == (
        403,
        {
            "error": {
                "code": "refused",
                "message": f"unknown host {host!r}: start with --allow-host {host} to serve it",
            }
        },
    )


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8329", "LOCALHOST", "127.3.2.1", "[::1]:8329", "app.localhost:1", "host.docker.internal"],
)
def test_this_machine_s_own_names_are_served(client: Client, host: str):
    assert client.get("/_localfax/health", headers={"Host": host}).json == {"status": "ok"}


def test_further_names_are_served_when_allowed():
    app = App(Config(allow_host=("Fax.Example",), host="10.1.2.3"))
    client = Client(app)
    for host in ("fax.example", "10.1.2.3:8329"):
        assert client.get("/_localfax/health", headers={"Host": host}).json == {"status": "ok"}
    app.close()


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://[", "https://127.0.0.1.evil.example"]
)
def test_a_page_of_another_origin_is_refused(client: Client, origin: str):
    answer = client.get("/_localfax/health", base_url="http://127.0.0.1", headers={"Origin": origin})
    assert (answer.status_code, answer.json) == (
        403,
        {"error": {"code": "refused", "message": "calls from pages of another origin are refused"}},
    )


def test_the_page_s_own_calls_are_served(client: Client):
    headers = {"Origin": "http://localhost:8329", "Sec-Fetch-Site": "same-origin"}
    assert (
        client.get("/_localfax/health", base_url="http://localhost:8329", headers=headers).status_code == 200
    )


def test_a_cross_site_call_is_refused(client: Client):
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = client.get("/_localfax/health", base_url="http://127.0.0.1", headers=headers)
    assert (answer.status_code, answer.json) == (
        403,
        {"error": {"code": "refused", "message": "cross-site calls from a browser are refused"}},
    )


def test_the_default_sandbox_is_as_configured():
    app = App(Config(seed="seven", speed=None))
    assert app.store.of("default").sandbox.seed == "seven"
    clock = app.engine.world("default").clock
    assert (clock.mode, clock.speed) == (Mode.running, None)
    for name, vendor in VENDORS.items():
        for key in vendor.keys(vendor.credentials):
            assert app.store.bound(f"{name}/{key}") == "default"
    app.close()


def test_an_unknown_store_is_refused():
    with pytest.raises(ValueError, match="unknown store 'tape'"):
        open_store(Config(store="tape"))
