"""An address that is corrected in the settings is where the retries of a webhook go, for every vendor."""

from __future__ import annotations

import pytest

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send

SWITCHES = {"openfax": {"postback_retries": 3}}
"""Openfax posts once, unless a switch asks for more."""


@pytest.mark.parametrize("vendor", VENDORS)
def test_retries_go_to_the_corrected_address(server: Control, receiver: Receiver, vendor: str) -> None:
    control = server.create()
    profile = SWITCHES.get(vendor, {})
    control.vendor(vendor, webhooks={"outbound": {"url": f"{receiver.url}/wrong"}}, profile=profile)
    receiver.answer(500, path="/wrong", times=None)
    assert send(control, vendor).status_code in (200, 201, 202)
    for _ in range(120):
        if not receiver.requests:
            control.advance(by="1s")
    assert {posted.path.partition("?")[0] for posted in receiver.requests} == {"/wrong"}
    control.vendor(vendor, webhooks={"outbound": {"url": f"{receiver.url}/right"}})
    control.advance()
    *_, last = receiver.requests
    assert last.path.partition("?")[0] == "/right"
    assert {each["state"] for each in control.webhooks()} == {"delivered"}
