from __future__ import annotations

import pytest

from emulator.core.engine.steps import STEPS
from emulator.core.errors import IllegalEvent
from emulator.core.faxes.machine import (
    FINAL,
    INBOUND,
    MACHINES,
    OUTBOUND,
    Direction,
    Event,
    State,
    next_state,
)
from tests.core.world import World

ROWS = [(direction, state) for direction, machine in MACHINES.items() for state in machine]


def test_every_neutral_state_is_in_a_machine():
    assert set(OUTBOUND) | set(INBOUND) == set(State)


def test_a_state_ends_a_fax_exactly_when_nothing_follows():
    assert {state for direction, state in ROWS if not MACHINES[direction][state]} == FINAL


def test_every_state_that_is_not_final_has_a_step():
    assert set(STEPS) == {(direction, state) for direction, state in ROWS if state not in FINAL}


@pytest.mark.parametrize(("direction", "first"), [("outbound", State.received), ("inbound", State.ringing)])
def test_every_state_can_be_reached(direction: Direction, first: State):
    machine = MACHINES[Direction(direction)]
    reached, fresh = {State.scheduled} & set(machine), {first}
    while fresh:
        reached |= fresh
        fresh = {following for state in fresh for following in machine[state].values()} - reached
    assert reached == set(machine)


def test_an_event_that_has_no_place_in_the_table_is_illegal():
    strays = [(*row, event) for row in ROWS for event in Event if event not in MACHINES[row[0]][row[1]]]
    assert strays
    for direction, state, event in strays:
        with pytest.raises(IllegalEvent, match=f"a fax that is {state} cannot {event}"):
            next_state(direction, state, event)


def test_an_illegal_event_changes_nothing(world: World):
    fax = world.send()
    world.advance()
    ended = world.fax(fax)
    with pytest.raises(IllegalEvent, match="a fax that is delivered cannot cancel"):
        world.cancel(fax)
    assert world.fax(fax) == ended
