from __future__ import annotations

import pytest

from tests.conftest import Control
from tests.vendors.ifax.client import Ifax


@pytest.fixture
def ifax(control: Control) -> Ifax:
    """A client of a fresh sandbox."""
    return Ifax(control)
