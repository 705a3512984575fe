"""A scenario names a vendor's own code, and the vendor's table says the rest."""

from __future__ import annotations

import pytest

from emulator.vendors import all_vendors
from tests.conftest import Control
from tests.sending import VENDORS, send


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_code_of_a_vendor_can_be_named_alone(control: Control, vendor: str) -> None:
    codes = all_vendors()[vendor].codes
    assert codes
    match = {"vendor": vendor}
    shots = [{"match": match, "times": 1, "attempts": [{"code": code}]} for code in codes]
    control.call("POST", f"/sandboxes/{control.id}/scenarios/next", 201, json=shots)
    found = {}
    for code in codes:
        assert send(control, vendor).status_code in (200, 201)
        control.advance()
        found[code] = control.call("GET", f"/sandboxes/{control.id}/faxes?limit=1", 200)["faxes"][0][
            "vendor_view"
        ]["text"]
    numbers = {"to": "12125550123", "sender": "12125550100"}
    assert found == {code: text.format(**numbers) for code, (_, text) in codes.items()}
