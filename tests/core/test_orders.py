"""Orders of the events of one fax: every one that somebody can tell apart, and each once."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest

from emulator.core.scripting.combinations import Combination
from emulator.core.scripting.orders import Events, is_normal, list_orders, write_order

ONE = Events(("delivered",))
TWO = Events(("received", "delivered"))
AGAIN = Events(("delivered",), again=True)


def possible(events: Events) -> set[tuple[str, ...]]:
    """Every order that keeps what is necessary, found the slow way."""
    found = set()
    for order in permutations(events.alphabet):
        pairs = ((one, other) for place, one in enumerate(order) for other in order[place + 1 :])
        if not any(events.must_precede(other, one) for one, other in pairs):
            found.add(order)
    return found


def swapped(events: Events, order: tuple[str, ...]) -> set[tuple[str, ...]]:
    """All orders that equal one: what swaps of independent neighbours lead to."""
    known, left = {order}, [order]
    while left:
        each = left.pop()
        for place in range(len(each) - 1):
            one, other = each[place : place + 2]
            if events.independent(one, other):
                new = (*each[:place], other, one, *each[place + 2 :])
                if new not in known:
                    known.add(new)
                    left.append(new)
    return known


@pytest.mark.parametrize("events", [ONE, TWO, AGAIN])
def test_of_the_orders_that_are_equal_exactly_one_is_told(events: Events) -> None:
    every = possible(events)
    classes = {frozenset(swapped(events, order)) for order in every}
    assert [sum(is_normal(events, order) for order in each) for each in classes] == [1] * len(classes)
    assert len(classes) < len(every)


def test_the_worked_example_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.core.scripting.orders.POLLS", 1)
    assert len(possible(ONE)) == 6
    assert list_orders(ONE, 100) == [
        ("answer", "end", "webhook", "poll"),
        ("answer", "end", "poll", "webhook"),
        ("answer", "poll", "end", "webhook"),
        ("end", "webhook", "answer", "poll"),
    ]


def test_every_day_comes_first_and_no_more_than_asked() -> None:
    assert list_orders(TWO, 3)[0] == ("answer", "webhook1", "end", "webhook2", "poll")
    assert len(list_orders(TWO, 3)) == 3


def test_a_poll_that_says_what_the_last_one_said_is_left_out() -> None:
    for order in list_orders(ONE, 1000):
        assert ("poll", "poll") not in pairwise(order)


def test_an_order_is_written_as_webhooks_that_are_held_and_released() -> None:
    row = write_order(TWO, ("webhook1", "answer", "end", "webhook2", "poll"), 1)
    fault = row.plan.webhook
    assert fault is not None
    assert (fault.hold, fault.before_response, fault.early) == (True, True, ("received",))
    assert row.acts == ({"advance": "12h"}, {"release": 2}, {"look": 1})
    assert Combination((row,)).name == "order:webhook1.answer.end.webhook2.poll"
    assert row.like == ("webhook:early",)
    stale = write_order(TWO, ("end", "webhook2", "answer", "webhook1", "poll"), 1)
    assert stale.like == ("webhook:early", "webhook:stale", "webhook:shuffled")
    polled = write_order(ONE, ("answer", "end", "poll", "webhook"), 1)
    assert polled.like == ("webhook:after-poll", "webhook:twice")
