"""Every measure, before and after what it counts: a server of its own, so that the values are known."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

import pytest
import requests

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from tests.conftest import WAIT, Control
from tests.control.shown import path
from tests.receiver import Receiver
from tests.sending import send

JOURNAL = 4
Measures = dict[str, float]


@pytest.fixture
def alone() -> Iterator[App]:
    program = App(Config(seed="metrics", journal=JOURNAL, documents_mb=1))
    yield program
    program.close()


@pytest.fixture
def fresh(alone: App) -> Iterator[Control]:
    with in_process(alone) as running:
        yield Control(running.url)


def measures(server: Control) -> Measures:
    """Read the metrics: name with labels to value."""
    answer = requests.get(f"{server.root}/metrics", timeout=WAIT)
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        200, "text/plain; version=0.0.4; charset=utf-8",
    )  # fmt: skip
    rows = (line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


def of(found: Measures, family: str) -> Measures:
    """Give the measures of one family by their labels alone."""
    return {name[len(family) :]: value for name, value in found.items() if name.startswith(family)}


EMPTY = {
    'localfax_journal_dropped_total{journal="beginning"}': 0,
    "localfax_sandboxes": 1,
    "localfax_sandboxes_expired_total": 0,
    "localfax_documents_dropped_total": 0,
    "localfax_lateness_seconds_count": 0,
    "localfax_lateness_seconds_sum": 0,
}


def test_a_fresh_server_has_counted_nothing(fresh: Control) -> None:
    found = measures(fresh)
    buckets = of(found, "localfax_lateness_seconds_bucket")
    assert set(buckets.values()) == {0}
    assert {name: value for name, value in found.items() if "_bucket" not in name} == EMPTY


def test_requests_are_counted_by_vendor_endpoint_and_outcome(fresh: Control) -> None:
    control = fresh.create()
    send(control, "ifax")
    send(control, "ifax")
    send(control, "ifax", "+15005550020")
    send(control, "mfax", "+15005550021")
    requests.get(f"{control.base_url('faxto')}/nowhere", timeout=WAIT)
    assert of(measures(fresh), "localfax_requests_total") == {
        '{endpoint="send",status="200",vendor="ifax"}': 2,
        '{endpoint="send",status="500",vendor="ifax"}': 1,
        '{endpoint="send",status="429",vendor="mfax"}': 1,
        '{endpoint="none",status="404",vendor="faxto"}': 1,
    }


def test_the_time_of_requests_is_measured_from_their_beginning(fresh: Control) -> None:
    control = fresh.create()
    before = time.monotonic()
    send(control, "ifax")
    took = time.monotonic() - before
    found = of(measures(fresh), "localfax_request_seconds")
    labels = '{endpoint="send",vendor="ifax"}'
    assert found[f"_count{labels}"] == 1
    assert 0 < found[f"_sum{labels}"] < took
    assert found['_bucket{endpoint="send",le="+Inf",vendor="ifax"}'] == 1


def test_faxes_are_counted_by_state_in_every_sandbox(fresh: Control) -> None:
    one, other = fresh.create(), fresh.create()
    send(one, "ifax")
    send(other, "ifax")
    send(other, "faxto", "+15005550002")
    body = {"vendor": "kazoo", "to": "+12125550100", "from": "+13105550123"}
    other.call("POST", path(other, "/inbound"), 201, json=body)
    label = '{{direction="{}",state="{}",vendor="{}"}}'.format
    assert of(measures(fresh), "localfax_faxes") == {
        label("outbound", "received", "ifax"): 2,
        label("outbound", "received", "faxto"): 1,
        label("inbound", "ringing", "kazoo"): 1,
    }
    other.advance()
    assert of(measures(fresh), "localfax_faxes") == {
        label("outbound", "received", "ifax"): 1,
        label("outbound", "delivered", "ifax"): 1,
        label("outbound", "failed", "faxto"): 1,
        label("inbound", "arrived", "kazoo"): 1,
    }
    assert measures(fresh)["localfax_sandboxes"] == 3
    one.call("POST", path(one, "/reset"), 200)
    other.call("DELETE", path(other), 204)
    assert of(measures(fresh), "localfax_faxes") == {}
    assert measures(fresh)["localfax_sandboxes"] == 2


def test_webhooks_are_counted_by_what_came_of_them_and_how_late_they_went(
    fresh: Control, receiver: Receiver
) -> None:
    receiver.answer(503)
    receiver.answer(behaviour="drop")
    receiver.answer(404)
    control = fresh.create(webhooks={"mfax": {"outbound": receiver.url}})
    send(control, "mfax")
    control.advance()
    found = measures(fresh)
    assert of(found, "localfax_webhook_attempts_total") == {
        '{outcome="5xx",vendor="mfax"}': 1,
        '{outcome="unreachable",vendor="mfax"}': 1,
        '{outcome="4xx",vendor="mfax"}': 1,
        '{outcome="2xx",vendor="mfax"}': 1,
    }
    [delivery] = control.webhooks()
    lags = [round(seconds(each["at"]) - seconds(delivery["created_at"])) for each in delivery["attempts"]]
    assert lags == [0, 5, 30, 150]
    lag = of(found, "localfax_webhook_lag_seconds")
    assert lag['_count{vendor="mfax"}'] == len(lags)
    assert lag['_sum{vendor="mfax"}'] == pytest.approx(sum(lags), abs=0.01)
    for bound in ("0.001", "5.0", "10.0"):
        within = sum(each <= float(bound) + 0.0005 for each in lags)
        assert lag[f'_bucket{{le="{bound}",vendor="mfax"}}'] == within


def seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()


def test_a_webhook_that_is_sent_once_more_counts_again(fresh: Control, receiver: Receiver) -> None:
    control = fresh.create(webhooks={"ifax": {"outbound": receiver.url}})
    send(control, "ifax")
    control.advance()
    control.call("POST", path(control, "/webhooks/delivery-1/replay"), 200)
    taken = of(measures(fresh), "localfax_webhook_attempts_total")
    assert taken == {'{outcome="2xx",vendor="ifax"}': 2}


def test_lateness_is_measured_of_running_clocks_alone(fresh: Control) -> None:
    still = fresh.create()
    send(still, "ifax")
    still.advance()
    assert measures(fresh)["localfax_lateness_seconds_count"] == 0
    running = fresh.create(clock={"mode": "running", "speed": 1000})
    send(running, "ifax")
    query = path(running, "/faxes?state=delivered&wait=20s")
    assert len(running.call("GET", query, 200)["faxes"]) == 1
    steps = running.fax("fax-1")["timeline"][1:]
    found = of(measures(fresh), "localfax_lateness_seconds")
    assert found["_count"] == len(steps)
    assert found["_sum"] >= 0
    assert found['_bucket{le="+Inf"}'] == found["_count"]
    rising = [value for name, value in found.items() if name.startswith("_bucket")]
    assert rising == sorted(rising)


def test_lateness_falls_into_its_bucket(alone: App, fresh: Control) -> None:
    for late in (-1.0, 0.0004, 0.03, 0.05, 7.0, 30.0):
        alone.tally.late(late)
    found = of(measures(fresh), "localfax_lateness_seconds")
    bounds = {"0.001": 2, "0.025": 2, "0.05": 4, "5.0": 4, "10.0": 5, "+Inf": 6}
    assert {bound: found[f'_bucket{{le="{bound}"}}'] for bound in bounds} == bounds
    assert (found["_count"], found["_sum"]) == (6, pytest.approx(37.0804))


def test_what_journals_let_go_is_counted(fresh: Control) -> None:
    one, other = fresh.create(), fresh.create()
    for control, calls in ((one, JOURNAL + 3), (other, JOURNAL + 2)):
        for _ in range(calls):
            send(control, "faxto")
    assert measures(fresh)['localfax_journal_dropped_total{journal="requests"}'] == 5
    assert one.call("GET", path(one, "/requests"), 200)["dropped"] == 3
    one.call("POST", path(one, "/reset"), 200)
    assert measures(fresh)['localfax_journal_dropped_total{journal="requests"}'] == 2


def test_documents_that_are_let_go_are_counted(alone: App, fresh: Control) -> None:
    control = fresh.create()
    for letter in "abc":
        alone.store.of(control.id).put_blob(letter, letter.encode() * 2**19)
    assert measures(fresh)["localfax_documents_dropped_total"] == 1
