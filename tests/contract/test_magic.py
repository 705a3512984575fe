"""All magic numbers of the contract at all five vendors, called as their clients call them."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send

ONE_CALL = ("kazoo", "ifax", "faxto")
"""Vendors that document no redial, or none unless asked for: busy is the end."""

ENDS: dict[str, tuple[str, str | None, int]] = {
    "01": ("delivered", "delivered", 2),
    "02": ("failed", "busy", 0),
    "03": ("failed", "no_answer", 0),
    "04": ("delivered", "delivered", 2),
    "05": ("failed", "line_error", 1),
    "07": ("failed", "not_fax", 0),
    "08": ("failed", "bad_number", 0),
    "09": ("failed", "circuits_busy", 0),
    "10": ("failed", "hangup", 0),
    "11": ("failed", "line_error", 0),
    "12": ("failed", "conversion_failed", 0),
    "14": ("transmitting", None, 0),
    "15": ("delivered", "delivered", 2),
    "16": ("delivered", "delivered", 2),
    "17": ("delivered", "delivered", 2),
    "18": ("delivered", "delivered", 2),
    "19": ("delivered", "delivered", 2),
    "22": ("delivered", "delivered", 2),
    "00": ("delivered", "delivered", 2),
    "23": ("delivered", "delivered", 2),
}
"""State, outcome and pages sent of two; 00 and 23 are no magic numbers."""

REFUSALS: dict[str, dict[str, tuple[int, Any]]] = {
    "openfax": {
        "06": (200, {"Response": "AccountInactive"}),
        "13": (200, {"Response": "RestrictedFaxNumber"}),
        "20": (500, {"Response": "Failed"}),
        "21": (200, {"Response": "Failed"}),
    },
    "kazoo": {"06": (402, "no_credit"), "13": (403, "forbidden"), "20": (500, "datastore_fault"),
              "21": (429, "too_many_requests")},
    "ifax": {"06": (200, 12012), "13": (200, 120100), "20": (500, 256), "21": (429, 11013)},
    "mfax": {"06": (403, "NotAllowedError"), "13": (403, "NotAllowedError"),
             "20": (500, "InternalServerError"), "21": (429, "TooManyRequestsError")},
    "faxto": {"06": (400, "Insufficient balance"), "13": (400, "Faxes to this number are blocked"),
              "20": (500, "Internal server error"), "21": (403, "Rate limit exceeded")},
}  # fmt: skip
"""HTTP status and what says why, in the vendor's own way."""

WHY = {
    "openfax": lambda body: body,
    "kazoo": lambda body: body["message"],
    "ifax": lambda body: body["code"],
    "mfax": lambda body: body["error"]["name"],
    "faxto": lambda body: body["message"],
}


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("digits", ENDS)
def test_number_decides_how_the_fax_ends(control: Control, vendor: str, digits: str) -> None:
    if digits == "22":
        with pytest.raises(requests.ConnectionError):
            send(control, vendor, "+15005550022", count=2)
    else:
        assert send(control, vendor, f"+150055500{digits}", count=2).status_code in (200, 201)
    control.advance()
    [fax] = control.faxes()
    wanted = ("failed", "busy", 0) if digits == "04" and vendor in ONE_CALL else ENDS[digits]
    assert (fax["state"], fax["outcome"], fax["pages"]["sent"]) == wanted
    assert fax["scenario"] == (None if digits in ("00", "23") else f"magic-{digits}")
    assert fax["pages"]["total"] == 2
    assert (fax["finished_at"] is None) == (digits == "14")


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("digits", ["06", "13", "20", "21"])
def test_number_refuses_the_submit_in_the_vendors_way(control: Control, vendor: str, digits: str) -> None:
    answer = send(control, vendor, f"+150055500{digits}")
    assert (answer.status_code, WHY[vendor](answer.json())) == REFUSALS[vendor][digits]
    assert control.faxes() == []
    assert send(control, vendor).status_code in (200, 201)


@pytest.mark.parametrize("vendor", VENDORS)
def test_number_decides_what_becomes_of_the_webhook(server: Control, receiver: Receiver, vendor: str) -> None:
    control = server.create(webhooks={vendor: {"outbound": receiver.url}})
    counts = {}
    for digits in ("01", "16", "17", "18"):
        done = len(receiver.requests)
        send(control, vendor, f"+150055500{digits}")
        at_once = len(receiver.requests) - done
        control.advance()
        counts[digits] = (at_once, len(receiver.requests) - done)
    usual = counts["01"][1]
    assert usual >= 1
    assert counts == {"01": (0, usual), "16": (0, 0), "17": (0, 2 * usual), "18": (usual, usual)}


@pytest.mark.parametrize("vendor", VENDORS)
def test_number_puts_webhooks_out_of_order(server: Control, receiver: Receiver, vendor: str) -> None:
    control = server.create(webhooks={vendor: {"outbound": receiver.url}})
    for to in ("+15005550019", "+12125550123"):
        send(control, vendor, to)
    control.advance()
    assert [each["fault"] for each in control.webhooks()].count("reordered") >= 1
    made = [each["fax"] for each in control.webhooks()][::-1]
    tried = sorted(control.webhooks(), key=lambda each: each["attempts"][0]["at"])
    assert [each["fax"] for each in tried] != made


def test_number_is_ten_times_slower(control: Control) -> None:
    lasted = {}
    for digits in ("01", "15"):
        send(control, "ifax", f"+150055500{digits}")
        control.advance()
        lasted[digits] = control.faxes()[0]["attempts"][0]["duration"]
    assert lasted["15"] == pytest.approx(10 * lasted["01"], abs=0.01)


@pytest.mark.parametrize("to", ["+12125550100", "+12125550199", "+442071838750"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_every_other_number_is_delivered(control: Control, vendor: str, to: str) -> None:
    assert send(control, vendor, to).status_code in (200, 201)
    control.advance()
    assert [(each["state"], each["to"]) for each in control.faxes()] == [("delivered", to)]
