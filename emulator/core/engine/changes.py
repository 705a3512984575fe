"""A change of a fax becomes one commit: the fax, its webhooks, its price, and the faxes that it lets go on.

A fax that finds no room in a counter (no line is free) is committed waiting instead, with a guard that the
counter is still full; whoever frees room wakes the first that waits, in the same commit (see `waiting`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from emulator.core.dialect.vendor import Moment, Vendor
from emulator.core.engine.steps import Change
from emulator.core.engine.waiting import awake, waits_counter, wake
from emulator.core.errors import Conflict, LimitReached
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.sandboxes.sandbox import balance_of
from emulator.core.storage.store import Add
from emulator.core.webhooks.delivery import Delivery
from emulator.core.world import World


@dataclass(frozen=True)
class Completed:
    """A changed fax as its vendor shapes it, the moment of it, its webhooks, and what it adds to counters."""

    fax: Fax
    moment: Moment
    deliveries: tuple[Delivery, ...]
    adds: tuple[Add, ...]

    def tell(self) -> None:
        """Tell who listens, and the vendor, that it is written."""
        moment = self.moment
        moment.world.tell("fax", (moment.before, self.fax))
        if moment.vendor.after_change is not None:
            moment.world.shared.afterwards(partial(moment.vendor.after_change, moment))


def change(
    world: World, vendors: Mapping[str, Vendor], fax_id: str, make: Callable[[Fax, float], Change]
) -> Fax:
    """Apply `make` to the stored fax and commit, anew when another writer came first."""

    def once() -> Fax:
        fax, at = world.fax(fax_id), world.now
        moment = Moment(world, vendors[fax.vendor], world.settings(fax.vendor), at, fax, fax)
        return commit(moment, make(fax, at))

    return world.retry(once, fax_id)


def commit(moment: Moment, change: Change) -> Fax:
    """Write a change, all or nothing; raise Conflict, or LimitReached when the balance does not suffice."""
    done = complete(moment, change)
    woken, guards = wake(moment.world.store, change.freed, moment.at, but=done.fax.id)
    try:
        moment.world.commit(done.fax, *done.deliveries, *woken.values(), adds=(*done.adds, *guards))
    except LimitReached as full:
        if full.name in change.fallback:
            return _wait(moment, change, full.name)
        if full.name == balance_of(moment.vendor.name):
            raise
        raise Conflict(f"{full.name} has changed") from None
    done.tell()
    return _not_overlooked(moment, done.fax)


def complete(moment: Moment, change: Change) -> Completed:
    """See what follows from a change: the vendor's own marks, its price, its webhooks."""
    world, vendor, settings, at = moment.world, moment.vendor, moment.settings, moment.at
    before = moment.before
    fax, adds = change.fax, (*change.adds, *_recount(before, change.fax))
    after = Moment(world, vendor, settings, at, fax, before)
    if before is None or before.state is not fax.state:
        fax = vendor.amend(after)
        after = Moment(world, vendor, settings, at, fax, before)
    if price := vendor.charge(after):
        fax = fax.evolve(charged=fax.charged + price)
        after = Moment(world, vendor, settings, at, fax, before)
        least = 0 if vendor.prepaid else None
        adds = (*adds, Add(balance_of(vendor.name), -price, at_least=least))
    notices = vendor.notices(after)
    tampered = fax.final and fax.plan.webhook is not None
    deliveries = world.deliveries(vendor.name, notices, fax, at) if notices or tampered else ()
    return Completed(fax, after, deliveries, adds)


def _recount(before: Fax | None, after: Fax) -> tuple[Add, ...]:
    """Move a fax from the counter of those that are as it was to that of those that are as it is."""
    if before is None:
        return (Add(after.counter, 1),)
    return () if before.state is after.state else (Add(before.counter, -1), Add(after.counter, 1))


def _wait(moment: Moment, change: Change, counter: str) -> Fax:
    """Keep a fax waiting for room in a counter; let the next one use what it was woken for in vain."""
    before, waiting = moment.before, change.fallback[counter]
    unused = (before.waits_for,) if before and before.waits_for not in (None, counter) else ()
    woken, guards = wake(moment.world.store, unused, moment.at, but=waiting.id)
    full = Add(counter, 0, at_least=moment.vendor.limits(moment)[counter])
    try:
        moment.world.commit(waiting, *woken.values(), adds=(full, Add(waits_counter(counter), 1), *guards))
    except LimitReached:
        raise Conflict(f"{counter} has room again") from None
    return _not_overlooked(moment, waiting)


def _not_overlooked(moment: Moment, fax: Fax) -> Fax:
    """Wake a fax that was parked by settings which have changed since: their change has not seen it."""
    parked = fax.due_at is None and (fax.waits_for is not None or fax.state is State.credit_hold)
    world, vendor = moment.world, moment.vendor
    if not parked or world.settings(vendor.name).version == moment.settings.version:
        return fax
    return change(world, {vendor.name: vendor}, fax.id, lambda fax, at: Change(awake(fax, at)))
