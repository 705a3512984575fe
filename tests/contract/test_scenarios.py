"""The grammar of scenarios: sources and their order, every option of a call, every fault at both edges."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, read, send

DURING = (
    "delivered",
    "busy",
    "no_answer",
    "not_fax",
    "bad_number",
    "circuits_busy",
    "hangup",
    "line_error",
    "stuck",
)
BEFORE = ("conversion_failed", "no_credit", "fetch_failed")


def script(control: Control, where: str = "scenarios/next", **scenario: Any) -> None:
    control.call("POST", f"/sandboxes/{control.id}/{where}", 201, json=scenario)


def played(
    control: Control, vendor: str = "openfax", to: str = "+12125550123", **scenario: Any
) -> dict[str, Any]:
    """Send a fax under a scenario and play it to its end."""
    script(control, **scenario)
    assert send(control, vendor, to, count=3).status_code in (200, 201)
    control.advance()
    return control.faxes()[0]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_outcome_can_be_named_at_every_vendor(control: Control, vendor: str) -> None:
    control.vendor(vendor, max_attempts=1, lines=100)
    found = {outcome: played(control, vendor, attempts=[outcome]) for outcome in (*DURING, *BEFORE)}
    for outcome, fax in found.items():
        if outcome in ("delivered", "stuck"):
            assert fax["state"] == {"delivered": "delivered", "stuck": "transmitting"}[outcome]
        elif outcome == "no_credit":
            assert fax["state"] in ("credit_hold", "failed")
        else:
            assert (fax["state"], fax["outcome"]) == ("failed", outcome)
        assert set(fax["vendor_view"]) == {"id", "state", "code", "text"}
        assert fax["vendor_view"]["state"]


def test_call_takes_pages_speed_station_and_timing(control: Control) -> None:
    options = {
        "speed": 9600,
        "csid": "+1 212 555 0123",
        "ecm": False,
        "ring": 3,
        "setup": "4s",
        "per_page": 10,
    }
    [call] = played(control, attempts=[{"delivered": options}])["attempts"]
    assert (call["speed"], call["csid"], call["ecm"], call["pages_sent"]) == (
        9600,
        "+1 212 555 0123",
        False,
        3,
    )
    [slower] = played(control, attempts=[{"delivered": {**options, "per_page": 20}}])["attempts"]
    assert slower["duration"] - call["duration"] == pytest.approx(30)
    partly = played(control, attempts=[{"line_error": {"pages": 2}}])
    assert (partly["state"], partly["pages"]["sent"]) == ("failed", 2)


def test_vendors_code_brings_its_text(control: Control) -> None:
    fax = played(control, "faxto", match={"vendor": "faxto"}, attempts=[{"busy": {"code": "hangup"}}])
    assert (fax["vendor_view"]["code"], fax["vendor_view"]["text"]) == ("hangup", "Fax Failed - Early Hangup")


def test_one_entry_a_call_and_the_last_repeats(control: Control) -> None:
    fax = played(control, attempts=["busy", "no_answer"])
    assert [each["outcome"] for each in fax["attempts"]] == ["busy", "no_answer", "no_answer", "no_answer"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_fax_moves_on_when_its_status_was_read(control: Control, vendor: str) -> None:
    script(control, attempts=[{"delivered": {"after": {"polls": 2}}}])
    send(control, vendor)
    fax = control.faxes()[0]["id"]
    states = []
    for _ in range(2):
        control.advance()
        states.append(control.fax(fax)["state"])
        assert read(control, vendor, fax).status_code == 200
    assert "delivered" not in states
    control.advance()
    assert control.fax(fax)["state"] == "delivered"


def test_queue_goes_before_rules_and_rules_before_magic_numbers(control: Control) -> None:
    script(control, "scenarios", name="rule", match={"to": "+15005550003"}, attempts=["hangup"])
    script(control, name="shot", attempts=["not_fax"])
    named = []
    for to in ("+15005550003", "+15005550003", "+15005550011", "+12125550123"):
        send(control, "ifax", to)
        named.append(control.faxes()[0]["scenario"])
    assert named == ["shot", "rule", "magic-11", None]
    listed = control.call("GET", f"/sandboxes/{control.id}/scenarios", 200)
    assert ([each["name"] for each in listed["scenarios"]], listed["queue"]) == (["rule"], [])
    script(control, name="shot", attempts=["not_fax"])
    control.call("DELETE", f"/sandboxes/{control.id}/scenarios", 204)
    listed = control.call("GET", f"/sandboxes/{control.id}/scenarios", 200)
    assert (listed["scenarios"], listed["queue"]) == ([], [])


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({"vendor": "*"}, True),
        ({"vendor": "ifax"}, True),
        ({"vendor": "mfax"}, False),
        ({"direction": "outbound"}, True),
        ({"direction": "inbound"}, False),
        ({"to": "+12125550123"}, True),
        ({"to": "+1212*"}, True),
        ({"to": "+12125550124"}, False),
        ({"from": "+12125559999"}, False),
        ({"header.X-Test": "a*"}, True),
        ({"header.X-Test": "b"}, False),
        ({"header.X-None": "*"}, False),
        ({"pages": 2}, True),
        ({"pages": 3}, False),
        ({"nth": 1}, True),
        ({"nth": 2}, False),
    ],
)
def test_rule_is_for_what_it_matches(control: Control, match: dict[str, Any], fits: bool) -> None:
    script(control, "scenarios", name="rule", match=match, attempts=["busy"])
    send(control, "ifax", count=2, headers={"X-Test": "abc"})
    assert control.faxes()[0]["scenario"] == ("rule" if fits else None)


@pytest.mark.parametrize("vendor", VENDORS)
def test_submit_gets_what_the_scenario_says(control: Control, vendor: str) -> None:
    script(control, http={"status": 418, "body": {"a": 1}, "retry_after": 7})
    answer = send(control, vendor)
    assert (answer.status_code, answer.json(), answer.headers["Retry-After"]) == (418, {"a": 1}, "7")
    script(control, http={"status": 503})
    assert send(control, vendor).status_code == 503
    script(control, http={"drop": "before"})
    with pytest.raises(requests.ConnectionError):
        send(control, vendor)
    assert control.faxes() == []
    script(control, http={"drop": "after"})
    with pytest.raises(requests.ConnectionError):
        send(control, vendor)
    script(control, http={"delay": 0.2})
    begun = time.monotonic()
    assert send(control, vendor).status_code in (200, 201)
    assert time.monotonic() - begun >= 0.2
    assert len(control.faxes()) == 2


CODES = {
    "openfax": ("RestrictedFaxNumber", 200, {"Response": "RestrictedFaxNumber"}),
    "ifax": ("12012", 200, {"status": 0, "code": 12012, "message": "Not enough credits"}),
    "mfax": ("NotFoundError", 404, {"error": {"name": "NotFoundError", "message": "Not Found"}}),
    "faxto": ("401", 401, {"status": "failed", "message": "Unauthorized"}),
}


@pytest.mark.parametrize("vendor", CODES)
def test_submit_is_refused_with_a_code_of_the_vendor(control: Control, vendor: str) -> None:
    code, status, body = CODES[vendor]
    script(control, match={"vendor": vendor}, http={"code": code})
    answer = send(control, vendor)
    assert (answer.status_code, answer.json()) == (status, body)


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        (402, 402, "no_credit"),
        ("forbidden", 403, "forbidden"),
        (429, 429, "too_many_requests"),
        (503, 503, "datastore_fault"),
    ],
)
def test_kazoo_is_told_a_code_by_word_or_by_number(
    control: Control, code: Any, status: int, message: str
) -> None:
    script(control, match={"vendor": "kazoo"}, http={"code": code})
    answer = send(control, "kazoo")
    body = answer.json()
    assert (answer.status_code, body["error"], body["message"]) == (status, str(status), message)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_code_of_another_vendor_is_a_server_error_in_the_own_way(control: Control, vendor: str) -> None:
    script(control, http={"code": "forbidden" if vendor == "ifax" else "-3007"})
    refused, usual = send(control, vendor), send(control, vendor, "+15005550020")
    assert (refused.status_code, usual.status_code) == (500, 500)
    assert refused.json().keys() == usual.json().keys()


FAULTS: tuple[tuple[dict[str, Any], str | None, int], ...] = (
    ({}, None, 1),
    ({"drop": True}, "dropped", 0),
    ({"duplicate": 2}, "duplicate", 3),
    ({"delay": "1h"}, "delayed", 1),
    ({"before_response": True}, "early", 1),
    ({"wrong_auth": True}, "wrong_auth", 1),
    ({"truncate": 5}, "truncated", 1),
    ({"status_order": ["delivered"]}, None, 1),
)


@pytest.mark.parametrize(("webhook", "fault", "count"), FAULTS)
@pytest.mark.parametrize("vendor", VENDORS)
def test_webhook_faults(
    server: Control, receiver: Receiver, vendor: str, webhook: dict[str, Any], fault: str | None, count: int
) -> None:
    control = server.create(webhooks={vendor: {"outbound": {"url": receiver.url, "auth": "user:secret"}}})
    send(control, vendor)
    control.advance()
    usual = len(receiver.requests)
    played(control, vendor, webhook=webhook)
    assert len(receiver.requests) - usual == count * usual
    deliveries = control.webhooks()[: max(count, 1) * usual]
    if fault:
        assert any(each["fault"] and fault in each["fault"] for each in deliveries)
