"""What every store must do with counters and their bounds."""

from __future__ import annotations

import pytest

from emulator.core.errors import LimitReached
from emulator.core.storage.store import Add, Store
from tests.stores.things import BOX


def test_a_counter_gives_one_number_after_the_other(store: Store):
    assert [store.next(BOX, "n") for _ in range(3)] == [1, 2, 3]
    assert (store.next(BOX, "m"), store.number(BOX, "n"), store.number(BOX, "none")) == (1, 3, 0)


def test_counters_are_added_to(store: Store):
    store.commit(BOX, adds=(Add("n", 5), Add("m", -2)))
    store.commit(BOX, adds=(Add("n", -3),))
    assert store.numbers(BOX) == {"n": 2, "m": -2}
    assert store.next(BOX, "n") == 3


def test_several_additions_to_one_counter_add_up(store: Store):
    store.commit(BOX, adds=(Add("n", 2, at_most=2), Add("n", 1, at_most=3)))
    assert store.number(BOX, "n") == 3
    with pytest.raises(LimitReached):
        store.commit(BOX, adds=(Add("n", 1), Add("n", 1, at_most=4)))
    assert store.number(BOX, "n") == 3


@pytest.mark.parametrize(
    "add",
    [Add("n", 1, at_most=5), Add("n", -1, at_least=5), Add("n", 0, at_most=4), Add("n", 0, at_least=6)],
)
def test_an_addition_beyond_its_bounds_is_refused_by_its_name(store: Store, add: Add):
    store.commit(BOX, adds=(Add("n", 5),))
    with pytest.raises(LimitReached) as reached:
        store.commit(BOX, adds=(Add("m", 1), add))
    assert reached.value.name == "n"
    assert store.numbers(BOX) == {"n": 5}


def test_bounds_are_reached_but_not_crossed(store: Store):
    store.commit(BOX, adds=(Add("n", 5, at_least=5, at_most=5), Add("n", 0, at_least=5, at_most=5)))
    assert store.number(BOX, "n") == 5
