"""Each call of a fax in its vendor's own words, and the scenario that decided the fax."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.control.shown import path
from tests.sending import VENDORS, send

SCRIPT = {"name": "thrice", "attempts": ["busy", {"no_answer": {"ring": 20.0}}, "delivered"]}

WORDS: dict[str, list[tuple[str, str, str]]] = {
    "openfax": [("7", "2", "Busy"), ("7", "1", "No Answer"), ("8", "0", "Successful")],
    "kazoo": [("pending", "486", "USER_BUSY"), ("pending", "480", "NO_ANSWER"), ("completed", "200", "OK")],
    "ifax": [
        ("sending", "263", "USER_BUSY"), ("sending", "8021", "NO_ANSWER"),
        ("delivered", "0", "NORMAL_CLEARING"),
    ],
    "mfax": [
        ("processing", "6100", "Fax Number Busy"), ("processing", "6000", "Fax Connect Failed"),
        ("success", "0", "OK"),
    ],
    "faxto": [
        ("executed", "busy", "Fax Failed - Line Busy ( The fax machine could be busy )"),
        ("executed", "no_answer", "Fax Failed - No Answer from Fax machine"),
        ("success", "ok", "Sent! Fax Has Been Answered."),
    ],
}  # fmt: skip
"""State, code and text after each call."""


def submit(control: Control, vendor: str) -> None:
    """Send a fax of three calls at most."""
    if vendor != "kazoo":
        control.vendor(vendor, max_attempts=3)
        send(control, vendor)
        return
    own = control.credentials("kazoo")
    job = {"data": {"from_number": "12125550100", "to_number": "12125550123", "retries": 3}}
    parts = [
        ("content", (None, json.dumps(job), "application/json")), ("content", (None, "Hello", "text/plain"))
    ]  # fmt: skip
    url = f"{control.base_url('kazoo')}/v2/accounts/{own['account']}/faxes"
    requests.put(url, files=parts, headers={"X-Auth-Token": own["X-Auth-Token"]}, timeout=WAIT)


def queue(control: Control, script: Any) -> None:
    control.call("POST", path(control, "/scenarios/next"), 201, json=script)


def words(fax: dict[str, Any]) -> list[tuple[str, str, str] | None]:
    views = [call["vendor_view"] for call in fax["attempts"]]
    return [view and (view["state"], view["code"], view["text"]) for view in views]


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_call_is_told_in_the_vendors_own_words(still: Control, vendor: str) -> None:
    queue(still, SCRIPT)
    submit(still, vendor)
    still.advance()
    fax = still.fax("fax-1")
    assert words(fax) == WORDS[vendor]
    whole = {name: fax["vendor_view"][name] for name in ("state", "code", "text")}
    assert fax["attempts"][-1]["vendor_view"] == whole


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_call_that_goes_on_has_no_words_yet(still: Control, vendor: str) -> None:
    queue(still, SCRIPT)
    submit(still, vendor)
    for seen, call in enumerate(WORDS[vendor]):
        still.advance(until={"fax": "fax-1", "state": "dialing"})
        assert words(still.fax("fax-1")) == [*WORDS[vendor][:seen], None]
        still.advance(until={"fax": "fax-1", "state": "reporting"})
        assert words(still.fax("fax-1"))[-1][1:] == call[1:]


def test_a_call_keeps_its_words_when_the_fax_is_cancelled_after_it(still: Control) -> None:
    queue(still, SCRIPT)
    submit(still, "mfax")
    still.advance(until={"fax": "fax-1", "state": "waiting_redial"})
    cancelled = still.call("POST", path(still, "/faxes/fax-1/cancel"), 200)
    assert words(cancelled) == [("cancelled", "6100", "Fax Number Busy")]


def test_a_code_that_a_scenario_names_is_told_of_its_own_call(still: Control) -> None:
    queue(still, {"match": {"vendor": "ifax"}, "attempts": [{"line_error": {"code": "9012"}}, "delivered"]})
    submit(still, "ifax")
    still.advance()
    assert words(still.fax("fax-1")) == [
        ("sending", "9012", "Disconnected after permitted retries"), ("delivered", "0", "NORMAL_CLEARING"),
    ]  # fmt: skip


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_inbound_call_is_told_in_the_vendors_own_words(still: Control, vendor: str) -> None:
    body = {"vendor": vendor, "to": "+12125550100", "from": "+13105550123", "force": True}
    ringing = still.call("POST", path(still, "/inbound"), 201, json=body)
    assert words(ringing) == [None]
    still.advance()
    fax = still.fax("fax-1")
    whole = {name: fax["vendor_view"][name] for name in ("state", "code", "text")}
    assert fax["attempts"][0]["vendor_view"] == whole


# the scenario
def test_what_decided_a_fax_is_shown_and_can_be_queued_again(still: Control) -> None:
    given = {
        "name": "all-of-it",
        "purpose": "is not of the fax",
        "match": {"to": "+12125550123"},
        "attempts": [{"line_error": {"pages": 0, "speed": 9600}}, {"delivered": {"after": {"polls": 2}}}],
        "http": {"delay": 0.01, "retry_after": 3.0},
        "webhook": {"duplicate": 2, "wrong_auth": "missing", "status_order": ["delivered"]},
    }
    queue(still, given)
    send(still, "ifax")
    script = still.fax("fax-1")["script"]
    assert script == {name: given[name] for name in ("name", "attempts", "http", "webhook")}
    assert still.call("GET", path(still, "/scenarios"), 200)["queue"] == []
    queue(still, script)
    send(still, "ifax", "+13105550123")
    assert still.fax("fax-2")["script"] == script


@pytest.mark.parametrize(
    ("to", "script"),
    [
        ("+12125550123", None),
        ("+15005550001", {"name": "magic-01"}),
        ("+15005550005", {"name": "magic-05", "attempts": [{"line_error": {"pages": 1}}]}),
        ("+15005550015", {"name": "magic-15", "attempts": [{"delivered": {"pace": 10}}]}),
        ("+15005550022", {"name": "magic-22", "http": {"drop": "after"}}),
    ],
)
def test_the_script_of_a_magic_number_is_shown(still: Control, to: str, script: Any) -> None:
    try:
        send(still, "ifax", to)
    except requests.ConnectionError:
        assert to.endswith("22")
    assert still.fax("fax-1")["script"] == script


def test_an_inbound_call_shows_its_script(still: Control) -> None:
    body = {"vendor": "ifax", "to": "+12125550100", "from": "+13105550123", "scenario": "hangup"}
    fax = still.call("POST", path(still, "/inbound"), 201, json=body)
    assert (fax["scenario"], fax["script"]) == ("hangup", {"name": "hangup", "attempts": ["hangup"]})
