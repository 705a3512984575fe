"""What nobody means to send: numbers of 400 digits, a million keys, texts that are none; never a 500."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from emulator.control.route import ROOT
from emulator.control.routes import ROUTES
from emulator.documents.turns import EACH
from localfax.asking import Document, Order
from localfax.submission import client_of
from tests.conftest import WAIT, Control, exchange
from tests.sending import VENDORS, send
from tests.soak.attack import dear

SOON = 5.0
"""Real seconds within which everything is answered, on a slow machine too."""
HALF = "half a pair: \ud800 and \udfff"

WITH_BODY = [route for route in ROUTES if route.body is not None]


@pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: route.name)
def test_a_number_of_400_digits_is_refused_wherever_a_number_may_stand(server: Control, route: Any) -> None:
    control = server.create()
    send(control, "ifax")
    path = route.path.replace("<sandbox>", control.id).replace("<vendor>", "ifax").replace("<fax>", "fax-1")
    names = [field.data_key or name for name, field in route.body().fields.items()]
    for name in names:
        for odd in (10**400, -(10**400), [10**400], {"x": 10**400}, f"{10**400}"):
            answer = exchange(route.method, f"{server.url}{ROOT}{path}", json={name: odd})
            assert answer.status_code < 500, (name, odd, answer.text)


def test_of_very_many_unknown_keys_ten_are_told(server: Control) -> None:
    data = {f"key{number}": 1 for number in range(200_000)}
    begun = time.monotonic()
    error = server.call("POST", f"/sandboxes/{server.create().id}/scenarios", 400, json=data)["error"]
    assert time.monotonic() - begun < 2 * SOON
    assert error["message"].count("unknown key") <= 11
    assert "200,000 unknown keys in all" in error["message"]


def test_of_fifty_thousand_documents_none_is_read(server: Control) -> None:
    begun, path = time.monotonic(), f"/sandboxes/{server.create().id}/scenarios"
    yaml = {"Content-Type": "application/yaml"}
    error = server.call("POST", path, 400, data="---\na: 1\n" * 50_000, headers=yaml)["error"]
    assert error["message"] == "more than 1,000 documents"
    assert time.monotonic() - begun < SOON


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_page_cannot_reset_with_an_empty_body_of_another_type(control: Control, kind: str) -> None:
    send(control, "ifax")
    control.call("POST", f"/sandboxes/{control.id}/reset", 415, data=b"", headers={"Content-Type": kind})
    assert len(control.faxes()) == 1
    control.call("POST", f"/sandboxes/{control.id}/reset", 200)
    assert control.faxes() == []


# text that is no Unicode
@pytest.mark.parametrize("vendor", VENDORS)
def test_text_that_is_no_unicode_is_refused_or_mended_where_it_comes_in(server: Control, vendor: str) -> None:
    control = server.create()
    ask = client_of(vendor).send(Order(control.client.account(vendor), "+12125550123", Document.of_pages(1)))
    texts = dict.fromkeys(
        ("message", "subject", "to_name", "recipientName", "senderName", "notes", "name"), HALF
    )
    for body in ({**(ask.json or {}), **(ask.form or {}), **texts}, {"data": texts}, {HALF: HALF}):
        headers = {**ask.headers, "Content-Type": "application/json"}
        answer = exchange(ask.method, ask.url, headers=headers, params=ask.query, data=json.dumps(body))
        assert answer.status_code < 500
    form = [(name, value.encode("utf-8", "surrogatepass")) for name, value in texts.items()]
    assert exchange(ask.method, ask.url, headers=ask.headers, params=ask.query, data=form).status_code < 500
    for noun in ("faxes", "requests", "webhooks", "notifications"):
        control.call("GET", f"/sandboxes/{control.id}/{noun}", 200)
    assert exchange("GET", f"{server.url}/").ok
    snapshot = control.call("GET", f"/sandboxes/{control.id}/snapshot", 200)
    json.dumps(snapshot, ensure_ascii=False).encode()
    control.call("POST", f"/sandboxes/{control.id}/snapshot", 200, json=snapshot)


@pytest.mark.parametrize("text", ['name: "\\ud800"', "name: '\ud800'", '"\\udfff": 1'])
def test_a_scenario_in_yaml_holds_whole_characters(control: Control, text: str) -> None:
    body, yaml = text.encode("utf-8", "surrogatepass"), {"Content-Type": "application/yaml"}
    answer = exchange("POST", f"{control.root}/sandboxes/{control.id}/scenarios", data=body, headers=yaml)
    assert answer.status_code in (201, 400)
    shown = control.call("GET", f"/sandboxes/{control.id}/scenarios", 200)
    json.dumps(shown["scenarios"], ensure_ascii=False).encode()


# documents that are dear to draw
def test_who_draws_what_is_dear_is_sent_away_and_holds_up_nobody(server: Control) -> None:
    busy, other = server.create(), server.create()
    numbers = range(EACH + 8)
    for number in numbers:  # each another document: one alone is drawn once
        submit(busy, dear(100 + number))
    submit(other, Document.of_pages(1).content)
    with ThreadPoolExecutor(len(numbers)) as pool:
        drawing = [pool.submit(draw, busy, f"fax-{number + 1}") for number in numbers]
        begun = time.monotonic()
        assert server.call("GET", "/health", 200)
        assert draw(other, "fax-1").status_code == 200
        assert time.monotonic() - begun < 2 * SOON
        answers = [each.result() for each in drawing]
    assert {each.status_code for each in answers} <= {200, 503}
    assert all(each.headers["Retry-After"] for each in answers if each.status_code == 503)


def submit(control: Control, content: bytes) -> None:
    document = Document("fax.pdf", "application/pdf", content)
    ask = client_of("ifax").send(Order(control.client.account("ifax"), "+12125550123", document))
    assert requests.request(**ask.arguments, timeout=WAIT).ok


def draw(control: Control, fax: str) -> requests.Response:
    query = {"format": "png", "page": 1}
    return requests.get(f"{control.root}/sandboxes/{control.id}/faxes/{fax}/document", query, timeout=WAIT)


@pytest.mark.parametrize("path", ["/_localfax/sandboxes", "/", "/ifax/v1/customer/fax-status"])
def test_a_document_is_not_fetched_from_this_server(server: Control, path: str) -> None:
    control = server.create()
    account = control.client.account("kazoo")
    ask = client_of("kazoo").send(Order(account, "+12125550123", Document.of_pages(1)))
    doc = {
        "to_number": "+12125550123",
        "from_number": "+12125550100",
        "document": {"url": f"{server.url}{path}"},
    }
    assert (
        exchange("PUT", ask.url, headers=ask.headers, params=ask.query, json={"data": doc}).status_code == 201
    )
    control.advance()
    [fax] = control.faxes()
    assert (fax["state"], fax["document"]["digest"]) == ("failed", None)


@pytest.mark.parametrize("word", ["cross-site", "Cross-Site", " CROSS-SITE "])
def test_a_page_of_another_site_is_refused_however_its_browser_spells_that(
    server: Control, word: str
) -> None:
    answer = exchange("GET", f"{server.url}/_localfax/sandboxes", headers={"Sec-Fetch-Site": word.strip()})
    assert answer.status_code == 403
