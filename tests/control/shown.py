"""How the control plane shows things, for tests."""

from __future__ import annotations

import re
from typing import Any

import requests

from tests.conftest import WAIT, Control

START = "2026-01-31T12:00:00.000Z"
MANUAL = {"mode": "manual", "now": START}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def refused(code: str, message: str, field: str | None = None) -> dict[str, Any]:
    """Give the answer to a call that is refused."""
    return {"error": {"code": code, "message": message} | ({"field": field} if field else {})}


def path(control: Control, rest: str = "") -> str:
    return f"/sandboxes/{control.id}{rest}"


def timeline(played: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Give the seconds, kinds and words of an advance's timeline."""
    return [(each["at"][17:-1], each["kind"], each["what"]) for each in played["timeline"]]


def requests_of(control: Control, query: str = "") -> Any:
    return control.call("GET", f"/sandboxes/{control.id}/requests{query}", 200)


def inbound(control: Control, status: int = 201, **body: Any) -> Any:
    given = {"vendor": "ifax", "to": "+12125550100", "from": "+13105550123", **body}
    return control.call("POST", f"/sandboxes/{control.id}/inbound", status, json=given)


def document(control: Control, fax: str, **query: Any) -> requests.Response:
    url = f"{control.root}/sandboxes/{control.id}/faxes/{fax}/document"
    return requests.get(url, params=query, timeout=WAIT)
