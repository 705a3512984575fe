"""What the magic numbers +1 500 555 00NN do beyond what `tests/contract/test_magic.py` holds."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.core.scripting.magic import MAGIC, PREFIX
from emulator.vendors import all_vendors
from tests.conftest import Control
from tests.sending import send


@pytest.mark.parametrize("vendor", ["openfax", "mfax"])
def test_a_vendor_that_redials_keeps_to_a_setting_of_one_call(control: Control, vendor: str) -> None:
    control.vendor(vendor, max_attempts=1)
    send(control, vendor, PREFIX + "04")
    control.advance()
    [fax] = control.faxes()
    assert (fax["state"], [call["outcome"] for call in fax["attempts"]]) == ("failed", ["busy"])


def test_what_a_vendor_answers_instead_is_listed(control: Control) -> None:
    listed = {each["vendor"]: each["magic"] for each in control.call("GET", "/coverage", 200)["vendors"]}
    assert set(listed) == set(all_vendors())
    for name, vendor in all_vendors().items():
        assert set(vendor.magic) <= set(MAGIC)
        told = {PREFIX + digits: vendor.magic.get(digits, text) for digits, (text, _) in MAGIC.items()}
        assert listed[name] == told


@pytest.mark.parametrize(("digits", "state"), [("11", "failed"), ("01", "arrived")])
def test_callers_with_magic_numbers_fax_us_in_their_way(control: Control, digits: str, state: str) -> None:
    body: dict[str, Any] = {"vendor": "ifax", "to": "+12125550100", "from": PREFIX + digits}
    made = control.call("POST", f"/sandboxes/{control.id}/inbound", 201, json=body)
    control.advance()
    assert control.fax(made["id"])["state"] == state
