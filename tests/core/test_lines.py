"""The lines of an account: how many calls it may make at one time, and who waits for them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emulator.core.dialect.moment import Moment
from emulator.core.errors import IllegalEvent
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import ON_LINE, State
from emulator.core.faxes.outcomes import Outcome
from tests.core.world import World, acme

LINES = "lines/acme"


def dialled(world: World, *faxes: Fax) -> list[float]:
    """Give the instants at which the faxes were dialled."""
    return [next(at for at, what in world.history(fax) if what == "dialing") for fax in faxes]


def free(world: World) -> bool:
    """Tell whether nobody holds a line or waits for one."""
    waiting = world.own.store.count("waiting/acme")
    return world.number(LINES) == 0 and waiting == 0


def test_no_more_calls_run_than_there_are_lines(world: World):
    world.set(lines=1)
    faxes = [world.send() for _ in range(3)]
    world.advance()
    # A call ends, and lets go of its line, 32.486 s after the fax was queued.
    assert dialled(world, *faxes) == [3, 34.986 + 0.5, 34.986 + 32.486 + 0.5]
    assert {world.fax(fax).state for fax in faxes} == {State.delivered}
    assert free(world)


def test_urgent_faxes_get_the_next_line_first(world: World):
    world.set(lines=1)
    first, slow, urgent = world.send(), world.send(), world.send(priority=1)
    world.advance()
    assert sorted([first, slow, urgent], key=lambda fax: dialled(world, fax)) == [first, urgent, slow]


def test_a_fax_that_waits_to_be_redialled_holds_no_line(world: World):
    world.set(lines=1)
    world.plan(Outcome.busy)
    faxes = [world.send(), world.send()]
    world.advance(by=20)
    assert dialled(world, *faxes) == [3, 6.5]
    assert free(world)


@pytest.mark.parametrize("state", ["queued", "dialing", "transmitting"])
def test_a_cancelled_call_lets_the_next_one_have_its_line(world: World, state: str):
    world.set(lines=1)
    first, second = world.send(), world.send()
    world.advance(fax=first.id, state=state)
    world.advance(by=0.25)
    at = world.now()
    world.cancel(first)
    world.advance()
    assert dialled(world, second) == [at + 0.5]
    assert free(world)


def test_a_fax_that_is_cancelled_when_it_was_just_woken_passes_the_line_on(world: World):
    world.set(lines=1)
    first, second, third = world.send(), world.send(), world.send()
    world.advance(by=10)
    world.cancel(first)
    world.cancel(second)
    world.advance()
    assert world.fax(third).state is State.delivered
    assert free(world)


def test_a_fax_that_is_cancelled_while_it_waits_does_not_hold_up_the_others(world: World):
    world.set(lines=1)
    _, second, third = world.send(), world.send(), world.send()
    world.advance(by=10)
    world.cancel(second)
    world.advance()
    assert world.fax(third).state is State.delivered
    assert free(world)


@pytest.mark.parametrize("lines", [2, 10, None])
def test_more_lines_are_used_at_once(world: World, lines: int | None):
    world.set(lines=0)
    faxes = [world.send() for _ in range(3)]
    world.advance(by=10)
    assert [world.fax(fax).state for fax in faxes] == [State.waiting_line] * 3
    world.set(lines=lines)
    world.advance()
    assert dialled(world, *faxes) == [10.5, 10.5, 42.986 if lines == 2 else 10.5]
    assert free(world)


def test_fewer_lines_let_running_calls_end(world: World):
    world.set(lines=2)
    faxes = [world.send() for _ in range(4)]
    world.advance(by=10)
    world.set(lines=1)
    world.advance()
    assert len(set(dialled(world, *faxes))) == 3
    assert free(world)


def test_a_fax_that_needs_two_kinds_of_room_gives_back_the_one_when_the_other_is_full():
    def limits(moment: Moment) -> Mapping[str, int]:
        return {"all": 2, f"to/{moment.fax.to}": 1}

    world = World(acme(limits=limits))
    same = [world.send("+12125550100") for _ in range(3)]
    other = [world.send("+12125550101") for _ in range(2)]
    world.advance()
    assert {world.fax(fax).state for fax in (*same, *other)} == {State.delivered}
    assert [world.number(name) for name in ("all", "to/+12125550100", "to/+12125550101")] == [0, 0, 0]


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, 1)),
        st.tuples(st.just("cancel"), st.integers(0, 11)),
        st.tuples(st.just("advance"), st.sampled_from([0.25, 0.5, 1, 3, 7, 40])),
        st.tuples(st.just("lines"), st.sampled_from([0, 1, 2, 3, None])),
    ),
    max_size=40,
)
CALLS = st.lists(
    st.sampled_from([Outcome.delivered, Outcome.busy, Outcome.hangup, Outcome.no_answer]),
    min_size=1,
    max_size=3,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(actions=ACTIONS, lines=st.integers(1, 3), calls=CALLS)
def test_whatever_happens_no_line_is_lost_and_nobody_waits_for_ever(
    actions: list[tuple[str, int]], lines: int, calls: list[Outcome]
):
    world = World()
    world.plan(*calls)
    world.set(lines=lines)
    faxes: list[Fax] = []
    for action, value in actions:
        if action == "send":
            faxes.append(world.send(priority=value))
        elif action == "advance":
            world.advance(by=value)
        elif action == "lines":
            world.set(lines=value)
        elif (
            value < len(faxes)
            and not world.fax(faxes[value]).final
            and world.fax(faxes[value]).state != "reporting"
        ):
            world.cancel(faxes[value])
        on_line = [fax for fax in faxes if world.fax(fax).state in ON_LINE]
        assert world.number(LINES) == sum(bool(world.fax(fax).held) for fax in on_line)
    world.set(lines=lines)
    world.advance()
    assert free(world)
    assert {world.fax(fax).final for fax in faxes} <= {True}


def test_a_line_that_is_not_bounded_is_not_counted(world: World):
    world.send()
    world.advance(by=10)
    assert world.number(LINES) == 0
    world.set(lines=1)
    world.advance()
    assert free(world)


def test_a_fax_that_reports_cannot_be_cancelled(world: World):
    fax = world.send()
    world.advance(fax=fax.id, state="reporting")
    with pytest.raises(IllegalEvent):
        world.cancel(fax)
