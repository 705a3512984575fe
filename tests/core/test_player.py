from __future__ import annotations

import threading
import time

import pytest

from emulator.core import player as player_module
from emulator.core.clock import LATEST, Mode
from emulator.core.courier import Errand
from emulator.core.delivery import Delivery, DeliveryState, RetryRule, every
from emulator.core.errors import Conflict, Invalid, NotFound
from emulator.core.fax import Source
from emulator.core.message import Fetch, Trouble
from emulator.core.outcomes import Outcome
from emulator.core.plan import CallPlan
from emulator.core.player import Target
from emulator.core.sandbox import Hook
from tests.core.world import HOOK, START, World, acme, shown

DELIVERED_AT = 35.986


def the_delivery(world: World) -> Delivery:
    found = world.store.get(world.sandbox.id, Delivery, "delivery-1")
    assert found is not None
    return found


# how far
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


# webhooks
def test_a_refused_webhook_is_sent_again_at_the_vendor_s_intervals(world: World):
    world.network.statuses = [500, Trouble.timeout, 200]
    world.send()
    posts = [each.entry for each in world.advance() if each.entry.kind == "webhook"]
    assert [(round(post.at - START, 3), post.detail) for post in posts] == [
        (DELIVERED_AT, {**posts[0].detail, "attempt": 1, "status": 500, "error": None, "state": "pending"}),
        (95.986, {**posts[0].detail, "attempt": 2, "status": None, "error": "timeout", "state": "pending"}),
        (695.986, {**posts[0].detail, "attempt": 3, "status": 200, "error": None, "state": "delivered"}),
    ]
    assert posts[0].detail.keys() == {"delivery", "attempt", "status", "error", "url", "state"}


def test_a_webhook_is_given_up_after_its_last_interval(world: World):
    world.network.statuses = [500] * 9
    world.send()
    world.advance()
    delivery = the_delivery(world)
    assert (delivery.state, len(delivery.attempts), delivery.due_at, delivery.leased_until) == (
        DeliveryState.failed, 3, None, None,
    )  # fmt: skip


def test_two_days_of_retries_take_well_under_a_second():
    world = World(acme(retries={"outbound": RetryRule(every(900, until=48 * 3600))}))
    world.set(outbound=Hook(HOOK))
    world.network.statuses = [500] * 1000
    world.send()
    begun = time.perf_counter()
    world.advance()
    assert time.perf_counter() - begun < 0.5
    assert (len(world.network.posts), world.now()) == (193, DELIVERED_AT + 48 * 3600)


def test_an_error_of_ours_while_sending_counts_as_a_failed_try_and_is_raised(world: World):
    def explode(what: object) -> None:
        world.network.when_called = lambda what: None
        raise RuntimeError("a bug")

    world.network.when_called = explode
    world.send()
    with pytest.raises(RuntimeError, match="a bug"):
        world.advance()
    world.advance()
    delivery = the_delivery(world)
    assert [post.reply.error or post.reply.status for post in delivery.attempts] == ["bad_message", 200]


# receivers that call back
def test_a_receiver_that_sends_a_fax_from_inside_its_webhook_is_answered_with_the_time_of_the_webhook(
    world: World,
):
    def send_one(what: object) -> None:
        if len(world.network.posts) == 1:
            world.send()

    world.network.when_called = send_one
    world.send()
    world.advance()
    assert world.history("fax-2")[0] == (DELIVERED_AT, "received")
    assert world.history("fax-2")[-1][1] == "delivered"
    assert world.network.said() == [("fax-1", "delivered"), ("fax-2", "delivered")]


def test_a_receiver_that_cancels_a_fax_from_inside_its_webhook_stops_it_there(world: World):
    world.set(profile={"all": True})
    world.network.when_called = lambda what: len(world.network.posts) == 5 and world.cancel(world.fax())
    world.send()
    world.advance()
    assert world.states()[-2:] == ["queued", "cancelled"]


def test_a_reset_from_inside_a_webhook_leaves_an_empty_sandbox(world: World):
    world.network.when_called = lambda what: world.sandboxes.reset(world.sandbox.id)
    world.send(), world.send()
    world.advance()
    assert world.store.count(world.sandbox.id, "fax") == 0
    assert world.store.count(world.sandbox.id, "delivery") == 0
    assert len(world.network.posts) == 1


def test_the_answer_to_a_webhook_from_before_a_reset_does_not_reach_its_namesake(world: World):
    errands: list[Errand] = []
    for _ in range(2):
        world.sandboxes.reset(world.sandbox.id)
        world.send()
        world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=1)
        world.real.pass_(40)
        world.player.play_due(world.sandbox.id, lambda errand: errands.append(errand) or [])
    before, after = errands
    assert before.work() == []
    assert the_delivery(world).state is DeliveryState.sending
    after.work()
    assert [post.reply.status for post in the_delivery(world).attempts] == [200]


def test_a_sandbox_that_is_removed_from_inside_a_webhook_is_not_found(world: World):
    world.network.when_called = lambda what: world.store.remove(world.sandbox.id)
    world.send()
    with pytest.raises(NotFound, match="no sandbox"):
        world.advance()


def test_a_sandbox_that_is_removed_from_inside_a_fetch_is_not_found(world: World):
    world.network.documents["http://files.test/1"] = b"Dear Sir"
    world.network.when_called = lambda what: world.store.remove(world.sandbox.id)
    world.send(source=Source(Fetch("http://files.test/1")))
    with pytest.raises(NotFound, match="no sandbox"):
        world.advance()


# advances side by side
def test_two_advances_of_one_sandbox_are_taken_one_after_the_other(world: World):
    inside, others = threading.Event(), []

    def second() -> None:
        others.append(world.advance(by=1000))

    def hold(what: object) -> None:
        if not inside.is_set():
            inside.set()
            thread.start()
            thread.join(0.05)
            assert thread.is_alive()

    thread = threading.Thread(target=second)
    world.network.when_called = hold
    world.send()
    first = world.advance(by=1000)
    thread.join()
    assert len(first) == 10
    assert others == [[]]
    assert world.now() == 2000


def test_two_sandboxes_are_advanced_side_by_side(world: World):
    other = world.make()
    world.network.when_called = lambda what: world.player.advance(other.id, Target(by=7))
    world.send()
    world.advance()
    assert world.engine.now(other.id) == START + 7
    assert world.now() == DELIVERED_AT


def test_an_advance_waits_for_a_webhook_that_a_running_clock_has_begun(world: World):
    errands: list[Errand] = []
    world.network.statuses = [500, 200]
    world.send()
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=1)
    world.real.pass_(40)
    assert world.player.play_due(world.sandbox.id, lambda errand: errands.append(errand) or [])
    answer = threading.Timer(0.02, errands[0].work)
    answer.start()
    played = world.advance()
    answer.join()
    assert [(at, what) for at, _, what in shown(played)] == [(95.986, "delivered")]
    assert len(world.network.posts) == 2


def test_what_another_process_has_begun_and_not_ended_is_taken_over_when_its_lease_is_over(world: World):
    world.send()
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=1)
    world.real.pass_(40)
    world.player.play_due(world.sandbox.id, lambda errand: [])
    world.real.pass_(61)
    played = world.advance()
    assert [each.entry.kind for each in played] == ["webhook"]
    assert world.network.said() == [("fax-1", "delivered")]


def test_a_webhook_that_waited_long_for_a_thread_renews_its_lease(world: World):
    errands: list[Errand] = []
    world.send()
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=1)
    world.real.pass_(40)
    world.player.play_due(world.sandbox.id, lambda errand: errands.append(errand) or [])
    world.real.pass_(50)
    leases = []
    world.network.when_called = lambda what: leases.append(
        world.store.list(world.sandbox.id, Delivery, "leased/delivery")[0].leased_until
    )
    errands[0].work()
    assert leases == [START + 40 + 50 + 60]
    assert world.store.count(world.sandbox.id, "leased/delivery") == 0


def test_a_webhook_that_was_taken_over_is_not_sent_by_the_one_who_came_late(world: World):
    errands: list[Errand] = []
    world.send()
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=1)
    world.real.pass_(40)
    world.player.play_due(world.sandbox.id, lambda errand: errands.append(errand) or [])
    world.real.pass_(61)
    world.advance()
    assert errands[0].work() == []
    assert len(world.network.posts) == 1


# running clocks
def test_a_running_clock_plays_what_it_has_reached(world: World):
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=2)
    world.send()
    world.real.pass_(1)
    assert world.player.play_due(world.sandbox.id, lambda errand: errand.work())
    assert world.states() == ["received", "rendering", "credit_check", "waiting_line"]
    assert world.player.next_wake(world.sandbox.id) == START + 1.25


def test_a_clock_of_speed_max_jumps_from_instant_to_instant(world: World):
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=None)
    world.send()
    world.player.play_due(world.sandbox.id, lambda errand: errand.work())
    assert (world.states()[-1], world.now()) == ("delivered", DELIVERED_AT)
    assert world.player.next_wake(world.sandbox.id) is None


def test_a_clock_of_speed_max_stands_while_a_webhook_is_out(world: World):
    errands: list[Errand] = []
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=None)
    world.send(), world.send(send_at=START + 1000)
    world.player.play_due(world.sandbox.id, lambda errand: errands.append(errand) or [])
    assert world.player.next_wake(world.sandbox.id) is None
    assert world.states("fax-2") == ["scheduled"]
    errands[0].work()
    assert world.player.next_wake(world.sandbox.id) is not None


def test_a_running_clock_leaves_a_sandbox_alone_that_is_being_advanced(world: World):
    turns = []
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=1)
    world.network.when_called = lambda what: turns.append(
        world.player.play_due(world.sandbox.id, lambda errand: [])
    )
    world.send()
    world.advance()
    assert turns == [False]


def test_a_running_clock_gives_way_after_a_turn(world: World):
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=None)
    for _ in range(30):
        world.send()
    for _ in range(2):
        assert world.player.play_due(world.sandbox.id, lambda errand: errand.work())
    assert {world.fax(f"fax-{number}").state for number in range(1, 31)} == {"delivered"}
