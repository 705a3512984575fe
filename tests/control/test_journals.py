"""The journal of requests: what is kept of each, how it is read, how it is bounded."""

from __future__ import annotations

import json
import threading
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from emulator.control.requests import CHUNK
from localfax.asking import Document, Order
from localfax.submission import client_of
from tests.conftest import WAIT, Control, exchange
from tests.control.shown import requests_of
from tests.sending import VENDORS, send


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


def test_calls_are_paged_and_filtered(control: Control) -> None:
    for vendor in ("ifax", "openfax", "ifax"):
        send(control, vendor)
    first = requests_of(control, "?limit=2")
    assert [each["vendor"] for each in first["requests"]] == ["ifax", "openfax"]
    second = requests_of(control, f"?limit=2&after={first['next']}")
    assert ([each["id"] for each in second["requests"]], second["next"], second["dropped"]) == ([1], None, 0)
    assert [each["id"] for each in requests_of(control, "?vendor=openfax")["requests"]] == [2]
    assert requests_of(control, "?status=404")["requests"] == []
    assert [each["id"] for each in requests_of(control, "?newer_than=1&vendor=ifax")["requests"]] == [3]
    assert requests_of(control, "?newer_than=3")["requests"] == []


def test_answer_is_held_until_a_request_fits(control: Control) -> None:
    send(control, "openfax")
    answers: list[Any] = []
    query = "?vendor=openfax&newer_than=1&wait=60s"  # longer than the client has patience
    waiting = threading.Thread(target=lambda: answers.append(requests_of(control, query)))
    waiting.start()
    send(control, "ifax")
    send(control, "openfax")
    waiting.join()
    assert [each["id"] for each in answers[0]["requests"]] == [3]


def test_held_answer_ends_empty_when_no_request_comes(control: Control) -> None:
    assert requests_of(control, "?wait=0.05s") == {"requests": [], "next": None, "dropped": 0}


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
