from __future__ import annotations

from collections.abc import Iterator

import pytest

from emulator.outbound.http_client import HttpClient
from emulator.outbound.policy import OutboundPolicy
from tests.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def client() -> HttpClient:
    return HttpClient(OutboundPolicy())
