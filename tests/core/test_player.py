from __future__ import annotations

import pytest

from emulator.core.engine import player as player_module
from emulator.core.engine.player import Target
from emulator.core.errors import Conflict, Invalid, NotFound
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan
from emulator.core.sandbox import LATEST
from tests.core.world import START, World, shown

DELIVERED_AT = 35.986


def test_until_idle_plays_everything_and_stops_at_the_last_instant(world: World):
    fax = world.send()
    played = world.advance()
    assert shown(played) == [
        (0.5, fax.id, "rendering"),
        (1.5, fax.id, "credit_check"),
        (2, fax.id, "waiting_line"),
        (2.5, fax.id, "queued"),
        (3, fax.id, "dialing"),
        (9, fax.id, "transmitting"),
        (31.486, fax.id, "page"),
        (34.986, fax.id, "reporting"),
        (DELIVERED_AT, fax.id, "delivered"),
        (DELIVERED_AT, fax.id, "delivered"),
    ]
    assert [each.entry.kind for each in played][-4:] == ["call", "state", "state", "webhook"]
    assert world.now() == DELIVERED_AT


def test_until_idle_comes_back_with_a_stuck_fax(world: World):
    world.plan(Outcome.stuck)
    world.send()
    world.advance()
    assert (world.now(), world.states()[-1]) == (9, "transmitting")
    assert world.advance() == []


def test_by_plays_what_is_due_in_the_span_and_stops_at_its_end(world: World):
    world.send()
    assert shown(world.advance(by=2)) == [
        (0.5, "fax-1", "rendering"),
        (1.5, "fax-1", "credit_check"),
        (2, "fax-1", "waiting_line"),
    ]
    assert world.now() == 2
    assert world.advance(by=0.25) == []
    assert world.now() == 2.25


def test_to_plays_what_is_due_up_to_the_instant(world: World):
    world.send()
    world.advance(to=START + 3)
    assert (world.now(), world.states()[-1]) == (3, "dialing")


def test_to_an_instant_that_has_passed_changes_nothing(world: World):
    world.advance(by=10)
    assert world.advance(to=START + 5) == []
    assert world.now() == 10


def test_until_a_state_stops_right_after_that_transition(world: World):
    world.send()
    other = world.send()
    played = world.advance(fax=other.id, state="dialing")
    assert shown(played)[-1] == (3, other.id, "dialing")
    assert world.states(other)[-1] == "dialing"
    assert world.now() == 3


def test_until_a_state_goes_on_to_the_next_time_that_the_fax_comes_there(world: World):
    world.plan(Outcome.busy)
    fax = world.send()
    for at in (3, 306, 609):
        world.advance(fax=fax.id, state="dialing")
        assert world.now() == at
        world.advance(by=4)


def test_until_the_state_that_a_fax_is_in_plays_nothing(world: World):
    fax = world.send()
    assert world.advance(fax=fax.id, state="received") == []


def test_until_a_state_that_a_finished_fax_has_been_in_plays_nothing(world: World):
    fax = world.send()
    world.advance()
    assert world.advance(fax=fax.id, state="transmitting") == []


def test_until_a_state_that_a_fax_does_not_come_to_is_refused_when_the_fax_ends(world: World):
    fax, later = world.send(), world.send(send_at=START + 1000)
    with pytest.raises(Invalid, match="fax-1 is delivered and does not come to failed by itself"):
        world.advance(fax=fax.id, state="failed")
    assert (world.now(), world.states(later)) == (DELIVERED_AT, ["scheduled"])


def test_until_a_state_that_nothing_leads_to_is_refused_when_nothing_is_due(world: World):
    world.plan(Outcome.stuck)
    fax = world.send()
    with pytest.raises(Invalid, match="fax-1 is transmitting and does not come to delivered"):
        world.advance(fax=fax.id, state="delivered")


def test_until_an_unknown_state_or_fax_is_refused_before_anything_is_played(world: World):
    fax = world.send()
    with pytest.raises(Invalid, match="no state gone") as wrong:
        world.advance(fax=fax.id, state="gone")
    assert wrong.value.field == "until.state"
    with pytest.raises(NotFound, match="no fax fax-9"):
        world.advance(fax="fax-9", state="failed")
    assert (world.now(), world.states()) == (0, ["received"])


def test_an_unknown_sandbox_is_not_found(world: World):
    with pytest.raises(NotFound, match="no sandbox nowhere"):
        world.player.advance("nowhere", Target())


@pytest.mark.parametrize("target", [{"to": LATEST + 1}, {"by": LATEST}])
def test_beyond_the_end_of_time_is_refused(world: World, target: dict[str, float]):
    with pytest.raises(Invalid, match="later than this program's time goes"):
        world.advance(**target)


def test_what_is_due_after_the_end_of_time_leaves_a_sandbox_idle(world: World):
    world.plan(CallPlan(ring=LATEST))
    world.send()
    world.advance()
    assert (world.now(), world.states()[-1]) == (3, "dialing")


def test_what_feeds_itself_without_end_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(player_module, "MOST_STEPS", 100)
    world.network.when_called = lambda what: world.send()
    world.send()
    with pytest.raises(Conflict, match="something feeds itself: 100 steps and still not idle"):
        world.advance()


# order
def test_two_faxes_are_played_by_instant_then_by_number(world: World):
    world.send()
    world.advance(by=1)
    world.send()
    moved = [each for each in world.advance() if each.entry.kind != "webhook"]
    ats = [(at, fax) for at, fax, _ in shown(moved)]
    assert ats == sorted(ats)


def test_at_one_instant_faxes_move_before_webhooks_go_out(world: World):
    world.send(), world.send()
    kinds = [each.entry.kind for each in world.advance()][-4:]
    assert kinds == ["state", "state", "webhook", "webhook"]


def test_what_was_due_before_the_clock_was_set_forward_happens_at_its_own_instant(world: World):
    world.send()
    world.sandboxes.set_clock(world.sandbox.id, now=START + 1000)
    world.send()
    world.advance()
    assert world.history("fax-1")[-1] == (DELIVERED_AT, "delivered")
    assert world.history("fax-2")[-1] == (1000 + DELIVERED_AT, "delivered")
