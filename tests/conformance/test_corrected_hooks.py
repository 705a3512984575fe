"""An address that is corrected in the settings is where the retries of a webhook go, for every vendor."""

from __future__ import annotations

import pytest

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send

SWITCHES = {"openfax": {"postback_retries": 3}}
"""Openfax posts once, unless a switch asks for more."""
NOBODY = "http://127.0.0.1:9/wrong"
"""Where nothing listens: every vendor tries that again."""


@pytest.mark.parametrize("vendor", VENDORS)
def test_retries_go_to_the_corrected_address(server: Control, receiver: Receiver, vendor: str) -> None:
    control = server.create()
    profile = SWITCHES.get(vendor, {})
    control.vendor(vendor, webhooks={"outbound": {"url": NOBODY}}, profile=profile)
    assert send(control, vendor).status_code in (200, 201, 202)
    for _ in range(120):
        if not control.webhooks():
            control.advance(by="1s")
    control.vendor(vendor, webhooks={"outbound": {"url": f"{receiver.url}/right"}})
    control.advance()
    assert [posted.path.partition("?")[0] for posted in receiver.requests] == ["/right"]
    assert {each["state"] for each in control.webhooks()} == {"delivered"}
