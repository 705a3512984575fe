"""The attacks of one hostile client: the fast half with all tests, the whole by `make soak`."""

from __future__ import annotations

import pytest

from tests.soak.attack import attack

FAST, FULL = pytest.param(0.01, id="fast"), pytest.param(1.0, id="full", marks=pytest.mark.soak)


@pytest.mark.parametrize("size", [FAST, FULL])
def test_nobody_can_hurt_a_server_that_many_share(size: float) -> None:
    assert attack(size) == []
