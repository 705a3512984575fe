"""The server about itself: health, metrics, coverage."""

from __future__ import annotations

from collections import Counter

import pytest
import requests

from emulator import __version__
from emulator.vendors import all_vendors
from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send


def test_health_readiness_and_version(server: Control) -> None:
    assert server.call("GET", "/health", 200) == {"status": "ok"}
    assert server.call("GET", "/ready", 200) == {"status": "ready"}
    version = server.call("GET", "/version", 200)
    assert (version["name"], version["version"]) == ("localfax", __version__)


def measures(server: Control) -> Counter[str]:
    """Read the metrics: name with labels to value."""
    answer = requests.get(f"{server.root}/metrics", timeout=WAIT)
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    rows = (line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#"))
    return Counter({name: float(value) for name, _, value in rows})  # type: ignore[arg-type]


def test_metrics_count_calls_faxes_and_webhooks(server: Control, receiver: Receiver) -> None:
    before = measures(server)
    receiver.answer(500)
    control = server.create(webhooks={"ifax": {"outbound": receiver.url}})
    send(control, "ifax")
    send(control, "ifax", "+15005550002")
    send(control, "ifax", "+15005550020")
    control.advance()
    change = measures(server)
    change.subtract(before)
    faxes = 'localfax_faxes{direction="outbound",state="%s",vendor="ifax"}'
    assert (change[faxes % "delivered"], change[faxes % "failed"], change[faxes % "dialing"]) == (1, 1, 0)
    sends = 'localfax_requests_total{endpoint="%s",status="%s",vendor="ifax"}'
    [call, *_] = control.call("GET", f"/sandboxes/{control.id}/requests", 200)["requests"]
    endpoint = call["matched"]["endpoint"]
    assert (change[sends % (endpoint, 200)], change[sends % (endpoint, 500)]) == (2, 1)
    assert change['localfax_webhook_attempts_total{outcome="5xx",vendor="ifax"}'] == 1
    assert change['localfax_webhook_attempts_total{outcome="2xx",vendor="ifax"}'] == 2
    assert change['localfax_webhook_lag_seconds_count{vendor="ifax"}'] == 3
    assert change['localfax_webhook_lag_seconds_bucket{le="10.0",vendor="ifax"}'] == 2
    assert change["localfax_sandboxes"] == 1


def test_metrics_forget_the_faxes_of_a_sandbox_that_was_emptied(server: Control) -> None:
    name = 'localfax_faxes{direction="outbound",state="received",vendor="mfax"}'
    before = measures(server)[name]
    control = server.create()
    send(control, "mfax")
    assert measures(server)[name] == before + 1
    control.call("POST", f"/sandboxes/{control.id}/reset", 200)
    assert measures(server)[name] == before


@pytest.mark.parametrize("vendor", VENDORS)
def test_coverage_lists_every_endpoint_and_table_with_evidence(server: Control, vendor: str) -> None:
    [shown] = [each for each in server.call("GET", "/coverage", 200)["vendors"] if each["vendor"] == vendor]
    own = all_vendors()[vendor]
    assert [each["name"] for each in shown["endpoints"]] == [each.name for each in own.endpoints]
    assert shown["title"] == own.title
    tables = own.tables
    assert {name: len(shown[name]) for name in tables if name != "endpoints"} == {
        name: len(rows) for name, rows in tables.items() if name != "endpoints"
    }
    assert set(shown["evidence"]) <= {"documented", "observed", "assumed"}
    assert sum(shown["evidence"].values()) > 10
