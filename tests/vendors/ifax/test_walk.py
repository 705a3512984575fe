"""Every operation of the document, each answer compared as a whole with fixtures/ifax/walk.yaml."""

from __future__ import annotations

import pytest

from tests.conftest import Control
from tests.vendors.ifax.client import facts
from tests.vendors.ifax.story import begin, play, written

OPERATIONS = [row["id"] for row in facts()["endpoints"]]


def test_every_operation_is_walked() -> None:
    assert list(written("walk.yaml")["operations"]) == OPERATIONS
    assert len(OPERATIONS) == 30


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_gives_the_whole_known_answer(server: Control, operation: str) -> None:
    walk = written("walk.yaml")
    play(begin(server), [*walk["world"], *walk["operations"][operation]])
