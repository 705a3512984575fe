"""Sandboxes over HTTP: whole answers, and what is refused."""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from typing import Any

import pytest
import requests
from werkzeug.test import Client

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from emulator.vendors import all_vendors
from tests.conftest import WAIT, Control
from tests.control.shown import INSTANT, MANUAL, START, path, refused
from tests.sending import send


def test_a_new_sandbox_is_answered_whole(server: Control):
    made = server.call(
        "POST", "/sandboxes", 201, json={"name": "mine", "seed": 7, "clock": {**MANUAL, "speed": "max"}}
    )
    assert INSTANT.fullmatch(made.pop("created_at"))
    vendors = made.pop("vendors")
    assert made == {
        "id": made["id"],
        "name": "mine",
        "seed": "7",
        "clock": {"mode": "manual", "speed": "max", "now": START},
    }
    assert {name: each["base_url"] for name, each in vendors.items()} == {
        name: f"{server.url}/{name}" for name in all_vendors()
    }
    for name, vendor in all_vendors().items():
        assert vendors[name]["credentials"].keys() >= vendor.credentials.keys()
        assert set(vendor.keys(vendors[name]["credentials"])).isdisjoint(vendor.keys(vendor.credentials))
    shown = server.call("GET", f"/sandboxes/{made['id']}", 200)
    assert {name: shown[name] for name in made} == made


def test_a_sandbox_made_of_nothing_runs_at_the_usual_speed(server: Control):
    made = server.call("POST", "/sandboxes", 201)
    assert made["name"] == made["id"]
    assert (made["clock"]["mode"], made["clock"]["speed"]) == ("running", 20)
    assert server.call("GET", f"/sandboxes/{made['id']}/vendors/ifax", 200)["balance"] == 100


def test_a_sandbox_begins_with_webhooks_and_a_balance(server: Control):
    hooks = {
        "ifax": {
            "outbound": "http://127.0.0.1:1/a",
            "inbound": {"url": "http://127.0.0.1:1/b", "auth": "c:d"},
        }
    }
    control = server.create(webhooks=hooks, balance=1.5)
    shown = control.vendor("ifax")
    assert shown["webhooks"] == {
        "outbound": {"url": "http://127.0.0.1:1/a", "auth": None},
        "inbound": {"url": "http://127.0.0.1:1/b", "auth": "c:d"},
    }
    assert {name: control.vendor(name)["balance"] for name in all_vendors()} == dict.fromkeys(
        all_vendors(), 1.5
    )


def test_sandboxes_are_listed_in_pages():
    with closing(App(Config())) as app, in_process(app) as running:
        server = Control(running.url)
        made = [server.create().id for _ in range(4)]
        first = server.call("GET", "/sandboxes?limit=2", 200)
        second = server.call("GET", f"/sandboxes?limit=2&after={first['next']}", 200)
        last = server.call("GET", f"/sandboxes?limit=2&after={second['next']}", 200)
    seen = [[each["id"] for each in page["sandboxes"]] for page in (first, second, last)]
    assert [len(ids) for ids in seen] == [2, 2, 1]
    assert [*chain(*seen)] == sorted(["default", *made])
    assert last["next"] is None


def test_a_sandbox_that_is_removed_while_they_are_listed_is_left_out(monkeypatch: pytest.MonkeyPatch):
    with closing(App(Config())) as app:
        there = app.store.sandboxes()
        gone = [each.evolve(id="gone") for each in there]
        monkeypatch.setattr(app.store, "sandboxes", lambda *page: [*there, *gone])
        listed = Client(app).get("/_localfax/sandboxes")
        monkeypatch.undo()
    assert [each["id"] for each in listed.json["sandboxes"]] == ["default"]


def test_a_removed_sandbox_is_gone(server: Control):
    control = server.create()
    assert server.call("DELETE", path(control), 204) is None
    gone = refused("not_found", f"no sandbox {control.id}")
    assert server.call("GET", path(control), 404) == gone
    assert server.call("DELETE", path(control), 404) == gone
    assert send(control, "ifax").json()["status"] == 0


def test_the_default_sandbox_stays(server: Control):
    assert server.call("DELETE", "/sandboxes/default", 409) == refused(
        "conflict", "the default sandbox stays; reset it instead"
    )


def test_a_reset_keeps_credentials_settings_and_time(still: Control):
    still.vendor("ifax", balance=7, lines=3)
    send(still, "ifax")
    still.advance(by=10)
    before = still.call("GET", path(still), 200)
    assert still.call("POST", path(still, "/reset"), 200) == before
    assert (still.faxes(), still.webhooks()) == ([], [])
    settings = still.vendor("ifax")
    assert (settings["balance"], settings["lines"], still.now()) == (7, 3, "2026-01-31T12:00:10.000Z")
    send(still, "ifax")
    assert [fax["id"] for fax in still.faxes()] == ["fax-1"]


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""), ("POST", "/reset"), ("GET", "/vendors/ifax"), ("PATCH", "/vendors/ifax"),
        ("GET", "/clock"), ("PATCH", "/clock"), ("POST", "/clock/advance"), ("GET", "/faxes"),
        ("GET", "/faxes/fax-1"), ("GET", "/webhooks"),
    ],
)  # fmt: skip
def test_an_unknown_sandbox_is_not_found(server: Control, method: str, rest: str):
    body = {"json": {"until": "idle"}} if rest.endswith("advance") else {}
    answer = server.call(method, f"/sandboxes/nowhere{rest}", 404, **body)
    assert answer["error"]["code"] == "not_found"
    assert "nowhere" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"nmae": "x"}, "nmae"),
        ({"name": ""}, "name"),
        ({"name": 3}, "name"),
        ({"seed": {}}, "seed"),
        ({"balance": "much"}, "balance"),
        ({"balance": 1e300}, "balance"),
        ({"clock": {"mode": "backwards"}}, "clock.mode"),
        ({"clock": {"speed": -1}}, "clock.speed"),
        ({"clock": {"speed": 1e9}}, "clock.speed"),
        ({"clock": {"now": "yesterday"}}, "clock.now"),
        ({"clock": {"now": "0001-01-01T00:00:00+14:00"}}, "clock.now"),
        ({"clock": {"now": "9999-12-31T23:59:59Z"}}, "clock.now"),
        ({"clock": 3}, "clock"),
        ({"webhooks": {"nobody": {"outbound": "http://127.0.0.1/"}}}, "webhooks.nobody"),
        ({"webhooks": {"ifax": {"outbound": {"auth": "nocolon"}}}}, "webhooks.ifax.outbound.auth"),
        ({"webhooks": {"ifax": {"outbound": {"auth": {"user": "a"}}}}}, "webhooks.ifax.outbound.auth"),
        ({"webhooks": {"ifax": {"outbound": "ftp://127.0.0.1/"}}}, "webhooks.ifax.outbound.url"),
        ({"webhooks": {"ifax": {"sideways": "http://127.0.0.1/"}}}, "webhooks.ifax.sideways"),
    ],
)
def test_a_sandbox_that_cannot_be_is_refused_with_the_field(
    server: Control, body: dict[str, Any], field: str
):
    answer = server.call("POST", "/sandboxes", 400, json=body)
    assert (answer["error"]["code"], answer["error"]["field"]) == ("invalid", field)
    assert answer["error"].keys() == {"code", "message", "field"}


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 400),
        (b"null", "application/json", 400),
        (b'{"name": "x"}', "text/plain", 415),
        (b"name=x", "application/x-www-form-urlencoded", 415),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(
    server: Control, content: bytes, media_type: str, status: int
):
    answer = requests.post(
        f"{server.root}/sandboxes", data=content, headers={"Content-Type": media_type}, timeout=WAIT
    )
    assert (answer.status_code, answer.json().keys()) == (status, {"error"})
