from __future__ import annotations

import threading

import pytest

from emulator.core.engine.courier import Errand
from emulator.core.engine.player import Target
from emulator.core.sandbox import FASTEST, LATEST, Mode
from emulator.core.webhooks.delivery import Delivery
from tests.core.world import START, World, shown

DELIVERED_AT = 35.986


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
    assert world.engine.world(other.id).now == START + 7
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
        world.own.store.list(Delivery, "leased/delivery")[0].leased_until
    )
    errands[0].work()
    assert leases == [START + 40 + 50 + 60]
    assert world.own.store.count("leased/delivery") == 0


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


@pytest.mark.parametrize("speed", [None, FASTEST])
def test_a_fax_behind_the_end_of_time_is_never_played(world: World, speed: float | None):
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=speed)
    world.send(send_at=LATEST + 1)
    world.real.pass_(1e6)
    world.player.play_due(world.sandbox.id, lambda errand: errand.work())
    assert world.states() == ["scheduled"]
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
