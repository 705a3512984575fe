"""What the control plane says to wrong calls: one shape, the right status, and where it is wrong."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.sending import send

SANDBOX = "/sandboxes/{id}"

WITH_BODY = (
    ("POST", "/sandboxes"),
    ("POST", f"{SANDBOX}/reset"),
    ("POST", f"{SANDBOX}/snapshot"),
    ("PATCH", f"{SANDBOX}/vendors/ifax"),
    ("PATCH", f"{SANDBOX}/clock"),
    ("POST", f"{SANDBOX}/clock/advance"),
    ("POST", f"{SANDBOX}/inbound"),
    ("POST", f"{SANDBOX}/scenarios"),
    ("POST", f"{SANDBOX}/scenarios/next"),
)

OF_A_SANDBOX = (
    ("GET", ""),
    ("DELETE", ""),
    ("POST", "/reset"),
    ("GET", "/snapshot"),
    ("GET", "/vendors/ifax"),
    ("PATCH", "/vendors/ifax"),
    ("GET", "/clock"),
    ("PATCH", "/clock"),
    ("POST", "/clock/advance"),
    ("GET", "/faxes"),
    ("GET", "/faxes/fax-1"),
    ("GET", "/faxes/fax-1/document"),
    ("POST", "/inbound"),
    ("GET", "/webhooks"),
    ("POST", "/webhooks/delivery-1/replay"),
    ("GET", "/requests"),
    ("GET", "/scenarios"),
    ("POST", "/scenarios"),
    ("POST", "/scenarios/next"),
    ("DELETE", "/scenarios"),
    ("GET", "/events"),
)

MINIMAL: dict[str, Any] = {
    "/inbound": {"vendor": "ifax", "to": "+12125550100", "from": "+12125550101"},
    "/clock/advance": {"by": 1},
    "/scenarios": {"attempts": ["busy"]},
    "/scenarios/next": {"attempts": ["busy"]},
}


def refused(control: Control, method: str, path: str, status: int, **options: Any) -> dict[str, Any]:
    """Make a call that must be refused; give the error after checking its shape."""
    url = control.root + path.replace("{id}", control.id)
    answer = requests.request(method, url, timeout=WAIT, **options)
    assert answer.status_code == status, (method, path, options, answer.text)
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert set(body) == {"error"}
    error: dict[str, Any] = body["error"]
    assert {"code", "message"} <= set(error) <= {"code", "message", "field"}
    assert all(isinstance(value, str) and value for value in error.values())
    return error


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_a_body_is_json_and_an_object_of_known_keys(control: Control, method: str, path: str) -> None:
    json_type = {"Content-Type": "application/json"}
    for wrong in (
        b"{",
        b"{'a': 1}",
        b"\xff",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b"[" * 50_000,
        b"[" * 900 + b"]" * 900,
    ):
        error = refused(control, method, path, 400, data=wrong, headers=json_type)
        assert error["code"] == "invalid"
        assert "browser" not in error["message"]
    for wrong in (b"null", b'"text"', b"5"):
        assert refused(control, method, path, 400, data=wrong, headers=json_type)["code"] == "invalid"
    for media in ("text/plain", "application/x-www-form-urlencoded", "text/html", "application/xml", None):
        error = refused(control, method, path, 415, data=b"{}", headers={"Content-Type": media})
        assert error["code"] == "unsupported_media_type"
    error = refused(control, method, path, 400, json={"webhoks": 1})
    assert error["field"] == "webhoks"


NOTHING_SENT = {
    ("POST", "/sandboxes"): (201, None),
    ("POST", f"{SANDBOX}/reset"): (200, None),
    ("POST", f"{SANDBOX}/snapshot"): (400, "format"),
    ("PATCH", f"{SANDBOX}/vendors/ifax"): (200, None),
    ("PATCH", f"{SANDBOX}/clock"): (200, None),
    ("POST", f"{SANDBOX}/clock/advance"): (400, "until"),
    ("POST", f"{SANDBOX}/inbound"): (400, "vendor"),
    ("POST", f"{SANDBOX}/scenarios"): (201, None),
    ("POST", f"{SANDBOX}/scenarios/next"): (201, None),
}
"""Status and field of what a call without a body gets: it is taken for an empty object."""


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_nothing_sent_is_an_empty_object(control: Control, method: str, path: str) -> None:
    url = control.root + path.replace("{id}", control.id)
    headers = {"Content-Type": "application/json"}
    without = requests.request(method, url, timeout=WAIT)
    empty = requests.request(method, url, data=b"{}", headers=headers, timeout=WAIT)
    found = [(each.status_code, each.json().get("error", {}).get("field")) for each in (without, empty)]
    assert found == [NOTHING_SENT[method, path]] * 2


@pytest.mark.parametrize(("method", "path"), OF_A_SANDBOX)
def test_an_unknown_sandbox_is_not_found(control: Control, method: str, path: str) -> None:
    options = {"json": MINIMAL[path]} if path in MINIMAL and method == "POST" else {}
    error = refused(control, method, f"/sandboxes/no-such{path}", 404, **options)
    assert error == {"code": "not_found", "message": "no sandbox no-such"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/no-such"),
        ("GET", f"{SANDBOX}/no-such"),
        ("GET", f"{SANDBOX}/vendors/no-such"),
        ("PATCH", f"{SANDBOX}/vendors/no-such"),
        ("GET", f"{SANDBOX}/faxes/no-such"),
        ("GET", f"{SANDBOX}/faxes/no-such/document"),
        ("POST", f"{SANDBOX}/webhooks/no-such/replay"),
        ("GET", "/openapi/no-such.json"),
    ],
)
def test_an_unknown_id_is_not_found(control: Control, method: str, path: str) -> None:
    assert refused(control, method, path, 404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/sandboxes"), ("DELETE", "/health"), ("POST", SANDBOX), ("GET", f"{SANDBOX}/clock/advance")],
)
def test_a_wrong_verb_is_told_the_right_ones(control: Control, method: str, path: str) -> None:
    refused(control, method, path, 405)
    url = control.root + path.replace("{id}", control.id)
    assert requests.request(method, url, timeout=WAIT).headers["Allow"]


BAD_FIELDS: tuple[tuple[str, str, Any, str], ...] = (
    ("POST", "/sandboxes", {"name": 1}, "name"),
    ("POST", "/sandboxes", {"clock": {"mode": "slow"}}, "clock.mode"),
    ("POST", "/sandboxes", {"clock": {"speed": "fast"}}, "clock.speed"),
    ("POST", "/sandboxes", {"clock": {"speed": -1}}, "clock.speed"),
    ("POST", "/sandboxes", {"balance": "much"}, "balance"),
    ("POST", "/sandboxes", {"webhooks": {"fedex": {"outbound": "http://127.0.0.1/"}}}, "webhooks.fedex"),
    ("POST", "/sandboxes", {"webhooks": {"ifax": {"outbound": "ftp://x"}}}, "webhooks.ifax.outbound.url"),
    ("PATCH", f"{SANDBOX}/vendors/ifax", {"active": "maybe"}, "active"),
    ("PATCH", f"{SANDBOX}/vendors/ifax", {"rates": {"page": -1}}, "rates.page"),
    ("PATCH", f"{SANDBOX}/vendors/ifax", {"numbers": "+1"}, "numbers"),
    ("PATCH", f"{SANDBOX}/vendors/ifax", {"lines": "two"}, "lines"),
    ("PATCH", f"{SANDBOX}/clock", {"mode": "stopped"}, "mode"),
    ("PATCH", f"{SANDBOX}/clock", {"now": "2000-01-01T00:00:00Z"}, "now"),
    ("PATCH", f"{SANDBOX}/clock", {"now": "tomorrow"}, "now"),
    ("POST", f"{SANDBOX}/clock/advance", {"by": "a while"}, "by"),
    ("POST", f"{SANDBOX}/clock/advance", {"by": -1}, "by"),
    ("POST", f"{SANDBOX}/clock/advance", {"to": "2000-01-01T00:00:00Z"}, "to"),
    ("POST", f"{SANDBOX}/clock/advance", {"until": "done"}, "until"),
    ("POST", f"{SANDBOX}/clock/advance", {"until": {"fax": "fax-1", "state": "sent"}}, "until.state"),
    ("POST", f"{SANDBOX}/clock/advance", {"by": 1, "until": "idle"}, "until"),
    ("POST", f"{SANDBOX}/clock/advance", {}, "until"),
    ("POST", f"{SANDBOX}/inbound", {"vendor": "fedex", "to": "1", "from": "2"}, "vendor"),
    ("POST", f"{SANDBOX}/inbound", {"vendor": "ifax", "from": "2"}, "to"),
    ("POST", f"{SANDBOX}/inbound", {"vendor": "ifax", "to": "1"}, "from"),
    ("POST", f"{SANDBOX}/inbound", {"vendor": "ifax", "to": "1", "from": "2", "document": "%"}, "document"),
    ("POST", f"{SANDBOX}/inbound", {"vendor": "ifax", "to": "1", "from": "2", "pages": 0}, "pages"),
    ("POST", f"{SANDBOX}/scenarios", {"attempts": ["bussy"]}, "attempts[0]"),
    ("POST", f"{SANDBOX}/scenarios", {"attempts": ["delivered", "busy"]}, "attempts[1]"),
    ("POST", f"{SANDBOX}/scenarios", {"match": {"vendor": "fedex"}}, "match.vendor"),
    ("POST", f"{SANDBOX}/scenarios/next", {"http": {"drop": "during"}}, "http.drop"),
    ("POST", f"{SANDBOX}/scenarios/next", {"http": {"code": "no-such"}}, "http.code"),
    ("POST", f"{SANDBOX}/scenarios/next", {"webhook": {"duplicate": -1}}, "webhook.duplicate"),
    ("GET", f"{SANDBOX}/faxes?limit=0", None, "limit"),
    ("GET", f"{SANDBOX}/faxes?limit=ten", None, "limit"),
    ("GET", f"{SANDBOX}/faxes?after=x", None, "after"),
    ("GET", f"{SANDBOX}/faxes?state=sent", None, "state"),
    ("GET", f"{SANDBOX}/faxes?direction=up", None, "direction"),
    ("GET", f"{SANDBOX}/faxes?since=now", None, "since"),
    ("GET", f"{SANDBOX}/faxes?wait=long", None, "wait"),
    ("GET", f"{SANDBOX}/faxes?wait=48h", None, "wait"),
    ("GET", f"{SANDBOX}/faxes?colour=red", None, "colour"),
)


@pytest.mark.parametrize(("method", "path", "body", "field"), BAD_FIELDS)
def test_a_wrong_field_is_named(control: Control, method: str, path: str, body: Any, field: str) -> None:
    options = {} if body is None else {"json": body}
    error = refused(control, method, path, 400, **options)
    assert (error["code"], error.get("field")) == ("invalid", field)


def test_what_cannot_be_done_now_is_a_conflict(control: Control) -> None:
    assert refused(control, "DELETE", "/sandboxes/default", 409)["code"] == "conflict"
    send(control, "ifax")
    control.advance()
    refused(control, "POST", f"{SANDBOX}/faxes/fax-1/cancel", 409)


def test_advance_to_a_state_of_an_unknown_fax_is_not_found(control: Control) -> None:
    until = {"fax": "no-such", "state": "delivered"}
    refused(control, "POST", f"{SANDBOX}/clock/advance", 404, json={"until": until})
