from __future__ import annotations

import pytest

from emulator.core.errors import IllegalEvent, NotFound
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from tests.core.world import World


def test_a_fax_that_rings_is_cut_short_by_a_cancel(world: World):
    fax = world.send()
    world.advance(by=4)
    world.cancel(fax)
    fax = world.fax()
    assert (fax.state, fax.outcome, fax.due_at, fax.held) == (State.cancelled, Outcome.cancelled, None, ())
    call = fax.attempts[0]
    assert (call.outcome, call.ring, call.duration, call.pages_sent) == (Outcome.cancelled, 1, 0, 0)


def test_a_fax_that_transmits_is_cut_short_by_a_cancel(world: World):
    fax = world.send(pages=3)
    world.advance(by=40)
    world.cancel(fax)
    call = world.fax().attempts[0]
    assert (call.outcome, call.ring, call.duration, call.pages_sent) == (Outcome.cancelled, 6, 31, 1)


def test_a_stuck_call_lasts_until_it_is_cancelled(world: World):
    world.plan(Outcome.stuck)
    fax = world.send()
    world.advance()
    world.advance(by=1000)
    world.cancel(fax)
    assert world.states()[-2:] == ["transmitting", "cancelled"]
    assert (world.fax().attempts[0].outcome, world.fax().attempts[0].duration) == (Outcome.cancelled, 1000)


def test_a_cancel_between_two_calls_leaves_the_first_as_it_was(world: World):
    world.plan(Outcome.busy)
    fax = world.send()
    world.advance(fax=fax.id, state="waiting_redial")
    world.cancel(fax)
    assert world.attempts() == [("busy", 3, 0)]
    assert world.states()[-2:] == ["waiting_redial", "cancelled"]


def test_a_cancel_outside_of_the_states_allowed_is_refused(world: World):
    fax = world.send()
    with pytest.raises(IllegalEvent, match="a fax that is received cannot be cancelled here"):
        world.own.cancel(fax.id, states=frozenset({State.waiting_redial}))
    assert world.fax() == fax


def test_a_cancel_of_an_unknown_fax_is_not_found(world: World):
    with pytest.raises(NotFound, match="no fax fax-9"):
        world.own.cancel("fax-9")
