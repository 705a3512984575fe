from __future__ import annotations

from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan
from tests.core.world import World


def poll(world: World) -> State:
    return world.own.count_poll(world.fax()).state


def test_a_fax_whose_scenario_counts_reads_is_played_through_when_they_suffice(world: World):
    world.plan(CallPlan(polls=2))
    world.send()
    world.advance()
    assert (world.states()[-1], world.now()) == ("waiting_line", 2.5)
    assert [poll(world), poll(world), poll(world)] == [State.waiting_line, State.delivered, State.delivered]
    assert (world.fax().pages_sent, world.now()) == (1, 2.5)
    assert [each.entry.what for each in world.advance()] == ["delivered"]


def test_each_call_waits_for_reads_of_its_own(world: World):
    world.plan(CallPlan(Outcome.busy, polls=1), CallPlan(polls=2))
    world.send()
    world.advance()
    assert [poll(world), poll(world), poll(world)] == [
        State.waiting_line, State.waiting_line, State.delivered,
    ]  # fmt: skip
    assert [call.outcome for call in world.fax().attempts] == [Outcome.busy, Outcome.delivered]


def test_reads_of_a_fax_that_waits_for_a_line_do_not_take_one(world: World):
    world.set(lines=1)
    world.send()
    world.advance(by=5)
    world.plan(CallPlan(polls=1))
    waiting = world.send()
    world.own.count_poll(waiting)
    assert world.states(waiting)[-1] == "waiting_line"
    world.advance()
    assert [world.fax(fax).state for fax in ("fax-1", waiting)] == [State.delivered] * 2


def test_reads_count_for_nothing_without_such_a_scenario(world: World):
    fax = world.send()
    assert world.own.count_poll(fax) == fax
