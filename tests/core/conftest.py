from __future__ import annotations

import pytest

from emulator.core.sandbox import Hook
from tests.core.world import HOOK, World


@pytest.fixture
def world() -> World:
    """A world whose vendor posts webhooks."""
    made = World()
    made.set(outbound=Hook(HOOK))
    return made
