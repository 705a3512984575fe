"""A change of a fax becomes one commit: the fax, its webhooks, its price, and the faxes that it lets go on.

A fax that finds no room in a counter (no line is free) is committed waiting instead, with a guard that the
counter is still full; whoever frees room wakes the first that waits, in the same commit (see `waiting`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from emulator.core.dialect.moment import Moment, Scene, complete
from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.steps import Change
from emulator.core.engine.waiting import awake, waits_counter, wake
from emulator.core.errors import Conflict, LimitReached
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.item import Add
from emulator.core.sandbox import balance_of
from emulator.core.world import World


def change(
    world: World, vendors: Mapping[str, Vendor], fax_id: str, make: Callable[[Fax, float], Change]
) -> Fax:
    """Apply `make` to the stored fax and commit, anew when another writer came first."""

    def once() -> Fax:
        fax, at = world.fax(fax_id), world.now
        moment = Scene(world, vendors[fax.vendor], world.settings(fax.vendor), at).of(fax, fax)
        return commit(moment, make(fax, at))

    return world.retry(once, fax_id)


def commit(moment: Moment, change: Change) -> Fax:
    """Write a change, all or nothing; raise Conflict, or LimitReached when the balance does not suffice."""
    done = complete(moment.of(change.fax, moment.before), change.adds)
    fax = done.moment.fax
    woken, guards = wake(moment.world.store, change.freed, moment.at, but=fax.id)
    try:
        moment.world.commit((fax, *done.deliveries, *woken.values()), adds=(*done.adds, *guards))
    except LimitReached as full:
        if full.name in change.fallback:
            return _wait(moment, change, full.name)
        if full.name == balance_of(moment.vendor.name):
            raise
        raise Conflict(f"{full.name} has changed") from None
    done.tell()
    return _not_overlooked(moment, fax)


def _wait(moment: Moment, change: Change, counter: str) -> Fax:
    """Keep a fax waiting for room in a counter; let the next one use what it was woken for in vain."""
    before, waiting = moment.before, change.fallback[counter]
    unused = (before.waits_for,) if before and before.waits_for not in (None, counter) else ()
    woken, guards = wake(moment.world.store, unused, moment.at, but=waiting.id)
    full = Add(counter, 0, at_least=moment.vendor.limits(moment)[counter])
    try:
        adds = (full, Add(waits_counter(counter), 1), *guards)
        moment.world.commit((waiting, *woken.values()), adds=adds)
    except LimitReached:
        raise Conflict(f"{counter} has room again") from None
    return _not_overlooked(moment, waiting)


def _not_overlooked(moment: Moment, fax: Fax) -> Fax:
    """Wake a fax that was parked by settings which have changed since: their change has not seen it."""
    parked = fax.state is State.credit_hold or (fax.due_at is None and fax.waits_for is not None)
    world, vendor = moment.world, moment.vendor
    if not parked or world.settings(vendor.name).version == moment.settings.version:
        return fax
    return change(world, {vendor.name: vendor}, fax.id, lambda fax, at: Change(awake(fax, at)))
