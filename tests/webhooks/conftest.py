from __future__ import annotations

from collections.abc import Iterator

import pytest

from emulator.webhooks.client import Client
from emulator.webhooks.policy import OutboundPolicy
from tests.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def client() -> Client:
    return Client(OutboundPolicy())
