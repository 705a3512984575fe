from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from emulator.heart.senders import Senders

WAIT = 10.0


@pytest.fixture
def senders() -> Iterator[Senders]:
    made = Senders(threads=6, each=2)
    yield made
    made.close()


class Gate:
    """Work that says that it has begun and goes on when told."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.open = threading.Event()

    def __call__(self) -> None:
        self.begun.release()
        self.open.wait(WAIT)

    def wait(self, count: int) -> None:
        for _ in range(count):
            assert self.begun.acquire(timeout=WAIT)

    def nobody_more(self) -> bool:
        return not self.begun.acquire(timeout=0.05)


def test_work_for_one_destination_is_done_by_so_many_threads_and_no_more(senders: Senders):
    gate = Gate()
    for _ in range(5):
        senders.submit("slow", gate)
    gate.wait(2)
    assert gate.nobody_more()
    gate.open.set()
    gate.wait(3)


def test_a_slow_destination_holds_up_no_other(senders: Senders):
    gate, done = Gate(), threading.Event()
    for _ in range(50):
        senders.submit("slow", gate)
    senders.submit("fast", done.set)
    assert done.wait(WAIT)
    gate.open.set()
    gate.wait(50)


def test_no_more_threads_are_started_than_allowed(senders: Senders):
    gate = Gate()
    for destination in range(8):
        senders.submit(str(destination), gate)
    gate.wait(6)
    assert gate.nobody_more()
    gate.open.set()
    gate.wait(2)


def test_threads_that_are_idle_are_used_again(senders: Senders):
    names = set()
    for _ in range(20):
        done = threading.Event()
        senders.submit("one", lambda done=done: (names.add(threading.current_thread().name), done.set()))
        assert done.wait(WAIT)
    assert len(names) <= 2


def test_work_for_one_destination_is_begun_in_its_order():
    senders, order, done = Senders(each=1), [], threading.Event()
    for number in range(100):
        senders.submit("one", lambda number=number: order.append(number))
    senders.submit("one", done.set)
    assert done.wait(WAIT)
    assert order == list(range(100))
    senders.close()


def test_an_error_is_logged_and_ends_nothing(senders: Senders, caplog: pytest.LogCaptureFixture):
    done = threading.Event()

    def fail() -> None:
        raise RuntimeError("a bug")

    with caplog.at_level(logging.ERROR):
        for _ in range(10):
            senders.submit("one", fail)
        senders.submit("one", done.set)
        assert done.wait(WAIT)
        senders.close()
    assert caplog.messages == ["a webhook or fetch failed on our side"] * 10


def test_everything_that_is_submitted_is_done_once():
    senders, lock, counts = Senders(threads=16, each=4), threading.Lock(), dict.fromkeys(range(20), 0)
    left = threading.Semaphore(0)

    def work(destination: int) -> None:
        with lock:
            counts[destination] += 1
        left.release()

    for number in range(2000):
        senders.submit(str(number % 20), lambda number=number: work(number % 20))
    for _ in range(2000):
        assert left.acquire(timeout=WAIT)
    assert set(counts.values()) == {100}
    senders.close()


def test_closing_begins_nothing_more_and_waits_for_what_is_under_way():
    senders, gate, done = Senders(each=1), Gate(), []
    senders.submit("one", lambda: (gate(), done.append("first")))
    senders.submit("one", lambda: done.append("second"))
    gate.wait(1)
    closing = threading.Thread(target=senders.close)
    closing.start()
    gate.open.set()
    closing.join(WAIT)
    assert done == ["first"]
    senders.submit("two", lambda: done.append("late"))
    assert done == ["first"]


def test_closing_does_not_wait_for_ever():
    senders, gate = Senders(), Gate()
    senders.submit("one", gate)
    gate.wait(1)
    senders.close(grace=0.01)
    gate.open.set()
