"""Somebody faxes us, at each vendor."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, pages


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("how", ["pages", "document"])
def test_somebody_faxes_us(server: Control, receiver: Receiver, vendor: str, how: str) -> None:
    control = server.create(webhooks={vendor: {"inbound": receiver.url}})
    own = control.vendor(vendor)["numbers"] or ["+12125550100"]
    what = {"pages": 2} if how == "pages" else {"document": base64.b64encode(pages(2)).decode()}
    body = {"vendor": vendor, "to": own[0], "from": "+12125550101", "csid": "ACME", **what}
    fax = control.call("POST", f"/sandboxes/{control.id}/inbound", 201, json=body)
    assert (fax["direction"], fax["state"], fax["pages"]["total"]) == ("inbound", "ringing", 2)
    control.advance()
    arrived = control.fax(fax["id"])
    assert (arrived["state"], arrived["pages"]["sent"]) == ("arrived", 2)
    assert arrived["attempts"][0]["csid"] == "ACME"
    posts = [each for each in control.webhooks() if each["state"] == "delivered"]
    assert len(receiver.requests) == len(posts) == 1


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("scenario", "state", "outcome"),
    [
        ("busy", "failed", "busy"),
        ("hangup", "failed", "hangup"),
        ("stuck", "receiving", None),
        ({"attempts": [{"line_error": {"pages": 1}}]}, "failed", "line_error"),
    ],
)
def test_calls_to_us_end_as_the_scenario_says(
    control: Control, vendor: str, scenario: Any, state: str, outcome: str | None
) -> None:
    own = control.vendor(vendor)["numbers"] or ["+12125550100"]
    body = {"vendor": vendor, "to": own[0], "from": "+12125550101", "pages": 2, "scenario": scenario}
    fax = control.call("POST", f"/sandboxes/{control.id}/inbound", 201, json=body)["id"]
    control.advance()
    ended = control.fax(fax)
    assert (ended["state"], ended["outcome"]) == (state, outcome)
    assert ended["pages"] == {"total": 2, "sent": 1 if outcome == "line_error" else 0}
