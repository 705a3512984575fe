from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from emulator.core.engine.player import Target
from emulator.core.errors import Unavailable
from emulator.core.faxes.fax import Fax, Submission
from emulator.core.message import Message
from emulator.core.sandbox import Hook, Mode, Sandbox
from emulator.heart.outage import Outage
from emulator.heart.pump import Pump
from emulator.heart.senders import Senders
from tests.core.world import HOOK, World

WAIT = 20.0


class Live(World):
    """A world in real time, whose pump plays the running clocks; webhooks are counted."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.engine.real = time.time
        self.posts = threading.Semaphore(0)
        self.network.when_called = lambda what: self.posts.release()
        self.pump = Pump(self.player)

    def running(self, speed: float | None = None, **options: Any) -> Sandbox:
        """Make a sandbox with a running clock whose vendor posts webhooks."""
        hooks = {"acme": {"outbound": Hook(HOOK)}}
        return self.make(mode=Mode.running, speed=speed, hooks=hooks, **options)

    def submit(self, sandbox: Sandbox, **more: Any) -> Fax:
        return self.engine.world(sandbox.id).submit(Submission("acme", "+12125550123", pages=1, **more))

    def wait(self, count: int = 1) -> None:
        """Wait until so many webhooks have come."""
        for number in range(count):
            assert self.posts.acquire(timeout=WAIT), f"{number} of {count} webhooks came"

    def states(self, sandbox: Sandbox) -> list[str]:  # type: ignore[override]
        return [fax.state.value for fax in self.store.of(sandbox.id).list(Fax, "fax", limit=1000)]


@pytest.fixture
def live() -> Iterator[Live]:
    before = set(threading.enumerate())
    world = Live()
    world.pump.start()
    yield world
    world.pump.close()
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []


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


def test_an_error_in_one_sandbox_stops_no_other(live: Live, caplog: pytest.LogCaptureFixture):
    broken, sound = live.running(), live.running()
    reached = threading.Event()

    def explode(sandbox_id: str, kind: str, thing: Any) -> None:
        if sandbox_id == broken.id and thing[0] is not None:
            reached.set()
            raise RuntimeError("a bug")

    live.engine.listeners.append(explode)
    with caplog.at_level(logging.ERROR, "emulator.heart.pump"):
        live.submit(broken)
        assert reached.wait(WAIT)
        live.submit(sound)
        live.wait()
    assert caplog.messages == [f"playing sandbox {broken.id} failed; it is tried again"]
    assert live.states(sound) == ["delivered"]


def test_a_removed_sandbox_is_forgotten(live: Live):
    sandbox = live.running(20.0)
    live.submit(sandbox)
    live.store.remove(sandbox.id)
    live.submit(live.running())
    live.wait()


def test_a_slow_receiver_holds_up_nobody_else(live: Live):
    answer = threading.Event()

    def when_called(what: Message) -> None:
        if "slow" in what.url:
            answer.wait(WAIT)
        live.posts.release()

    live.network.when_called = when_called  # type: ignore[assignment]
    slow = [live.make(mode=Mode.running, speed=None, hooks=hook("http://slow.test/1")) for _ in range(20)]
    for sandbox in slow:
        live.submit(sandbox)
    live.submit(live.running())
    live.wait(1)
    answer.set()
    live.wait(20)


def hook(url: str) -> dict[str, dict[str, Hook]]:
    return {"acme": {"outbound": Hook(url)}}


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


def test_a_webhook_that_is_out_may_finish_when_the_pump_is_closed():
    world, finished = Live(), []
    begun, answer = threading.Event(), threading.Event()

    def when_called(what: Any) -> None:
        begun.set()
        answer.wait(WAIT)
        finished.append(what)

    world.network.when_called = when_called
    world.pump.start()
    world.submit(world.running())
    assert begun.wait(WAIT)
    closing = threading.Thread(target=world.pump.close)
    closing.start()
    answer.set()
    closing.join(WAIT)
    assert len(finished) == 1


def test_a_closed_pump_plays_nothing_more(live: Live):
    live.pump.close()
    sandbox = live.running()
    live.submit(sandbox)
    assert live.pump.armed is None
    assert live.states(sandbox) == ["received"]


def test_an_outage_is_told_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture):
    outage = Outage()
    for _ in range(2):
        for _ in range(100):
            outage.note(Unavailable("the store cannot answer"))
        for _ in range(100):
            outage.end()
    assert [record.getMessage() for record in caplog.records] == 2 * [
        "what is due waits: the store cannot answer",
        "what was due goes on: the store answers again",
    ]


def test_work_that_the_store_is_silent_for_leaves_no_traceback(caplog: pytest.LogCaptureFixture):
    senders, done = Senders(), threading.Semaphore(0)

    def work() -> None:
        done.release()
        raise Unavailable("the store cannot answer")

    for _ in range(20):
        senders.submit("http://h", work)
    for _ in range(20):
        assert done.acquire(timeout=WAIT)
    senders.close()
    assert [record.exc_info for record in caplog.records] == [None]


def test_a_step_that_does_not_end_holds_up_its_own_sandbox_alone(monkeypatch: pytest.MonkeyPatch, live: Live):
    monkeypatch.setattr("emulator.heart.pump.PATIENCE", 0.1)
    over, held, other = threading.Event(), live.running(), live.running()
    beats = lambda: threading.current_thread().name.startswith("localfax-beats")  # noqa: E731
    live.engine.listeners.append(
        lambda sandbox_id, *told: sandbox_id == held.id and beats() and over.wait(WAIT)
    )
    live.submit(held)
    live.submit(other)
    live.wait()
    assert live.states(other) == ["delivered"]
    over.set()
    live.wait()
    assert live.states(held) == ["delivered"]


def test_the_program_ends_though_a_step_does_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("emulator.heart.beats.GRACE", 0.05)
    world, begun, over = Live(), threading.Event(), threading.Event()

    def endless(what: str) -> None:
        begun.set()
        over.wait(WAIT)

    sandbox = world.running()
    world.engine.listeners.append(lambda *told: endless("told") if told[1] == "fax" else None)
    threading.Thread(target=lambda: world.submit(sandbox), daemon=True).start()
    assert begun.wait(WAIT)
    over.set()
    begun.clear()
    over.clear()
    world.pump.start()
    assert begun.wait(WAIT)
    before = time.monotonic()
    world.pump.close()
    assert time.monotonic() - before < 2
    over.set()
