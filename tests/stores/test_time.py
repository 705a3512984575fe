"""What every store must do with what is due, and with locks."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from emulator.core.faxes.fax import Fax
from emulator.core.sandbox import Clock
from emulator.core.storage.store import Due, SandboxStore, Store
from emulator.core.webhooks.delivery import Delivery
from tests.stores.things import BOX, Told, after, delivery, fax, sandbox


def test_what_is_due_comes_by_instant_then_faxes_then_by_sequence(box: SandboxStore):
    box.commit((fax(2, due_at=5.0), fax(1, due_at=5.0), fax(3, due_at=4.5), delivery(due_at=5.0), fax(4)))
    order = []
    while (due := box.due()) is not None:
        order.append((due.at, due.id))
        kind: Any = {"fax": Fax, "delivery": Delivery}[due.kind]
        box.commit((after(box.get(kind, due.id), due_at=None),))
    assert order == [(4.5, "fax-3"), (5.0, "fax-1"), (5.0, "fax-2"), (5.0, "delivery-1")]


def test_what_is_put_off_or_brought_forward_is_due_at_the_new_instant_only(box: SandboxStore):
    first = fax(due_at=5.0)
    box.commit((first, fax(2, due_at=6.0)))
    second = after(first, due_at=7.0)
    box.commit((second,))
    assert box.due() == Due(6.0, "fax", "fax-2")
    third = after(second, due_at=5.0)
    box.commit((third,))
    assert box.due() == Due(5.0, "fax", "fax-1")
    box.commit((after(third, due_at=None),))
    assert box.due() == Due(6.0, "fax", "fax-2")


def test_a_listener_is_told_when_what_is_due_first_comes_nearer(store: Store, box: SandboxStore):
    told = Told()
    box.commit((fax(due_at=5.0),))
    store.on_due(told.hear)
    box.commit((fax(2, due_at=4.0),))
    assert told.next() == BOX
    box.commit((after(fax(2), due_at=3.0),))
    assert told.next() == BOX


def test_a_listener_is_told_of_a_clock_and_when_a_lock_ends_that_was_wanted(store: Store, box: SandboxStore):
    told = Told()
    store.on_due(told.hear)
    box.commit((Clock(base=1.0, real_base=1.0),))
    assert told.next() == BOX
    with box.exclusive("play", wait=0), box.exclusive("play", wait=0) as wanted:
        assert not wanted
    assert told.next() == BOX


def test_a_listener_is_not_told_of_what_comes_later(store: Store, box: SandboxStore):
    told = Told()
    store.create(sandbox("other"), ())
    store.on_due(told.hear)
    box.commit((fax(due_at=5.0),))
    while told.next() != BOX:
        pass  # the other's making may be told of late
    box.commit((fax(2, due_at=6.0), fax(3)))
    store.of("other").commit((fax(due_at=5.0),))
    assert told.next() == "other"


def test_a_lock_is_held_by_one_at_a_time(box: SandboxStore):
    def try_it(name: str) -> bool:
        with box.exclusive(name, wait=0) as mine:
            return mine

    with ThreadPoolExecutor(1) as pool:
        with box.exclusive("play", wait=0) as mine:
            assert mine
            assert not pool.submit(try_it, "play").result()
            assert pool.submit(try_it, "other").result()
        assert pool.submit(try_it, "play").result()


def test_a_lock_is_waited_for(box: SandboxStore):
    held, order = threading.Event(), []

    def second() -> None:
        held.wait()
        with box.exclusive("play", wait=10) as mine:
            order.append(("second", mine))

    with ThreadPoolExecutor(1) as pool:
        with box.exclusive("play", wait=10):
            waiting = pool.submit(second)
            held.set()
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.05)
            order.append(("first", True))
        waiting.result()
    assert order == [("first", True), ("second", True)]


def test_a_lock_is_let_go_after_an_error(box: SandboxStore):
    with pytest.raises(ZeroDivisionError), box.exclusive("play", wait=0):
        raise ZeroDivisionError
    with box.exclusive("play", wait=0) as mine:
        assert mine
