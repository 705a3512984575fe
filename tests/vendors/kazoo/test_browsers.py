"""A browser client from an origin of its own: preflights, and answers that its pages may read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from tests.conftest import WAIT, Control
from tests.vendors.kazoo.client import GOOD, Kazoo

MONSTER = "http://ui.example:8080"
ORIGINS = ["http://localhost:3000", "http://127.0.0.1:8000", "http://[::1]:3000", "https://a.localhost"]


def headers(answer: requests.Response) -> dict[str, str]:
    return {name: text for name, text in answer.headers.items() if name.startswith("Access-Control-")}


@pytest.fixture(scope="module")
def named() -> Iterator[Control]:
    """A server that was told of an origin."""
    program = App(Config(seed="browsers", allow_origin=(MONSTER,)))
    try:
        with in_process(program, threads=4) as running:
            yield Control(running.url)
    finally:
        program.close()


def asks(kazoo: Kazoo, origin: str, method: str = "PUT", path: str = "/faxes") -> requests.Response:
    """Ask as a browser does before it sends."""
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type,x-auth-token",
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "cors",
    }
    return requests.options(kazoo.base + path, headers=asked, timeout=WAIT)


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_preflight_is_answered_as_kazoo_does(kazoo: Kazoo, origin: str) -> None:
    answer = asks(kazoo, origin)
    assert (answer.status_code, answer.content) == (200, b"")
    assert headers(answer) == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "OPTIONS, PUT",
        "Access-Control-Allow-Headers": (
            "Content-Type, Depth, User-Agent, X-Http-Method-Override, X-Requested-With, If-Modified-Since, "
            "X-File-Name, Cache-Control, X-Auth-Token, X-Kazoo-Cluster-ID, If-Match"
        ),
        "Access-Control-Expose-Headers": "Content-Type, X-Auth-Token, X-Request-ID, Location, Etag, ETag",
        "Access-Control-Max-Age": "86400",
    }


def test_a_page_sends_and_reads_and_is_told_of_errors_too(kazoo: Kazoo) -> None:
    page = {"Origin": ORIGINS[0], "Sec-Fetch-Site": "same-site"}
    made = kazoo.call("PUT", "/faxes", json={"data": GOOD}, headers=page)
    assert (made.status_code, made.headers["Access-Control-Allow-Origin"]) == (201, "*")
    shown = kazoo.call("GET", f"/faxes/outgoing/{made.json()['data']['id']}", headers=page)
    assert shown.headers["Access-Control-Allow-Methods"] == "GET, OPTIONS"
    for path, status in (("/faxes/outgoing/no", 404), ("/nowhere", 404), ("/faxes", 405)):
        answer = kazoo.call("GET", path, headers=page)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, "*")


def test_who_is_no_page_is_told_nothing_of_origins(kazoo: Kazoo) -> None:
    assert headers(kazoo.call("GET", "/faxes/outgoing")) == {}
    refused = requests.options(kazoo.base + "/faxes", timeout=WAIT)
    assert (refused.status_code, headers(refused)) == (405, {})


def test_a_foreign_page_is_refused_until_its_origin_is_named(kazoo: Kazoo, named: Control) -> None:
    answer = asks(kazoo, MONSTER)
    assert (answer.status_code, headers(answer)) == (403, {})
    own = Kazoo(named.create())
    answer = asks(own, MONSTER)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    page = {"Origin": MONSTER, "Sec-Fetch-Site": "cross-site"}
    assert own.call("GET", "/faxes/outgoing", headers=page).status_code == 200
    assert asks(own, "http://other.example").status_code == 403


def test_the_control_plane_and_the_other_vendors_stay_closed(named: Control) -> None:
    page = {"Origin": MONSTER, "Sec-Fetch-Site": "cross-site"}
    for path in ("/_localfax/sandboxes", "/", "/ifax/v1/customer/fax-send", "/mfax/v1/fax/history"):
        answer = requests.get(named.url + path, headers=page, timeout=WAIT)
        assert (answer.status_code, headers(answer)) == (403, {})
