"""A request that nobody answers is told what was meant, and stands in the journal."""

from __future__ import annotations

import pytest
import requests

from tests.conftest import WAIT, Control

LOGGED = ("vendor", "sandbox", "path", "status", "near_misses", "body")


def ask(server: Control, path: str, **headers: str) -> requests.Response:
    return requests.post(f"{server.url}{path}", json={"a": 1}, headers=headers, timeout=WAIT)


@pytest.mark.parametrize(
    ("path", "title", "meant"),
    [
        ("/v1/customer/fax-send", "iFax", "/ifax/v1/customer/fax-send"),
        ("/i-fax/v1/customer/fax-send", "iFax", "/ifax/v1/customer/fax-send"),
        ("/api/v1/customer/fax-sent", "iFax", "/ifax/v1/customer/fax-send"),
        ("/faxSendSubmit.php", "Openfax", "/openfax/faxSendSubmit.php"),
        ("/v2/accounts/abc/faxes", "Kazoo", "/kazoo/v2/accounts/abc/faxes"),
    ],
)
def test_a_path_without_its_prefix_or_with_a_wrong_one_is_told(
    server: Control, path: str, title: str, meant: str
):
    answer = ask(server, path)
    message = f"this is {title}'s path: {meant}"
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": {"code": "not_found", "message": message, "did_you_mean": meant}},
    )
    [logged, *_] = server.call("GET", "/sandboxes/default/requests", 200)["requests"]
    told = ("none", None, path, 404, [message], '{"a": 1}')
    assert tuple(logged[name] for name in LOGGED) == told


@pytest.mark.parametrize("path", ["/nothing/like/it", "/" + "a" * 5000, "/%00/%ff"])
def test_a_path_that_is_like_none_says_where_vendors_are(server: Control, path: str):
    answer = ask(server, path)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["did_you_mean"]) == (404, "not_found", None)
    assert error["message"].endswith("GET /_localfax/sandboxes tells where each vendor is")


def test_a_path_in_utf_8_is_told_as_it_is(server: Control):
    answer = ask(server, "/größe")
    assert answer.json()["error"]["message"].startswith("nobody answers /größe: ")
    [logged, *_] = server.call("GET", "/sandboxes/default/requests", 200)["requests"]
    assert logged["path"] == "/größe"


def test_people_are_told_by_a_page(server: Control):
    answer = requests.get(f"{server.url}/v1/customer/fax-send", headers={"Accept": "text/html"}, timeout=WAIT)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_recording_leaves_such_requests_out(server: Control):
    ask(server, "/lost/v1/customer/fax-send")
    from emulator.replay.recording import write_recording
    from localfax import Localfax

    with Localfax(server.url) as client:
        assert "/lost/" not in write_recording(client.sandbox(), "past")
