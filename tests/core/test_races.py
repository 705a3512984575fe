"""Several threads at one sandbox: what one does must not undo, lose or double what another does."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from emulator.core.errors import IllegalEvent
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.sandbox import Mode, Rates
from emulator.core.webhooks.delivery import Delivery, DeliveryState
from emulator.stores.memory import MemoryStore
from emulator.stores.memory.store import MemorySandbox
from tests.core.world import PAGE, World, shown


@pytest.fixture(autouse=True)
def frequent_switches() -> Iterator[None]:
    """Let threads take turns far more often than usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def together(*actions: Callable[[], object]) -> None:
    """Run actions in threads that begin at one moment; raise what any of them raised."""
    gate = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        gate.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        for result in [pool.submit(run, action) for action in actions]:
            result.result()


class Interrupted(MemoryStore):
    """A store in which something else happens right before a commit."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], object] | None = None

    def of(self, sandbox_id: str) -> MemorySandbox:
        found = InterruptedSandbox(self, sandbox_id)
        found.shared = self
        return found


class InterruptedSandbox(MemorySandbox):
    shared: Interrupted

    def commit(self, *args: Any, **options: Any) -> None:
        if (before := self.shared.before) is not None:
            self.shared.before = None
            before()
        super().commit(*args, **options)


def interrupted() -> tuple[World, Interrupted]:
    """Give a world with one line, on which the first of two faxes is; the second is about to want it."""
    store = Interrupted()
    world = World(store=store)
    world.set(lines=1)
    world.send()
    world.advance(by=2)
    world.send()
    world.advance(by=1.5)
    return world, store


def many(world: World, count: int) -> Callable[[], object]:
    return lambda: [world.send() for _ in range(count)]


def all_faxes(world: World) -> list[Fax]:
    return world.own.store.list(Fax, "fax", limit=10_000, descending=False)


def test_faxes_that_are_sent_side_by_side_get_numbers_of_their_own(world: World):
    together(*[many(world, 50)] * 4)
    assert [fax.id for fax in all_faxes(world)] == [f"fax-{number}" for number in range(1, 201)]


def test_faxes_that_are_sent_during_an_advance_are_all_played(world: World):
    together(many(world, 100), many(world, 100), *[world.advance] * 2)
    world.advance()
    assert {fax.state for fax in all_faxes(world)} == {State.delivered}
    assert sorted(fax for fax, _ in world.network.said()) == sorted(
        f"fax-{number}" for number in range(1, 201)
    )


def test_each_webhook_goes_out_once_and_each_charge_is_made_once(world: World):
    world.set(rates=Rates(page=PAGE), balance=1000 * PAGE)
    many(world, 100)()
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=None)
    together(
        *[lambda: world.player.play_due(world.sandbox.id, lambda errand: errand.work())] * 3,
        *[world.advance] * 3,
    )
    world.advance()
    assert len(world.network.posts) == 100
    assert world.own.balance("acme") == 900 * PAGE
    states = {each.state for each in world.own.store.list(Delivery, "delivery", limit=1000)}
    assert states == {DeliveryState.delivered}


def test_a_cancel_races_the_end_of_the_call_and_one_of_them_wins(world: World):
    world.set(lines=2)

    def cancel_all() -> None:
        for fax in all_faxes(world):
            try:
                world.cancel(fax)
            except IllegalEvent:
                continue

    many(world, 60)()
    together(cancel_all, world.advance, cancel_all)
    world.advance()
    assert {fax.state for fax in all_faxes(world)} <= {State.delivered, State.cancelled}
    assert len(world.network.posts) == 60
    assert world.number("lines/acme") == 0
    assert world.own.store.count("waiting/acme") == 0


def test_lines_that_change_during_an_advance_leave_nobody_waiting(world: World):
    world.plan(Outcome.busy, Outcome.delivered)
    world.set(lines=0)
    many(world, 30)()

    def change() -> None:
        for lines in (0, 1, 0, 3, 0, 2) * 5:
            world.set(lines=lines)

    together(change, world.advance, world.advance)
    world.set(lines=2)
    world.advance()
    assert {fax.state for fax in all_faxes(world)} == {State.delivered}
    assert world.number("lines/acme") == 0


def test_a_balance_that_is_raised_during_an_advance_leaves_nobody_on_hold(world: World):
    world.set(rates=Rates(page=PAGE), balance=0)
    many(world, 30)()

    def pay() -> None:
        for _ in range(20):
            world.set(balance=0)
            world.set(balance=PAGE * 1000)

    together(pay, world.advance, world.advance)
    world.advance()
    assert {fax.state for fax in all_faxes(world)} == {State.delivered}


def test_settings_that_two_change_at_one_time_are_both_kept(world: World):
    def change(**settings: object) -> Callable[[], object]:
        return lambda: [world.set(**settings) for _ in range(25)]

    together(change(lines=3), change(active=False), change(balance=5), change(max_attempts=7))
    settings = world.own.settings("acme")
    assert (settings.lines, settings.active, settings.max_attempts) == (3, False, 7)
    assert world.own.balance("acme") == 5


def test_spans_that_several_advance_by_at_one_time_add_up(world: World):
    together(*[lambda: world.advance(by=10)] * 5)
    assert world.now() == 50


def test_a_fax_that_begins_to_wait_while_the_line_is_let_go_is_not_overlooked():
    world, store = interrupted()
    store.before = lambda: world.advance(by=1)
    world.cancel(world.fax("fax-1"))
    assert world.states("fax-2")[-1] == "waiting_line"
    world.advance()
    assert world.states("fax-2")[-1] == "delivered"


def test_a_fax_that_begins_to_wait_while_lines_are_added_is_not_overlooked():
    world, store = interrupted()
    world.advance(by=0.5)
    store.before = lambda: setattr(
        store, "before", lambda: world.set(lines=2)
    )  # first comes the clock's jump
    world.advance(by=0.5)
    assert world.states("fax-2")[-1] == "queued"


def test_a_fax_that_is_put_on_hold_while_money_comes_in_is_not_overlooked():
    store = Interrupted()
    world = World(store=store)
    world.set(rates=Rates(page=PAGE), balance=0)
    fax = world.send()
    world.advance(fax=fax.id, state="credit_check")
    store.before = lambda: setattr(
        store, "before", lambda: world.set(balance=PAGE)
    )  # first comes the clock's jump
    world.advance()
    assert world.states(fax)[3:6] == ["credit_hold", "waiting_line", "queued"]


def test_a_reset_during_an_advance_leaves_nothing_behind(world: World):
    world.set(lines=1)
    many(world, 50)()
    together(world.advance, lambda: world.sandboxes.reset(world.sandbox.id))
    world.advance()
    names = ("fax", "delivery", "leased/fax", "leased/delivery", "waiting/acme")
    assert [world.own.store.count(name) for name in names] == [0] * 5
    assert world.number("lines/acme") == 0


def test_the_timeline_of_an_advance_is_in_order_whatever_comes_in_meanwhile(world: World):
    played: list[object] = []
    together(many(world, 50), lambda: played.extend(shown(world.advance())))
    for fax in all_faxes(world):
        ats = [entry.at for entry in fax.timeline]
        assert ats == sorted(ats)
