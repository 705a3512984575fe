"""What is kept of what happened: webhooks sent once more, calls with near misses, events as they come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from emulator.app import App
from emulator.control.requests import CHUNK
from localfax.asking import Document, Order
from localfax.submission import client_of
from tests.conftest import WAIT, Control, exchange
from tests.control.shown import MANUAL, START, path
from tests.receiver import Receiver
from tests.sending import VENDORS, send

Sent = Callable[..., dict[str, Any]]


def requests_of(control: Control, query: str = "") -> Any:
    return control.call("GET", f"/sandboxes/{control.id}/requests{query}", 200)


@pytest.fixture
def hooked(server: Control, receiver: Receiver) -> Control:
    return server.create(webhooks={"ifax": {"outbound": f"{receiver.url}/hook"}})


# webhooks
def test_delivery_is_sent_once_more(hooked: Control, receiver: Receiver) -> None:
    send(hooked, "ifax")
    hooked.advance()
    [delivery] = hooked.webhooks()
    path = f"/sandboxes/{hooked.id}/webhooks/{delivery['id']}"
    again = hooked.call("POST", f"{path}/replay", 200)
    first, second = receiver.requests
    assert first.body == second.body
    assert [each["number"] for each in again["attempts"]] == [1, 2]
    assert (again["state"], again["due_at"]) == ("delivered", None)
    assert hooked.call("GET", path, 200) == again


def test_replay_begins_the_vendors_retries_anew(hooked: Control, receiver: Receiver) -> None:
    receiver.answer(500, times=None)
    send(hooked, "ifax")
    hooked.advance()
    tries = len(receiver.requests)
    assert tries > 1
    [delivery] = hooked.webhooks()
    hooked.call("POST", f"/sandboxes/{hooked.id}/webhooks/{delivery['id']}/replay", 200)
    hooked.advance()
    assert len(receiver.requests) == 2 * tries
    assert hooked.webhooks()[0]["state"] == "failed"


def test_dropped_webhook_can_be_sent_after_all(hooked: Control, receiver: Receiver) -> None:
    send(hooked, "ifax", "+15005550016")
    hooked.advance()
    [delivery] = hooked.webhooks()
    assert receiver.requests == []
    hooked.call("POST", f"/sandboxes/{hooked.id}/webhooks/{delivery['id']}/replay", 200)
    assert len(receiver.requests) == 1


def test_unknown_delivery_is_not_found(control: Control) -> None:
    said = control.call("POST", f"/sandboxes/{control.id}/webhooks/delivery-9/replay", 404)
    assert said == {"error": {"code": "not_found", "message": "no delivery delivery-9"}}


def test_webhooks_of_one_fax(hooked: Control) -> None:
    for _ in range(2):
        send(hooked, "ifax")
    hooked.advance()
    listed = hooked.call("GET", f"/sandboxes/{hooked.id}/webhooks?fax=fax-2", 200)["webhooks"]
    assert [each["fax"] for each in listed] == ["fax-2"]


# requests
def test_call_is_kept_with_what_it_matched(control: Control) -> None:
    answer = send(control, "ifax", "+15005550001")
    [call] = requests_of(control)["requests"]
    assert {name: call[name] for name in ("vendor", "method", "path", "status", "near_misses")} == {
        "vendor": "ifax",
        "method": "POST",
        "path": "/v1/customer/fax-send",
        "status": 200,
        "near_misses": [],
    }
    assert call["matched"] | {"endpoint": None} == {
        "endpoint": None,
        "fax": "fax-1",
        "scenario": "magic-01",
        "fault": None,
    }
    assert json.loads(call["answer"]) == answer.json()


def test_wrong_path_names_the_nearest(control: Control) -> None:
    url = f"{control.base_url('ifax')}/v1/customer/fax_send"
    requests.post(url, headers=control.credentials("ifax"), timeout=WAIT)
    [call] = requests_of(control)["requests"]
    assert call["near_misses"] == ["no such path; nearest is POST /v1/customer/fax-send"]


def test_wrong_method_names_the_right_one(control: Control) -> None:
    url = f"{control.base_url('ifax')}/v1/customer/fax-send"
    requests.get(url, headers=control.credentials("ifax"), timeout=WAIT)
    [call] = requests_of(control)["requests"]
    assert call["near_misses"] == ["/v1/customer/fax-send takes POST, not GET"]


def test_misspelt_field_is_found(control: Control) -> None:
    url = f"{control.base_url('ifax')}/v1/customer/fax-send"
    body = {"fax_number": "+12125550123", "faxData": []}
    requests.post(url, json=body, headers=control.credentials("ifax"), timeout=WAIT)
    [call] = requests_of(control)["requests"]
    assert "field `faxNumber` missing, found `fax_number`" in call["near_misses"]


def test_misspelt_form_field_is_found(control: Control) -> None:
    url = f"{control.base_url('openfax')}/faxSendSubmit.php"
    requests.post(url, data={**control.credentials("openfax"), "fax_number": "12125550123"}, timeout=WAIT)
    [call] = requests_of(control)["requests"]
    assert "field `FaxNumber` missing, found `fax_number`" in call["near_misses"]


def test_of_a_body_that_is_not_kept_whole_nothing_is_missed(control: Control) -> None:
    url = f"{control.base_url('ifax')}/v1/customer/fax-send"
    body = {"faxData": [{"fileName": "a.txt", "fileData": "QQ==" * 2000}], "faxNumber": "1"}
    requests.post(url, json=body, headers=control.credentials("ifax"), timeout=WAIT)
    assert send(control, "kazoo").status_code == 201
    kazoo, ifax = requests_of(control)["requests"]
    assert json.loads(ifax["answer"])["status"] == 0
    assert (ifax["near_misses"], kazoo["near_misses"]) == ([], [])


SHUT = {
    "openfax": (
        "/faxSendSubmit.php",
        {"data": {"AccountID": "123456789", "APIKey": "wrong", "FaxNumber": "1"}},
    ),
    "kazoo": (
        "/v2/accounts/0123456789abcdef0123456789abcdef/faxes/outgoing",
        {"headers": {"X-Auth-Token": "wrong"}},
    ),
    "ifax": ("/v1/customer/fax-status", {"headers": {"accessToken": "wrong"}, "json": {"jobId": 1}}),
    "mfax": ("/v1/fax/history", {"headers": {"Authorization": "Basic wrong"}}),
    "faxto": ("/api/v2/balance", {"params": {"api_key": "wrong"}}),
}
"""By vendor, a call with credentials of nobody."""
SENT = {
    "openfax": "AccountID 123456789, APIKey …g open",
    "kazoo": "X-Auth-Token …g opens",
    "ifax": "accessToken …g opens",
    "mfax": "Authorization Basic …g opens",
    "faxto": "api_key …g opens",
}
"""What is named of those that were sent: of a key that is nobody's only the end."""
OWN = {
    "openfax": "AccountID 123456789, APIKey IEYRtw2cd8aGa54",
    "kazoo": "X-Auth-Token kazoo-test-token",
    "ifax": "accessToken ifax-test-key",
    "mfax": "Authorization Basic mfax-test-key",
    "faxto": "api_key f@x2r0ckkz",
}
"""What is named of those that the default sandbox has."""


@pytest.mark.parametrize("vendor", SHUT)
def test_credentials_of_nobody_are_what_is_wrong_and_not_the_fields(server: Control, vendor: str) -> None:
    where, options = SHUT[vendor]
    method = "POST" if {"data", "json"} & set(options) else "GET"
    requests.request(method, f"{server.url}/{vendor}{where}", timeout=WAIT, **options)
    [call] = requests_of(server, "?limit=1")["requests"]
    assert (call["vendor"], call["path"]) == (vendor, where)
    said = f"{SENT[vendor]} no active account; this sandbox has {OWN[vendor]}; "
    assert call["near_misses"] == [f"{said}GET /_localfax/sandboxes gives those that do"]


@pytest.mark.parametrize("account", ["0123", "f" * 32])
def test_another_account_in_the_path_is_told_with_this_sandboxs(server: Control, account: str) -> None:
    where = f"{server.url}/kazoo/v2/accounts/{account}/faxes/outgoing"
    requests.get(where, headers={"X-Auth-Token": "kazoo-test-token"}, timeout=WAIT)
    [call] = requests_of(server, "?limit=1")["requests"]
    own = "0123456789abcdef0123456789abcdef"
    assert call["near_misses"] == [f"account {account} is not this sandbox's: it has account {own}"]


def test_of_a_request_without_credentials_that_is_said(server: Control) -> None:
    requests.get(f"{server.url}/faxto/api/v2/balance", timeout=WAIT)
    [call] = requests_of(server, "?limit=1")["requests"]
    assert call["near_misses"][0].startswith("no credentials were sent that open an active account; this ")


def test_a_401_that_a_scenario_asks_for_says_nothing_of_the_credentials(control: Control) -> None:
    rule = {"name": "shut", "http": {"status": 401}}
    control.call("POST", f"/sandboxes/{control.id}/scenarios", 201, json=rule)
    send(control, "faxto")
    call = requests_of(control)["requests"][0]
    assert (call["status"], call["matched"]["scenario"], call["near_misses"]) == (401, "shut", [])


def test_calls_are_paged_and_filtered(control: Control) -> None:
    for vendor in ("ifax", "openfax", "ifax"):
        send(control, vendor)
    first = requests_of(control, "?limit=2")
    assert [each["vendor"] for each in first["requests"]] == ["ifax", "openfax"]
    second = requests_of(control, f"?limit=2&after={first['next']}")
    assert ([each["id"] for each in second["requests"]], second["next"], second["dropped"]) == ([1], None, 0)
    assert [each["id"] for each in requests_of(control, "?vendor=openfax")["requests"]] == [2]
    assert requests_of(control, "?status=404")["requests"] == []


# events
@contextmanager
def stream(control: Control, query: str = "") -> Iterator[Iterator[dict[str, Any]]]:
    """Read the events of a sandbox as they come."""
    url = f"{control.root}/sandboxes/{control.id}/events{query}"
    with requests.get(url, stream=True, timeout=WAIT) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream"), answer.text
        lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
        assert next(lines) == ": listening"
        yield (json.loads(line[6:]) for line in lines if line.startswith("data: "))


def test_events_tell_what_happens_as_it_happens(hooked: Control) -> None:
    with stream(hooked) as events:
        send(hooked, "ifax")
        hooked.advance()
        hooked.vendor("ifax", active=True)
        hooked.call("PATCH", f"/sandboxes/{hooked.id}/clock", 200, json={"speed": 5})
        for path, status in (("scenarios", 201), ("scenarios/next", 201)):
            hooked.call("POST", f"/sandboxes/{hooked.id}/{path}", status, json={"attempts": ["busy"]})
        hooked.call("DELETE", f"/sandboxes/{hooked.id}/scenarios", 204)
        hooked.call("POST", f"/sandboxes/{hooked.id}/reset", 200)
        kinds: list[str] = []
        while kinds[-1:] != ["sandbox"]:
            event = next(events)
            kinds.append(event["kind"])
            if event.get("what") == "delivered":
                assert (event["fax"], event["vendor"], event["direction"]) == ("fax-1", "ifax", "outbound")
    played = [*["state"] * 6, "call", "state", "state", "webhook"]
    assert kinds == ["state", "request", *played, "settings", "clock", *["scenarios"] * 3, "sandbox"]


def test_events_are_told_whole(server: Control, receiver: Receiver) -> None:
    control = server.create(clock=MANUAL, webhooks={"faxto": {"outbound": receiver.url}})
    with stream(control) as events:
        send(control, "faxto", "+15005550002")
        control.advance()
        control.vendor("faxto", active=True)
        control.call("PATCH", path(control, "/clock"), 200, json={"speed": 5})
        control.call("POST", path(control, "/scenarios"), 201, json={"attempts": ["busy"]})
        control.call("POST", path(control, "/reset"), 200)
        told = [next(events) for _ in range(14)]
    assert {each.pop("dropped") for each in told} == {0}
    fax = {"vendor": "faxto", "direction": "outbound", "fax": "fax-1"}
    by_kind = {each["kind"]: each for each in reversed(told)}
    assert 0 <= by_kind["request"].pop("seconds") < WAIT
    assert by_kind == {
        "state": {**fax, "at": START, "kind": "state", "what": "received"},
        "request": {
            "at": START, "kind": "request", "vendor": "faxto", "method": "POST", "path": "/api/v2/fax",
            "endpoint": "send", "fax": "fax-1", "status": 200,
        },
        "webhook": {
            "vendor": "faxto", "at": "2026-01-31T12:00:07.000Z", "kind": "webhook", "fax": "fax-1",
            "what": "delivery_receipt", "delivery": "delivery-1", "attempt": 1, "status": 200, "error": None,
            "url": receiver.url, "state": "delivered",
        },
        "settings": {"kind": "settings", "vendor": "faxto"},
        "clock": {
            "at": "2026-01-31T12:00:07.000Z", "now": "2026-01-31T12:00:07.000Z", "kind": "clock",
            "mode": "manual", "speed": 5,
        },
        "scenarios": {"kind": "scenarios", "what": "added"},
        "sandbox": {"kind": "sandbox", "what": "reset"},
    }  # fmt: skip


def test_events_of_one_kind_only(hooked: Control) -> None:
    with stream(hooked, "?kind=webhook") as events:
        send(hooked, "ifax")
        hooked.advance()
        event = next(events)
    assert (event["kind"], event["what"], event["status"]) == ("webhook", "fax.sent", 200)


def test_too_many_held_answers_are_refused_and_vendors_are_served(
    app: App, control: Control, sent: Sent
) -> None:
    held = [requests.get(f"{control.root}/sandboxes/{control.id}/events", stream=True, timeout=WAIT)
            for _ in range(app.feed.most)]  # fmt: skip
    try:
        for path in ("/events", "/faxes?wait=5s"):
            refused = requests.get(f"{control.root}/sandboxes/{control.id}{path}", timeout=WAIT)
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
            assert refused.json()["error"]["code"] == "too_many"
        assert sent()["state"] == "delivered"
    finally:
        for each in held:
            each.close()
    while (
        requests.get(f"{control.root}/sandboxes/{control.id}/faxes?wait=1ms&to=1", timeout=WAIT).status_code
        != 200
    ):
        pass  # the server notices one after the other that they have gone
    with stream(control, "?kind=state") as events:
        send(control, "ifax")
        assert next(events)["what"] == "received"


def test_unknown_kind_of_event_is_refused(control: Control) -> None:
    error = control.call("GET", f"/sandboxes/{control.id}/events?kind=stat", 400)["error"]
    assert (error["field"], error["message"].partition(";")[2][:20]) == ("kind", " did you mean state?")


# bounds
def test_a_request_that_is_large_is_cut_and_says_how_much_is_missing(server: Control) -> None:
    control = server.create()
    ask = client_of("ifax").status(control.client.account("ifax"), "1")
    headers = {**ask.headers, **{f"X-{number}": "h" * 8000 for number in range(6)}}
    exchange("POST", f"{ask.url}?{'q' * 5000}", headers=headers, data=b"{" + b"x" * 9999)
    (kept,) = requests_of(control)["requests"]
    left = sum(len(value) for name, value in kept["headers"].items() if name.startswith("X-"))
    assert sum(map(len, kept["headers"].values())) <= 16 * 1024
    assert (len(kept["query"]), len(kept["body"])) == (4096, 4096)
    assert kept["cut"] == {"query": 904, "body": 10_000 - 4096, "headers": 48_000 - left}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_form_of_a_million_fields_is_refused_in_the_vendors_voice_and_costs_little(
    server: Control, vendor: str
) -> None:
    control = server.create()
    account = control.client.account(vendor)
    ask = client_of(vendor).send(Order(account, "+12125550123", Document.of_pages(1)))
    headers = {**ask.headers, "Content-Type": "application/x-www-form-urlencoded"}
    data = urlencode(account.credentials) + "&a=" * 1_000_000
    answer = exchange("POST", ask.url, headers=headers, params=ask.query, data=data)
    assert answer.status_code < 500
    assert control.faxes() == []
    assert sum(len(json.dumps(each)) for each in requests_of(control)["requests"]) < 20_000


def test_a_form_of_many_fields_says_how_many_the_journal_leaves_out(server: Control) -> None:
    control = server.create()
    ask = client_of("openfax").send(
        Order(control.client.account("openfax"), "+12125550123", Document.of_pages(1))
    )
    form = {**(ask.form or {}), **{f"more-{number}": "x" * 300 for number in range(500)}}
    assert exchange("POST", ask.url, data=form).ok
    (kept,) = requests_of(control)["requests"]
    assert len(kept["body"]["fields"]) == 200
    assert kept["cut"]["rows"] == len(form) - 200


def test_refusal_with_http_200_is_told_apart(control: Control) -> None:
    url, keys = f"{control.base_url('ifax')}/v1/customer/fax-send", control.credentials("ifax")
    requests.post(url, json={"faxNumber": "+12125550123"}, headers=keys, timeout=WAIT)
    send(control, "ifax")
    every = requests_of(control)["requests"]
    assert [(row["status"], row["refused"], row["made"]) for row in every] == [
        (200, False, ["fax-1"]),
        (200, True, []),
    ]
    refused = requests_of(control, "?refused=true")["requests"]
    assert refused == every[1:]


def test_long_journal_of_requests_is_read_page_by_page(control: Control) -> None:
    url, keys = f"{control.base_url('ifax')}/v1/customer/fax-status", control.credentials("ifax")
    with requests.Session() as client:
        for number in range(CHUNK + 3):
            client.post(url, json={"jobId": number}, headers=keys, timeout=WAIT)
    seen: list[int] = []
    after: str | None = ""
    while after is not None:
        page = requests_of(control, f"?limit=90{after}")
        seen += [row["id"] for row in page["requests"]]
        after = page["next"] and f"&after={page['next']}"
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == CHUNK + 3


def test_counts_tell_what_went_wrong_of_late(control: Control) -> None:
    control.vendor("ifax", webhooks={"outbound": "http://127.0.0.1:1/hook"})
    send(control, "ifax")
    requests.get(f"{control.base_url('mfax')}/v1/nothing", headers=bearer(control), timeout=WAIT)
    control.advance()
    counts = control.call("GET", f"/sandboxes/{control.id}/counts?full=true", 200)
    assert counts == {"total": 1, "states": {"delivered": 1}, "refused": 1, "failing": 1}


def bearer(control: Control) -> dict[str, str]:
    return {"Authorization": f"Basic {control.credentials('mfax')['apiKey']}"}
