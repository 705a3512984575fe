from __future__ import annotations

import itertools

import pytest

from emulator.core.faxes.machine import Event, State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan
from emulator.core.sandbox import Mode, Rates
from tests.core.world import PAGE, START, World, acme


def test_a_delivered_fax_is_charged_once_and_exactly(world: World):
    world.set(rates=Rates(page=PAGE), balance=1_000_000)
    fax = world.send(pages=3)
    world.advance()
    world.own.amend(fax.id, details={"seen": True})
    assert (world.fax().charged, world.own.balance("acme")) == (
        3 * PAGE,
        1_000_000 - 3 * PAGE,
    )


def test_what_a_balance_holds_below_a_micro_stays_through_a_charge(world: World):
    settings = world.set(rates=Rates(page=PAGE), balance=1_000_000, below_micro=1234)
    assert settings.amount(world.own.balance("acme")) == 1.0000001234
    world.send()
    world.advance()
    left = world.own.balance("acme")
    assert settings.amount(left) == round(1.0000001234 - PAGE / 1_000_000, 10)


def test_a_failed_fax_costs_nothing(world: World):
    world.set(rates=Rates(page=PAGE), balance=1_000_000)
    world.plan(CallPlan(Outcome.line_error, pages=1))
    world.send(pages=3)
    world.advance()
    assert world.own.balance("acme") == 1_000_000


def test_a_fax_without_credit_is_held_until_the_balance_is_raised(world: World):
    world.set(rates=Rates(page=PAGE), balance=2 * PAGE)
    world.send(pages=3)
    world.advance()
    assert (world.fax().state, world.fax().outcome) == (State.credit_hold, Outcome.no_credit)
    world.set(balance=2 * PAGE + 1)
    world.advance()
    assert world.fax().state is State.credit_hold
    world.advance(by=10)
    world.set(balance=3 * PAGE)
    world.advance()
    assert (world.fax().state, world.fax().outcome) == (State.delivered, Outcome.delivered)
    assert (12, "waiting_line") in world.history()
    assert world.own.balance("acme") == 0


def test_faxes_that_go_on_with_new_funds_do_so_at_one_instant(world: World, monkeypatch: pytest.MonkeyPatch):
    world.set(rates=Rates(page=PAGE), balance=0)
    held = [world.send(), world.send()]
    world.advance()
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=1.0)
    ticks = itertools.count(START + 1000)
    monkeypatch.setattr(world.engine, "real", lambda: float(next(ticks)))
    world.set(balance=3 * PAGE)
    assert len({world.fax(each).due_at for each in held}) == 1


def test_a_vendor_without_a_hold_fails_the_fax():
    world = World(acme(on_no_credit=Event.refuse))
    world.set(rates=Rates(page=PAGE), balance=0)
    world.send()
    world.advance()
    assert (world.fax().state, world.fax().outcome) == (State.failed, Outcome.no_credit)


def test_no_credit_can_be_scripted(world: World):
    world.plan(Outcome.no_credit)
    world.send()
    world.advance()
    assert world.states()[-1] == "credit_hold"
