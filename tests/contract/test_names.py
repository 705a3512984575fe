"""Where vendors are found and how the default sandbox is entered: prefix, host, port, credentials."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from hashlib import md5
from typing import Any

import pytest
import requests

from tests.conftest import WAIT, Control

ACCOUNT = "0123456789abcdef0123456789abcdef"
KAZOO_KEY = "kazoo-test-api-key".ljust(64, "0")

CREDENTIALS: dict[str, dict[str, str]] = {
    "openfax": {"AccountID": "123456789", "APIKey": "IEYRtw2cd8aGa54"},
    "kazoo": {
        "account": ACCOUNT,
        "X-Auth-Token": "kazoo-test-token",
        "api_key": KAZOO_KEY,
        "user": "admin",
        "password": "admin",
        "account_name": "localfax",
        "account_realm": "localfax.sip.localfax.test",
    },
    "ifax": {"accessToken": "ifax-test-key", "testAccessToken": "test_ifax-test-key"},
    "mfax": {
        "apiKey": "mfax-test-key",
        "Authorization": "Basic mfax-test-key",
        "baseApiKey": "mfax-test-base-key",
    },
    "faxto": {"api_key": "f@x2r0ckkz"},
}

HOSTS = {
    "openfax": ("api.openfax.com",),
    "kazoo": ("apps.hostedpbx.ie",),
    "ifax": ("api.ifaxapp.com",),
    "mfax": ("app.drenfax.com", "api.documo.com", "api.sandbox.documo.com"),
    "faxto": ("fax.to", "api.fax.to"),
}

PROBES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "openfax": ("POST", "/getAvailableCredit.php", {"data": CREDENTIALS["openfax"]}),
    "kazoo": (
        "GET",
        f"/v2/accounts/{ACCOUNT}/faxes/outbox",
        {"headers": {"X-Auth-Token": "kazoo-test-token"}},
    ),
    "ifax": ("POST", "/v1/customer/fax-send", {"headers": {"accessToken": "ifax-test-key"}, "json": {}}),
    "mfax": ("GET", "/v1/fax/history", {"headers": {"Authorization": "Basic mfax-test-key"}}),
    "faxto": ("GET", "/api/v2/balance", {"params": CREDENTIALS["faxto"]}),
}
"""A call of each vendor that needs the credentials of the default sandbox, below prefix, host or port."""

ONCE = re.compile(r'"(request_id|revision|timestamp|auth_token)": ?"[^"]*"')
PORT = re.compile(r"port (\d+)\)")
START_WAIT = 20.0


def ask(vendor: str, origin: str, **changes: Any) -> tuple[int, str]:
    """Make a vendor's probe at an origin; give status and body without the ids that each call has."""
    method, path, options = PROBES[vendor]
    headers = {**options.get("headers", {}), **changes.pop("headers", {})}
    answer = requests.request(
        method, origin + path, timeout=WAIT, **{**options, **changes, "headers": headers}
    )
    return answer.status_code, ONCE.sub("", answer.text)


def is_free(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="module")
def origins() -> Iterator[dict[str, str]]:
    """The program as it is started by hand, with a port for each vendor; origin by vendor, own one as ''."""
    port = next(first for first in range(20_011, 30_000, 7) if all(map(is_free, range(first, first + 6))))
    command = [sys.executable, "-m", "emulator.cli", "serve", "--port", str(port), "--vendor-ports"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout is not None
        said = ""
        while "Try:" not in said and (line := running.stdout.readline()):
            said += line
        ports = [int(found) for found in PORT.findall(said)]
        assert ports == [port + place for place in range(1, 6)], said
        yield {"": f"http://127.0.0.1:{port}"} | {
            vendor: f"http://127.0.0.1:{each}" for vendor, each in zip(CREDENTIALS, ports, strict=True)
        }
        running.terminate()
        running.communicate(timeout=START_WAIT)


@pytest.mark.parametrize("vendor", CREDENTIALS)
def test_prefix_host_and_port_of_a_vendor_are_one(origins: dict[str, str], vendor: str) -> None:
    main = origins[""]
    by_prefix = ask(vendor, f"{main}/{vendor}")
    assert by_prefix[0] == 200
    assert ask(vendor, origins[vendor]) == by_prefix
    for host in HOSTS[vendor]:
        assert ask(vendor, main, headers={"Host": host}) == by_prefix


@pytest.mark.parametrize("vendor", CREDENTIALS)
def test_a_port_of_a_vendor_is_of_no_other(origins: dict[str, str], vendor: str) -> None:
    own = ask(vendor, origins[vendor])
    assert all(ask(vendor, origins[other]) != own for other in CREDENTIALS.keys() - {vendor})


def test_the_default_sandbox_has_the_published_credentials(server: Control) -> None:
    default = server.call("GET", "/sandboxes/default", 200)
    assert default["id"] == "default"
    assert (default["clock"]["mode"], default["clock"]["speed"]) == ("running", 20.0)
    assert default["vendors"] == {
        vendor: {"base_url": f"{server.url}/{vendor}", "credentials": credentials}
        for vendor, credentials in CREDENTIALS.items()
    }


def test_a_sandbox_without_a_clock_runs_as_the_default_one(server: Control) -> None:
    made = server.call("POST", "/sandboxes", 201, json={})
    assert (made["clock"]["mode"], made["clock"]["speed"]) == ("running", 20.0)


def test_a_host_of_nobody_is_refused_and_an_own_one_gets_the_page(server: Control) -> None:
    page = requests.get(f"{server.url}/", timeout=WAIT)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for path in ("/", "/_localfax/health", "/ifax/v1/customer/fax-send"):
        for headers in (
            {"Host": "evil.example"},
            {"Host": "127.0.0.1.evil.example"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
        ):
            refused = requests.get(server.url + path, headers=headers, timeout=WAIT)
            assert refused.status_code in (400, 403, 421), (path, headers)
            assert set(refused.json()) == {"error"}
            assert "Access-Control-Allow-Origin" not in refused.headers


def test_kazoo_gives_its_token_for_the_key_and_for_the_password(server: Control) -> None:
    url = f"{server.url}/kazoo/v2"
    key = requests.put(f"{url}/api_auth", json={"data": {"api_key": KAZOO_KEY}}, timeout=WAIT)
    data = {"credentials": md5(b"admin:admin").hexdigest(), "account_name": "localfax"}
    user = requests.put(f"{url}/user_auth", json={"data": data}, timeout=WAIT)
    for answer in (key, user):
        assert answer.status_code == 201, answer.text
        token = {"X-Auth-Token": answer.json()["auth_token"]}
        read = requests.get(f"{url}/accounts/{ACCOUNT}/faxes/outbox", headers=token, timeout=WAIT)
        assert read.status_code == 200
