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
    "faxto": {"status": "state", "msg_code": "code"},
}
"""What the webhook says of the end: its field, and what the vendor's own view of the fax calls that."""

SENT = {"faxto": {"ok": "Sent! Fax Has Been Answered."}}
"""Texts of the vendor's status that are not those of its webhook."""


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_code_of_a_vendor_can_be_named_alone(server: Control, receiver: Receiver, vendor: str) -> None:
    control = server.create(webhooks={vendor: {"outbound": receiver.url}})
    named = all_vendors()[vendor].codes.items()
    codes = {code: word for code, word in named if word.ends and word.outcome != "cancelled"}
    assert codes
    match = {"vendor": vendor}
    shots = [{"match": match, "times": 1, "attempts": [{"code": code}]} for code in codes]
    control.call("POST", f"/sandboxes/{control.id}/scenarios/next", 201, json=shots)
    assert {send(control, vendor).status_code for _ in codes} <= {200, 201}
    control.advance()
    last = {each["fax"]: each["request"]["fields"] for each in reversed(control.webhooks())}
    for word, fax in zip(codes.values(), reversed(control.faxes()), strict=True):
        text = word.text.format(**NUMBERS)
        assert fax["vendor_view"]["text"] == SENT.get(vendor, {}).get(word.word, text)
        if vendor == "faxto":
            assert last[fax["id"]]["message"] == text
        assert fax["outcome"] == (word.outcome or "line_error")
        said = {name: fax["vendor_view"][part] for name, part in POSTED[vendor].items()}
        assert {name: str(last[fax["id"]][name]) for name in said} == said
