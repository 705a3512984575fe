"""What goes wrong while the pump plays: it holds up nobody else, and not the end of the program."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

import pytest

from emulator.core.errors import Unavailable
from emulator.core.message import Message
from emulator.core.sandbox import Mode
from emulator.heart.outage import Outage
from emulator.heart.senders import Senders
from tests.heart.live import WAIT, Live, hook


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
