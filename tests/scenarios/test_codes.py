"""A scenario names a vendor's own code, and the vendor's table says the rest: text, state and webhook."""

from __future__ import annotations

import pytest

from emulator.vendors import all_vendors
from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send

NUMBERS = {"to": "12125550123", "sender": "12125550100"}

POSTED: dict[str, dict[str, str]] = {
    "openfax": {"LastStatus": "code"},
    "kazoo": {"fax_result_text": "text"},
    "ifax": {"faxStatus": "state", "code": "code", "message": "text"},
    "mfax": {"status": "state", "resultCode": "code", "resultInfo": "text"},
    "faxto": {"status": "state", "msg_code": "code", "message": "text"},
}
"""What the webhook says of the end: its field, and what the vendor's own view of the fax calls that."""


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_code_of_a_vendor_can_be_named_alone(server: Control, receiver: Receiver, vendor: str) -> None:
    control = server.create(webhooks={vendor: {"outbound": receiver.url}})
    codes = all_vendors()[vendor].codes
    assert codes
    match = {"vendor": vendor}
    shots = [{"match": match, "times": 1, "attempts": [{"code": code}]} for code in codes]
    control.call("POST", f"/sandboxes/{control.id}/scenarios/next", 201, json=shots)
    found = {}
    for code, word in codes.items():
        assert send(control, vendor).status_code in (200, 201)
        control.advance()
        fax = control.call("GET", f"/sandboxes/{control.id}/faxes?limit=1", 200)["faxes"][0]
        found[code] = fax["vendor_view"]["text"]
        assert found[code] == word.text.format(**NUMBERS)
        assert fax["outcome"] == (word.outcome or "line_error")
        webhooks = control.call("GET", f"/sandboxes/{control.id}/webhooks?fax={fax['id']}", 200)["webhooks"]
        if fax["finished_at"] is None:
            assert (vendor, fax["state"], webhooks) == ("openfax", "credit_hold", [])
            continue
        told = webhooks[0]["request"]["fields"]
        said = {name: fax["vendor_view"][part] for name, part in POSTED[vendor].items()}
        assert {name: str(told[name]) for name in said} == said
    assert len(found) == len(codes)
