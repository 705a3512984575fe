"""A snapshot that was changed loads and works, or is refused and changes nothing."""

from __future__ import annotations

import logging
import time
from random import Random

import pytest

from tests.conftest import Control
from tests.receiver import Receiver
from tests.sending import VENDORS, send
from tests.soak.mutations import mutate, places, rich_sandbox

FEW, MANY = pytest.param(25, id="few"), pytest.param(10_000, id="many", marks=pytest.mark.soak)
TURN = 5.0
"""Real seconds within which everything is answered."""


@pytest.mark.parametrize("count", [FEW, MANY])
def test_a_changed_snapshot_works_or_is_refused(
    server: Control, receiver: Receiver, caplog: pytest.LogCaptureFixture, count: int
) -> None:
    caplog.set_level(logging.ERROR)
    rich = rich_sandbox(server, receiver.url)
    data = rich.call("GET", f"/sandboxes/{rich.id}/snapshot")
    data["documents"] = {}
    control = server.create()
    path, random, loaded = f"/sandboxes/{control.id}/snapshot", Random(8329), 0
    ways = list(places(data))
    before = control.call("GET", path)
    for number in range(count):
        changed, told = mutate(data, ways, random)
        begun = time.monotonic()
        answer = control.client.connection.answer("POST", path, json=changed)
        assert answer.status_code in (200, 400, 409), (told, answer.text)
        if answer.status_code == 200:
            loaded += 1
            works(control, number)
            before = control.call("GET", path)
        elif number % 10 == 0:
            assert control.call("GET", path) == before, told
        assert time.monotonic() - begun < TURN, told
        assert not caplog.records, (told, caplog.text)
    assert 0 < loaded < count


def works(control: Control, number: int) -> None:
    """Look at everything, and let everything go on."""
    root = f"/sandboxes/{control.id}"
    for noun in (
        "faxes",
        "webhooks",
        "requests",
        "notifications",
        "scenarios",
        "clock",
        "counts",
        "snapshot",
    ):
        control.call("GET", f"{root}/{noun}", 200)
    for vendor in VENDORS:
        control.vendor(vendor)
    vendor = VENDORS[number % len(VENDORS)]
    assert send(control, vendor, "+12125550177").status_code < 600
    control.client.connection.answer("POST", f"{root}/clock/advance", json={"by": "20s"})
