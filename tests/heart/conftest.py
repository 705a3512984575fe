"""A world in real time that leaves nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.heart.live import Live


@pytest.fixture
def live() -> Iterator[Live]:
    before = set(threading.enumerate())
    world = Live()
    world.pump.start()
    yield world
    world.pump.close()
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []
