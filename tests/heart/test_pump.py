"""The pump plays running clocks: all that is due, as soon as it is due, and nothing else."""

from __future__ import annotations

import threading
import time

import pytest

from emulator.core.engine.player import Target
from emulator.core.sandbox import Hook, Mode
from tests.core.world import HOOK
from tests.heart.live import WAIT, Live


@pytest.mark.parametrize("speed", [200.0, 5000.0, None])
def test_a_fax_on_a_running_clock_is_played_to_its_end(live: Live, speed: float | None):
    sandbox = live.running(speed)
    live.submit(sandbox)
    live.wait()
    assert live.states(sandbox) == ["delivered"]


def test_no_beat_is_lost_in_many_quick_sandboxes(live: Live):
    speeds = [200.0, 500.0, 2000.0, 1e6, None]
    sandboxes = [live.running(speeds[number % 5]) for number in range(60)]
    threads = [
        threading.Thread(target=lambda part=part: [live.submit(each) for each in part * 3])
        for part in (sandboxes[::2], sandboxes[1::2])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    live.wait(180)
    assert {state for sandbox in sandboxes for state in live.states(sandbox)} == {"delivered"}


def test_a_sandbox_that_was_there_before_the_pump_is_played():
    world = Live()
    sandbox = world.running()
    world.submit(sandbox)
    world.pump.start()
    world.wait()
    world.pump.close()
    assert world.states(sandbox) == ["delivered"]


def test_an_idle_pump_is_not_armed(live: Live):
    sandbox = live.running()
    live.submit(sandbox)
    live.wait()
    live.player.courier.wait(live.engine.world(sandbox.id))
    deadline = time.monotonic() + WAIT
    while live.pump.armed is not None:
        assert time.monotonic() < deadline


def test_a_manual_clock_is_left_alone(live: Live):
    live.send()
    assert live.pump.armed is None


def test_a_clock_that_is_set_running_is_played(live: Live):
    live.set(outbound=Hook(HOOK))
    live.send()
    live.sandboxes.set_clock(live.sandbox.id, mode=Mode.running, speed=None)
    live.wait()


def test_a_slow_clock_that_is_set_faster_is_armed_anew(live: Live):
    sandbox = live.running(0.001)
    live.submit(sandbox)
    assert live.pump.armed is not None
    assert live.pump.armed > time.time() + 100
    live.sandboxes.set_clock(sandbox.id, speed=5000.0)
    live.wait()


def test_a_clock_that_comes_to_its_next_instant_in_centuries_can_be_armed(live: Live):
    sandbox = live.running(1e-300)
    live.submit(sandbox)
    assert live.states(sandbox) == ["received"]


def test_a_clock_that_is_stopped_is_played_no_further(live: Live):
    sandbox = live.running(0.001)
    live.submit(sandbox)
    live.sandboxes.set_clock(sandbox.id, mode=Mode.manual)
    live.pump.look(sandbox.id)
    other = live.running()
    live.submit(other)
    live.wait()
    assert live.states(sandbox) == ["received"]


def test_an_advance_of_a_running_sandbox_and_the_pump_send_each_webhook_once(live: Live):
    sandbox = live.running(2000.0)
    for _ in range(20):
        live.submit(sandbox)
    for _ in range(5):
        live.player.advance(sandbox.id, Target())
    live.wait(20)
    assert not live.posts.acquire(timeout=0.05)
    assert live.states(sandbox) == ["delivered"] * 20


def test_what_comes_due_while_an_advance_holds_a_sandbox_is_played_after_it(live: Live):
    sandbox = live.running()
    held, letting_go = threading.Event(), threading.Event()

    def hold() -> None:
        with live.store.of(sandbox.id).exclusive("play", wait=WAIT):
            held.set()
            letting_go.wait(WAIT)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(WAIT)
    live.submit(sandbox)
    live.submit(live.running())
    live.wait(1)
    assert live.states(sandbox) == ["received"]
    letting_go.set()
    live.wait(1)
    holder.join()


def test_a_clock_of_speed_max_goes_on_after_a_webhook_that_it_waited_for(live: Live):
    sandbox = live.running()
    live.submit(sandbox)
    live.submit(sandbox, send_at=live.engine.world(sandbox.id).now + 1_000_000)
    live.wait(2)
    assert live.states(sandbox) == ["delivered"] * 2


def test_a_sandbox_with_much_to_play_lets_others_have_their_turn(live: Live):
    busy, quick = live.running(), live.running()
    order: list[str] = []
    live.engine.listeners.append(lambda sandbox_id, kind, thing: order.append(sandbox_id))
    with live.store.of(busy.id).exclusive("play", wait=WAIT):
        for _ in range(200):
            live.submit(busy)
    live.submit(quick)
    live.wait(201)
    assert order.index(quick.id) < len(order) - 500


def test_lateness_is_told(live: Live):
    live.submit(live.running(speed=1000))
    live.wait()
    assert live.late
    assert all(0 <= each < WAIT for each in live.late)


def test_a_closed_pump_plays_nothing_more(live: Live):
    live.pump.close()
    sandbox = live.running()
    live.submit(sandbox)
    assert live.pump.armed is None
    assert live.states(sandbox) == ["received"]
