"""What every store must do with counters and their bounds."""

from __future__ import annotations

import pytest

from emulator.core.errors import LimitReached
from emulator.core.item import Add
from emulator.core.storage.store import SandboxStore


def test_a_counter_gives_one_number_after_the_other(box: SandboxStore):
    assert [box.next("n") for _ in range(3)] == [1, 2, 3]
    assert (box.next("m"), box.number("n"), box.number("none")) == (1, 3, 0)


def test_counters_are_added_to(box: SandboxStore):
    box.commit(adds=(Add("n", 5), Add("m", -2)))
    box.commit(adds=(Add("n", -3),))
    assert box.numbers() == {"n": 2, "m": -2}
    assert box.next("n") == 3


def test_several_additions_to_one_counter_add_up(box: SandboxStore):
    box.commit(adds=(Add("n", 2, at_most=2), Add("n", 1, at_most=3)))
    assert box.number("n") == 3
    with pytest.raises(LimitReached):
        box.commit(adds=(Add("n", 1), Add("n", 1, at_most=4)))
    assert box.number("n") == 3


def test_an_addition_beyond_its_bounds_is_refused_by_its_name(box: SandboxStore):
    box.commit(adds=(Add("n", 5),))
    for beyond in (
        Add("n", 1, at_most=5),
        Add("n", -1, at_least=5),
        Add("n", 0, at_most=4),
        Add("n", 0, at_least=6),
    ):
        with pytest.raises(LimitReached) as reached:
            box.commit(adds=(Add("m", 1), beyond))
        assert reached.value.name == "n"
    assert box.numbers() == {"n": 5}


def test_bounds_are_reached_but_not_crossed(box: SandboxStore):
    box.commit(adds=(Add("n", 5, at_least=5, at_most=5), Add("n", 0, at_least=5, at_most=5)))
    assert box.number("n") == 5
