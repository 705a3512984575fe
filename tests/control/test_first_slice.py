"""Sandboxes, settings, time, faxes and webhooks over HTTP: whole answers, and what is refused."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
import requests

from emulator.vendors import all_vendors
from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import send

START = "2026-01-31T12:00:00.000Z"
MANUAL = {"mode": "manual", "now": START}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def refused(code: str, message: str, field: str | None = None) -> dict[str, Any]:
    """Give the answer to a call that is refused."""
    return {"error": {"code": code, "message": message} | ({"field": field} if field else {})}


@pytest.fixture
def still(server: Control) -> Control:
    """A sandbox whose clock stands at START."""
    return server.create(clock=MANUAL, seed="first")


def path(control: Control, rest: str = "") -> str:
    return f"/sandboxes/{control.id}{rest}"


def timeline(played: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Give the seconds, kinds and words of an advance's timeline."""
    return [(each["at"][17:-1], each["kind"], each["what"]) for each in played["timeline"]]


# sandboxes
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


def test_sandboxes_are_listed_in_pages(server: Control):
    made = {server.create().id for _ in range(3)}
    seen, after = [], ""
    while True:
        page = server.call("GET", f"/sandboxes?limit=2{after}", 200)
        seen += [each["id"] for each in page["sandboxes"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert made | {"default"} <= set(seen)
    assert seen == sorted(set(seen))


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
        ("GET", "/clock"), ("PATCH", "/clock"), ("POST", "/clock/advance"), ("GET", "/faxes"), ("GET", "/faxes/fax-1"),
        ("GET", "/webhooks"),
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
        ({"webhooks": {"nobody": {"outbound": "http://127.0.0.1/"}}}, "webhooks"),
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
        (b'{"name": "x"}', "text/plain", 400),
        (b"name=x", "application/x-www-form-urlencoded", 400),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(
    server: Control, content: bytes, media_type: str, status: int
):
    answer = requests.post(
        f"{server.root}/sandboxes", data=content, headers={"Content-Type": media_type}, timeout=WAIT
    )
    assert (answer.status_code, answer.json().keys()) == (status, {"error"})


# vendors
def test_settings_are_shown_and_changed_whole(still: Control):
    before = still.vendor("ifax")
    assert before.keys() == {
        "balance", "active", "webhooks", "numbers", "restricted_numbers", "lines", "rates", "max_attempts",
        "profile",
    }  # fmt: skip
    changes = {
        "balance": 12.345678,
        "active": False,
        "webhooks": {"outbound": "http://127.0.0.1:1/x"},
        "numbers": ["+12125550199"],
        "restricted_numbers": ["+19005550100"],
        "lines": 2,
        "rates": {"page": 0.05},
        "max_attempts": 5,
    }
    after = still.vendor("ifax", **changes)
    wanted = {**before, **changes}
    wanted["webhooks"] = {**before["webhooks"], "outbound": {"url": "http://127.0.0.1:1/x", "auth": None}}
    wanted["rates"] = {**before["rates"], "page": 0.05}
    assert after == wanted == still.vendor("ifax")


def test_a_webhook_can_be_taken_away(still: Control):
    nothing = {"url": None, "auth": None}
    for taken in (None, {"url": None}):
        still.vendor("ifax", webhooks={"outbound": "http://127.0.0.1:1/x"})
        assert still.vendor("ifax", webhooks={"outbound": taken})["webhooks"]["outbound"] == nothing


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"lines": -1}, "lines"),
        ({"lines": "two"}, "lines"),
        ({"max_attempts": 0}, "max_attempts"),
        ({"max_attempts": 101}, "max_attempts"),
        ({"active": "perhaps"}, "active"),
        ({"numbers": "+1"}, "numbers"),
        ({"rates": {"page": "dear"}}, "rates.page"),
        ({"rates": {"letter": 1}}, "rates.letter"),
        ({"webhooks": {"outbound": 3}}, "webhooks.outbound"),
        ({"colour": 1}, "colour"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_the_field(still: Control, body: dict[str, Any], field: str):
    before = still.vendor("ifax")
    answer = still.call("PATCH", path(still, "/vendors/ifax"), 400, json=body)
    assert (answer["error"]["code"], answer["error"]["field"]) == ("invalid", field)
    assert still.vendor("ifax") == before


def test_an_unknown_vendor_is_not_found(still: Control):
    assert still.call("GET", path(still, "/vendors/nobody"), 404) == refused(
        "not_found", f"no vendor nobody in sandbox {still.id}"
    )


# time
def test_the_clock_is_shown_and_changed(still: Control):
    assert still.call("GET", path(still, "/clock"), 200) == {"mode": "manual", "speed": 20, "now": START}
    later = {"mode": "manual", "speed": 0.5, "now": "2026-02-01T00:00:00.000Z"}
    assert still.call("PATCH", path(still, "/clock"), 200, json=later) == later
    running = still.call("PATCH", path(still, "/clock"), 200, json={"mode": "running", "speed": 0})
    assert running == {"mode": "running", "speed": 0, "now": "2026-02-01T00:00:00.000Z"}


def test_time_never_goes_back(still: Control):
    past = {"now": "2026-01-31T11:59:59.999Z"}
    assert still.call("PATCH", path(still, "/clock"), 400, json=past) == refused(
        "invalid", "time never goes back: `now` is before the sandbox's present", "now"
    )
    assert still.call("POST", path(still, "/clock/advance"), 400, json={"to": past["now"]}) == refused(
        "invalid", "time never goes back: `to` is before the sandbox's present", "to"
    )


@pytest.mark.parametrize("span", [5, 5.0, "5", "5s", "5000ms", "0.0833333h"])
def test_an_advance_by_a_span(still: Control, span: object):
    answer = still.advance(by=span)
    assert answer["timeline"] == []
    assert answer["now"] in ("2026-01-31T12:00:05.000Z", "2026-01-31T12:05:00.000Z")


def test_an_advance_to_an_instant(still: Control):
    assert still.advance(to="2026-02-01T01:00:00+01:00") == {
        "now": "2026-02-01T00:00:00.000Z",
        "timeline": [],
    }


def test_an_advance_until_idle_gives_the_whole_timeline(still: Control, receiver: Receiver):
    still.vendor("ifax", webhooks={"outbound": f"{receiver.url}/hook"})
    receiver.answer(500)
    send(still, "ifax")
    played = still.advance()
    assert timeline(played) == [
        ("00.500", "state", "rendering"),
        ("01.500", "state", "credit_check"),
        ("02.000", "state", "waiting_line"),
        ("02.500", "state", "queued"),
        ("03.000", "state", "dialing"),
        ("09.000", "state", "transmitting"),
        (played["timeline"][6]["at"][17:-1], "call", "page"),
        (played["timeline"][7]["at"][17:-1], "state", "reporting"),
        (played["timeline"][8]["at"][17:-1], "state", "delivered"),
        (played["timeline"][8]["at"][17:-1], "webhook", "fax.sent"),
        (played["timeline"][8]["at"][17:-1], "webhook", "fax.sent"),
    ]
    assert played["timeline"][4] == {
        "at": "2026-01-31T12:00:03.000Z", "kind": "state", "fax": "fax-1", "what": "dialing", "attempt": 1,
    }  # fmt: skip
    first, second = played["timeline"][-2:]
    assert first == {
        "at": played["timeline"][8]["at"],
        "kind": "webhook",
        "fax": "fax-1",
        "what": "fax.sent",
        "delivery": "delivery-1",
        "attempt": 1,
        "status": 500,
        "error": None,
        "url": f"{receiver.url}/hook",
        "state": "pending",
    }
    assert second == {**first, "at": second["at"], "attempt": 2, "status": 200, "state": "delivered"}
    assert second["at"] == played["now"] == still.now()


def test_an_advance_until_a_fax_is_in_a_state(still: Control):
    send(still, "ifax")
    assert timeline(still.advance(until={"fax": "fax-1", "state": "queued"}))[-1] == (
        "02.500",
        "state",
        "queued",
    )
    assert still.fax("fax-1")["state"] == "queued"
    assert still.now() == "2026-01-31T12:00:02.500Z"


def test_a_state_that_does_not_come_is_refused(still: Control):
    send(still, "ifax")
    wanted = {"until": {"fax": "fax-1", "state": "failed"}}
    assert still.call("POST", path(still, "/clock/advance"), 400, json=wanted) == refused(
        "invalid", "fax-1 is delivered and does not come to failed by itself", "until"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "until"),
        ({"by": 1, "until": "idle"}, "until"),
        ({"by": "soon"}, "by"),
        ({"by": -1}, "by"),
        ({"by": "9" * 30}, "by"),
        ({"by": 9e9, "x": 1}, "x"),
        ({"to": 5}, "to"),
        ({"to": "2999-13-01"}, "to"),
        ({"until": "done"}, "until"),
        ({"until": {"fax": "fax-1"}}, "until.state"),
        ({"until": {"fax": "fax-1", "state": "asleep"}}, "until.state"),
    ],
)
def test_an_advance_that_cannot_be_is_refused_with_the_field(
    still: Control, body: dict[str, Any], field: str
):
    answer = still.call("POST", path(still, "/clock/advance"), 400, json=body)
    assert (answer["error"]["code"], answer["error"]["field"]) == ("invalid", field)
    assert still.now() == START


def test_time_can_be_advanced_to_its_end_and_no_further(still: Control):
    for _ in range(3):
        still.advance(by=9e9)
    answer = still.call("POST", path(still, "/clock/advance"), 400, json={"by": 9e9})
    assert answer == refused("invalid", "that is later than this program's time goes", "by")
    send(still, "ifax")
    still.advance()
    assert still.faxes()[0]["state"] == "delivered"


# faxes
def test_a_fax_is_shown_whole(still: Control, receiver: Receiver):
    still.vendor("ifax", webhooks={"outbound": receiver.url}, rates={"page": 0.07}, balance=10)
    job = send(still, "ifax", "+1 (212) 555-0123", count=2).json()["data"]["jobId"]
    played = still.advance()
    shown = still.fax("fax-1")
    ended = played["timeline"][-1]["at"]
    assert shown.pop("document")["problem"] is None
    assert [each["what"] for each in shown["timeline"]] == [
        "received",
        *(each["what"] for each in played["timeline"]),
    ]
    assert shown.pop("timeline")[0] == {"at": START, "kind": "state", "fax": "fax-1", "what": "received"}
    [attempt] = shown.pop("attempts")
    assert attempt == {
        "number": 1, "outcome": "delivered", "pages_sent": 2, "speed": 14_400, "ecm": True,
        "csid": "+12125550123", "duration": attempt["duration"], "started_at": "2026-01-31T12:00:03.000Z", "ring": 6, "code": None,
    }  # fmt: skip
    assert shown.pop("vendor_view")["id"] == str(job)
    assert shown == {
        "id": "fax-1", "vendor": "ifax", "direction": "outbound", "to": "+12125550123", "from": shown["from"],
        "state": "delivered", "outcome": "delivered", "pages": {"total": 2, "sent": 2}, "scenario": None,
        "created_at": START, "finished_at": ended, "cost": 0.14,
    }  # fmt: skip
    assert still.vendor("ifax")["balance"] == 9.86


def test_faxes_are_listed_newest_first_in_pages(still: Control):
    for _ in range(5):
        send(still, "ifax")
    first = still.call("GET", path(still, "/faxes?limit=2"), 200)
    second = still.call("GET", path(still, f"/faxes?limit=2&after={first['next']}"), 200)
    third = still.call("GET", path(still, f"/faxes?limit=2&after={second['next']}"), 200)
    assert [[fax["id"] for fax in page["faxes"]] for page in (first, second, third)] == [
        ["fax-5", "fax-4"], ["fax-3", "fax-2"], ["fax-1"],
    ]  # fmt: skip
    assert third["next"] is None


def test_an_unknown_fax_is_not_found(still: Control):
    assert still.call("GET", path(still, "/faxes/fax-9"), 404) == refused("not_found", "no fax fax-9")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "limit=²", "after=x", "after=²", "after=-1"]
)
@pytest.mark.parametrize("list_of", ["/faxes", "/webhooks"])
def test_a_page_that_cannot_be_is_refused_with_the_field(still: Control, list_of: str, query: str):
    answer = still.call("GET", path(still, f"{list_of}?{query}"), 400)
    assert (answer["error"]["code"], answer["error"]["field"]) == ("invalid", query.partition("=")[0])


# webhooks
def test_a_webhook_is_shown_with_every_attempt(still: Control, receiver: Receiver):
    still.vendor("ifax", webhooks={"outbound": {"url": f"{receiver.url}/hook", "auth": "me:secret"}})
    receiver.answer(503, "not now", headers={"X-Why": "busy"})
    send(still, "ifax")
    posts = [each for each in still.advance()["timeline"] if each["kind"] == "webhook"]
    [shown] = still.webhooks()
    one, two = shown.pop("attempts")
    request = shown.pop("request")
    assert shown == {
        "id": "delivery-1", "vendor": "ifax", "fax": "fax-1", "event": "fax.sent", "state": "delivered",
        "fault": None, "created_at": posts[0]["at"], "due_at": None,
    }  # fmt: skip
    received = receiver.wait(2)
    assert [each.json() for each in received] == [request["fields"]] * 2
    assert [each.auth for each in received] == ["me:secret"] * 2
    assert (request["method"], request["url"], request["encoding"], request["auth"], request["files"]) == (
        "POST", f"{receiver.url}/hook", "json", "me:secret", [],
    )  # fmt: skip
    assert one.pop("headers")["X-Why"] == "busy"
    assert (INSTANT.fullmatch(one.pop("real_at")) is not None, one.pop("seconds") < WAIT) == (True, True)
    assert one == {"number": 1, "at": posts[0]["at"], "status": 503, "error": None, "body": "not now"}
    assert (two["number"], two["at"], two["status"], two["body"]) == (2, posts[1]["at"], 200, "")


def test_a_receiver_that_calls_back_is_answered_with_the_time_of_its_webhook(
    still: Control, receiver: Receiver
):
    still.vendor("ifax", webhooks={"outbound": receiver.url})
    seen: list[str] = []
    send(still, "ifax")
    receiver.answer(behaviour="hang")

    def call_back() -> None:
        receiver.wait(1)
        seen.append(still.now())
        seen.append(send(still, "mfax").json()["resultInfo"])
        receiver.release()

    thread = threading.Thread(target=call_back)
    thread.start()
    played = still.advance()
    thread.join()
    assert seen[0] == next(each["at"] for each in played["timeline"] if each["kind"] == "webhook")
    assert {fax["state"] for fax in still.faxes()} == {"delivered"}


def test_two_sandboxes_do_not_touch_each_other(server: Control):
    one, other = server.create(clock=MANUAL, seed="a"), server.create(clock=MANUAL, seed="b")
    send(one, "ifax")
    one.advance()
    assert (other.faxes(), other.now()) == ([], START)
    send(other, "ifax")
    assert [fax["state"] for fax in other.faxes()] == ["received"]
    assert [fax["state"] for fax in one.faxes()] == ["delivered"]


def test_the_same_seed_gives_the_same_run(server: Control):
    def run() -> list[dict[str, Any]]:
        control = server.create(clock=MANUAL, seed="again")
        for vendor in ("ifax", "openfax"):
            send(control, vendor, "+15005550004")
        control.advance()
        return control.faxes()

    assert run() == run()
