"""Every row of the control plane, as one who has only read the contract calls it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send

FAX = {
    "id", "vendor", "direction", "to", "from", "state", "outcome", "pages", "scenario", "attempts",
    "created_at", "finished_at", "vendor_view", "timeline",
}  # fmt: skip
ATTEMPT = {"number", "outcome", "pages_sent", "speed", "ecm", "csid", "duration", "started_at"}
SETTINGS = {
    "balance", "active", "webhooks", "numbers", "restricted_numbers", "lines", "rates", "max_attempts",
    "profile",
}  # fmt: skip
NOWHERE = {"url": None, "auth": None}


def test_server_tells_of_itself(server: Control) -> None:
    for path in ("/health", "/ready"):
        assert server.call("GET", path, 200)["status"] in ("ok", "ready")
    assert server.call("GET", "/version", 200)["name"] == "localfax"
    metrics = requests.get(f"{server.root}/metrics", timeout=WAIT)
    assert metrics.status_code == 200
    assert metrics.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("path", ["/openapi.json", *(f"/openapi/{vendor}.json" for vendor in VENDORS)])
def test_everything_is_described(server: Control, path: str) -> None:
    described = server.call("GET", path, 200)
    assert described["openapi"].startswith("3.")
    assert described["paths"]


def test_sandbox_is_made_with_all_that_may_be_said(server: Control) -> None:
    body = {
        "name": "ci",
        "seed": "7",
        "clock": {"mode": "manual", "speed": "max"},
        "webhooks": {
            "ifax": {
                "outbound": "http://127.0.0.1:9/a",
                "inbound": {"url": "http://127.0.0.1:9/b", "auth": "u:p"},
            }
        },
        "balance": 12.5,
    }
    made = server.call("POST", "/sandboxes", 201, json=body)
    assert (made["name"], made["clock"]["mode"], made["clock"]["speed"]) == ("ci", "manual", "max")
    assert list(made["vendors"]) == list(VENDORS)
    assert all(set(each) == {"base_url", "credentials"} for each in made["vendors"].values())
    path = f"/sandboxes/{made['id']}"
    assert server.call("GET", path, 200)["vendors"] == made["vendors"]
    for vendor in VENDORS:
        settings = server.call("GET", f"{path}/vendors/{vendor}", 200)
        assert set(settings) == SETTINGS
        assert settings["balance"] == 12.5
    assert server.call("GET", f"{path}/vendors/ifax")["webhooks"] == {
        "outbound": {"url": "http://127.0.0.1:9/a", "auth": None},
        "inbound": {"url": "http://127.0.0.1:9/b", "auth": "u:p"},
    }
    server.call("DELETE", path, 204)
    server.call("GET", path, 404)
    assert send(Control(server.url, made), "ifax").json()["status"] == 0


def test_the_same_seed_gives_the_same_ids(server: Control) -> None:
    ids = []
    for _ in range(2):
        control = server.create(seed="same")
        send(control, "ifax")
        ids.append(control.faxes()[0]["vendor_view"]["id"])
    assert ids[0] == ids[1]


def test_reset_keeps_credentials_settings_and_rules(control: Control) -> None:
    control.vendor("faxto", balance=3, restricted_numbers=["+12125550199"])
    send(control, "faxto")
    path = f"/sandboxes/{control.id}"
    control.call("POST", f"{path}/scenarios/next", 201, json={"attempts": ["busy"]})
    before = control.vendor("faxto")
    control.call("POST", f"{path}/reset", 200)
    assert control.faxes() == []
    assert control.vendor("faxto") == before
    assert control.call("GET", f"{path}/requests", 200)["requests"] == []
    assert control.call("GET", f"{path}/scenarios", 200)["queue"] == []
    assert send(control, "faxto").status_code == 200


def test_portal_settings_are_changed_one_by_one(control: Control) -> None:
    control.vendor("ifax", webhooks={"outbound": {"url": "http://127.0.0.1:9/", "auth": "u:p"}})
    assert control.vendor("ifax", webhooks={"outbound": {"auth": "u:q"}})["webhooks"] == {
        "outbound": {"url": "http://127.0.0.1:9/", "auth": "u:q"},
        "inbound": NOWHERE,
    }
    plain = control.vendor("ifax", webhooks={"outbound": "http://127.0.0.1:9/c"})["webhooks"]["outbound"]
    assert plain == {"url": "http://127.0.0.1:9/c", "auth": None}
    assert control.vendor("ifax", webhooks={"outbound": None})["webhooks"]["outbound"] == NOWHERE
    wanted: dict[str, Any] = {
        "balance": 2.5, "active": False, "numbers": ["+12125550100"], "restricted_numbers": ["+12125550199"],
        "lines": 3, "rates": {"page": 0.25, "minute": 0.5}, "max_attempts": 2, "profile": {"profile": "live"},
    }  # fmt: skip
    for name, value in wanted.items():
        assert control.vendor("ifax", **{name: value})[name] == value
    webhooks = {"webhooks": {"outbound": NOWHERE, "inbound": NOWHERE}}
    assert control.vendor("ifax") == wanted | webhooks


def test_clock_is_advanced_in_four_ways(control: Control, receiver: Receiver) -> None:
    control.vendor("ifax", webhooks={"outbound": receiver.url})
    control.call("PATCH", f"/sandboxes/{control.id}/clock", 200, json={"now": "2030-01-01T00:00:00Z"})
    assert control.advance(by="90s")["now"] == "2030-01-01T00:01:30.000Z"
    assert control.advance(to="2030-01-01T01:00:00Z")["now"] == "2030-01-01T01:00:00.000Z"
    send(control, "ifax")
    fax = control.faxes()[0]["id"]
    played = control.advance(until={"fax": fax, "state": "dialing"})
    assert control.fax(fax)["state"] == "dialing"
    assert played["timeline"][-1]["what"] == "dialing"
    idle = control.advance(until="idle")
    assert len(receiver.requests) == 1
    assert {each["kind"] for each in idle["timeline"]} == {"state", "call", "webhook"}
    assert all({"at", "kind", "fax"} <= set(each) for each in idle["timeline"])
    assert [each["at"] for each in idle["timeline"]] == sorted(each["at"] for each in idle["timeline"])


@pytest.mark.parametrize("speed", [1, 0.5, 1000, "max"])
def test_clock_takes_modes_and_speeds(control: Control, speed: Any) -> None:
    path = f"/sandboxes/{control.id}/clock"
    assert control.call("PATCH", path, 200, json={"mode": "running", "speed": speed})["speed"] == speed
    assert control.call("PATCH", path, 200, json={"mode": "manual"})["mode"] == "manual"
    now = control.now()
    assert control.now() == now


def test_fax_is_shown_in_neutral_words(control: Control) -> None:
    send(control, "ifax", "+15005550005", count=3)
    control.advance()
    [fax] = control.faxes()
    assert set(fax) >= FAX
    assert control.fax(fax["id"]) == fax
    assert fax["pages"] == {"total": 3, "sent": 1}
    assert set(fax["vendor_view"]) == {"id", "state", "code", "text"}
    assert (fax["vendor"], fax["direction"], fax["to"]) == ("ifax", "outbound", "+15005550005")
    assert (fax["state"], fax["outcome"], fax["scenario"]) == ("failed", "line_error", "magic-05")
    [attempt] = fax["attempts"]
    assert set(attempt) >= ATTEMPT
    assert (attempt["number"], attempt["outcome"], attempt["pages_sent"]) == (1, "line_error", 1)


def test_faxes_are_filtered(control: Control) -> None:
    for vendor, to in (("ifax", "+12125550101"), ("mfax", "+12125550102"), ("faxto", "+12125550102")):
        send(control, vendor, to)
    path = f"/sandboxes/{control.id}/faxes"
    for query, count in (
        ("vendor=mfax", 1),
        ("to=%2B12125550102", 2),
        ("to=12125550102&vendor=faxto", 1),
        ("direction=inbound", 0),
        ("state=received", 3),
        ("state=delivered", 0),
        ("from=%2B19995550000", 0),
        ("since=2000-01-01T00:00:00Z", 3),
        ("since=2900-01-01T00:00:00Z", 0),
    ):
        assert len(control.call("GET", f"{path}?{query}", 200)["faxes"]) == count, query


def test_wait_holds_the_answer_until_a_fax_matches(control: Control) -> None:
    found: list[Any] = []
    path = f"/sandboxes/{control.id}/faxes?vendor=ifax&state=delivered&wait=20s"
    waiting = threading.Thread(target=lambda: found.append(control.call("GET", path, 200)["faxes"]))
    waiting.start()
    send(control, "ifax")
    control.advance()
    waiting.join(WAIT)
    assert [each["state"] for each in found[0]] == ["delivered"]
    assert control.call("GET", f"/sandboxes/{control.id}/faxes?to=1&wait=50ms", 200)["faxes"] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_document_is_given_in_four_forms(control: Control, vendor: str) -> None:
    send(control, vendor, count=2)
    control.advance()
    url = f"{control.root}/sandboxes/{control.id}/faxes/{control.faxes()[0]['id']}/document"
    for query, media, begins in (
        ("", "application/pdf", (b"%PDF-",)),
        ("?format=pdf", "application/pdf", (b"%PDF-",)),
        ("?format=tiff", "image/tiff", (b"II*\0", b"MM\0*")),
        ("?format=png&page=2", "image/png", (b"\x89PNG",)),
        ("?format=text", "text/plain", (b"Page 1",)),
    ):
        answer = requests.get(url + query, timeout=WAIT)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].partition(";")[0] == media
        assert answer.content.startswith(begins)
    assert requests.get(f"{url}?format=png&page=3", timeout=WAIT).status_code == 400
    assert requests.get(f"{url}?format=doc", timeout=WAIT).status_code == 400


def test_delivery_is_listed_with_its_tries_and_replayed(control: Control, receiver: Receiver) -> None:
    receiver.answer(500)
    control.vendor("mfax", webhooks={"outbound": receiver.url})
    send(control, "mfax")
    control.advance()
    [delivery] = control.webhooks()
    assert [each["status"] for each in delivery["attempts"]] == [500, 200]
    assert {"request", "attempts", "state", "id", "fax"} <= set(delivery)
    path = f"/sandboxes/{control.id}/webhooks/{delivery['id']}/replay"
    assert [each["status"] for each in control.call("POST", path, 200)["attempts"]] == [500, 200, 200]
    assert len({each.body for each in receiver.requests}) == 1


def test_coverage_has_every_table_with_evidence(server: Control) -> None:
    vendors = server.call("GET", "/coverage", 200)["vendors"]
    assert [each["vendor"] for each in vendors] == list(VENDORS)
    for vendor in vendors:
        assert len(vendor["magic"]) == 22
        for table in ("endpoints", "states", "codes"):
            assert vendor[table]
            assert {row["evidence"] for row in vendor[table]} <= {"documented", "observed", "assumed"}


def test_events_are_streamed(control: Control) -> None:
    url = f"{control.root}/sandboxes/{control.id}/events"
    with requests.get(url, stream=True, timeout=WAIT) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
        next(lines)
        send(control, "ifax")
        event = next(json.loads(line[6:]) for line in lines if line.startswith("data: "))
    assert (event["kind"], event["what"], event["fax"]) == ("state", "received", "fax-1")


Lists = dict[str, Callable[[Control], Any]]
LISTS: Lists = {
    "faxes": lambda control: send(control, "ifax"),
    "webhooks": lambda control: (send(control, "ifax"), control.advance()),
    "requests": lambda control: send(control, "ifax"),
    "scenarios": lambda control: control.call(
        "POST", f"/sandboxes/{control.id}/scenarios", 201, json={"attempts": ["busy"]}
    ),
}


@pytest.mark.parametrize("plural", LISTS)
def test_lists_are_read_page_by_page(server: Control, receiver: Receiver, plural: str) -> None:
    control = server.create(webhooks={"ifax": {"outbound": receiver.url}})
    for _ in range(5):
        LISTS[plural](control)
    path = f"/sandboxes/{control.id}/{plural}"
    whole = control.call("GET", path, 200)
    assert (len(whole[plural]), whole["next"]) == (5, None)
    seen, cursor = [], ""
    while cursor is not None:
        page = control.call("GET", f"{path}?limit=2{cursor and f'&after={cursor}'}", 200)
        seen += page[plural]
        cursor = page["next"]
    assert seen == whole[plural]
