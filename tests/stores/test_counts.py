"""Faxes counted by state: kept by every store in the commit that moves the fax."""

from __future__ import annotations

import random
from collections import Counter

from emulator.core.engine.counts import CountKey, read_counts
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import FINAL
from emulator.core.faxes.outcomes import Outcome
from emulator.core.storage.store import Store
from tests.core.world import World


def test_counts_are_those_of_the_faxes_at_every_instant(store: Store) -> None:
    world, chance = World(store=store), random.Random(7)
    ends = (Outcome.delivered, Outcome.busy, Outcome.not_fax, Outcome.stuck, Outcome.conversion_failed)
    for _ in range(40):
        world.plan(chance.choice(ends), Outcome.delivered)
        world.send()
        if chance.random() < 0.3:
            world.cancel(chance.choice([fax for fax in faxes(world) if fax.state not in FINAL]))
        world.advance(by=chance.choice((0.0, 5.0, 60.0)))
        assert read_counts(store.of(world.sandbox.id).numbers()) == Counter(
            CountKey("acme", fax.direction.value, fax.state.value) for fax in faxes(world)
        )
    assert {kind.state for kind in read_counts(store.of(world.sandbox.id).numbers())} > {
        "delivered",
        "failed",
    }


def faxes(world: World) -> list[Fax]:
    return world.own.store.list(Fax, Fax.kind, limit=1000)
