"""The magic numbers +1 500 555 00NN at every vendor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from emulator.core.scripting.magic import MAGIC, PREFIX
from emulator.vendors import all_vendors
from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send

OUTCOMES: dict[str, tuple[str, str | None]] = {
    "01": ("delivered", "delivered"),
    "02": ("failed", "busy"),
    "03": ("failed", "no_answer"),
    "04": ("delivered", "delivered"),
    "05": ("failed", "line_error"),
    "07": ("failed", "not_fax"),
    "08": ("failed", "bad_number"),
    "09": ("failed", "circuits_busy"),
    "10": ("failed", "hangup"),
    "11": ("failed", "line_error"),
    "12": ("failed", "conversion_failed"),
    "14": ("transmitting", None),
    "15": ("delivered", "delivered"),
    "16": ("delivered", "delivered"),
    "17": ("delivered", "delivered"),
    "18": ("delivered", "delivered"),
    "19": ("delivered", "delivered"),
    "22": ("delivered", "delivered"),
}
REFUSED = ("06", "13", "20", "21")
HOOKED = ("openfax", "ifax", "mfax", "faxto")
"""Vendors whose webhook is a setting of the account."""


def last(control: Control) -> dict[str, Any]:
    return control.faxes()[0]


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("digits", sorted(OUTCOMES))
def test_magic_number_gives_its_outcome(control: Control, vendor: str, digits: str) -> None:
    try:
        answer = send(control, vendor, PREFIX + digits, count=2)
    except requests.ConnectionError:
        assert digits == "22"
    else:
        assert answer.status_code in (200, 201), answer.text
    control.advance()
    fax = last(control)
    assert (fax["state"], fax["outcome"]) == OUTCOMES[digits]
    assert fax["scenario"] == f"magic-{digits}"


@pytest.mark.parametrize("vendor", ["openfax", "mfax"])
def test_a_vendor_that_redials_keeps_to_a_setting_of_one_call(control: Control, vendor: str) -> None:
    control.vendor(vendor, max_attempts=1)
    send(control, vendor, PREFIX + "04")
    control.advance()
    fax = last(control)
    assert (fax["state"], [call["outcome"] for call in fax["attempts"]]) == ("failed", ["busy"])


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("digits", REFUSED)
def test_magic_number_refuses_the_submit(control: Control, vendor: str, digits: str) -> None:
    answer = send(control, vendor, PREFIX + digits)
    assert control.faxes() == []
    assert answer.text
    assert "<html" not in answer.text.lower()
    if digits == "20":
        assert answer.status_code == 500
    [call] = control.call("GET", f"/sandboxes/{control.id}/requests", 200)["requests"]
    assert call["matched"]["scenario"] == f"magic-{digits}"
    assert call["matched"]["fault"] == {"refusal": MAGIC[digits][1].http.refusal}  # type: ignore[union-attr]


@pytest.mark.parametrize("vendor", HOOKED)
def test_magic_webhooks_are_lost_doubled_early_or_late(
    server: Control, receiver: Receiver, vendor: str
) -> None:
    counts = {}
    for digits in ("01", "16", "17", "18"):
        control = server.create(webhooks={vendor: {"outbound": f"{receiver.url}/{digits}"}})
        send(control, vendor, PREFIX + digits)
        before = sum(each.path == f"/{digits}" for each in receiver.requests)
        control.advance()
        counts[digits] = (before, sum(each.path == f"/{digits}" for each in receiver.requests))
    usual = counts["01"][1]
    assert usual >= 1
    assert counts == {"01": (0, usual), "16": (0, 0), "17": (0, 2 * usual), "18": (usual, usual)}


def test_slow_number_takes_ten_times_as_long(control: Control) -> None:
    durations = {}
    for digits in ("01", "15"):
        send(control, "openfax", PREFIX + digits)
        control.advance()
        durations[digits] = last(control)["attempts"][0]["duration"]
    assert durations["15"] == pytest.approx(10 * durations["01"], abs=0.01)


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_a_vendor_answers_instead_is_listed(control: Control, vendor: str) -> None:
    listed = next(
        each for each in control.call("GET", "/coverage", 200)["vendors"] if each["vendor"] == vendor
    )
    own = all_vendors()[vendor].magic
    assert set(own) <= set(MAGIC)
    told = {PREFIX + digits: own.get(digits, text) for digits, (text, _) in MAGIC.items()}
    assert listed["magic"] == told


def test_callers_with_magic_numbers_fax_us_in_their_way(
    control: Control, inbound: Callable[..., Any]
) -> None:
    assert inbound(control, sender=f"{PREFIX}11")["state"] == "failed"
    assert inbound(control, sender=f"{PREFIX}01")["state"] == "arrived"


@pytest.fixture
def inbound() -> Callable[..., Any]:
    """Let somebody fax us and give how that ended."""

    def receive(control: Control, sender: str) -> Any:
        body = {"vendor": "ifax", "to": "+12125550100", "from": sender}
        made = control.call("POST", f"/sandboxes/{control.id}/inbound", 201, json=body)
        control.advance()
        return control.fax(made["id"])

    return receive
