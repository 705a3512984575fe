from __future__ import annotations

import pytest

from tests.conftest import Control
from tests.vendors.ifax.client import Ifax
from tests.vendors.ifax.story import begin


@pytest.fixture
def ifax(server: Control) -> Ifax:
    """A client of a fresh sandbox whose clock stands at a known instant and whose ids are known."""
    return begin(server)
