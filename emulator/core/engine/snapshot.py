"""Everything of a sandbox but its credentials, taken as it stands and put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulator.core.engine.counts import recount
from emulator.core.engine.engine import LivingWorld
from emulator.core.errors import Conflict, Invalid
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import MACHINES
from emulator.core.item import Add, Item, Record
from emulator.core.message import JSON
from emulator.core.sandbox import FASTEST, LATEST, Clock, Settings
from emulator.core.scripting.scenario import OneShot, Rule
from emulator.core.webhooks.delivery import Delivery

FORMAT = 2
"""Grows when an older program could not read what is written. Until 2 a webhook named its retry rule."""

KINDS: dict[str, type[Item]] = {
    kind.kind: kind for kind in (Clock, Settings, Fax, Delivery, Record, Rule, OneShot)
}
ALL = 1_000_000
"""More entries than any journal keeps."""
PATIENCE = 10.0
"""Real seconds that a load waits for an advance to end."""


@dataclass(frozen=True)
class Snapshot:
    """`items` of every kind; `counters` (other than 0), `journals` (oldest first), `documents` by digest.

    `dropped` says how many entries each journal had let go; to load that changes nothing.
    """

    items: Sequence[Item]
    counters: Mapping[str, int]
    documents: Mapping[str, bytes]
    journals: Mapping[str, Sequence[Mapping[str, JSON]]]
    dropped: Mapping[str, int]


def take(world: LivingWorld) -> Snapshot:
    """Take a snapshot; what is under way is as if not begun. Raises Conflict during an advance."""
    store = world.store
    with store.exclusive("play", wait=PATIENCE) as mine:
        if not mine:
            raise Conflict("the sandbox is being advanced")
        at = world.now
        blobs = {digest: store.blob(digest) for digest in store.digests()}
        pages = {name: store.journal(name, limit=ALL) for name in store.journals()}
        return Snapshot(
            tuple(_at_rest(item, at, world.real()) for item in store.items()),
            {name: value for name, value in store.numbers().items() if value},
            {digest: content for digest, content in blobs.items() if content is not None},
            {name: [entry for _, entry in page.entries] for name, page in pages.items()},
            {name: page.dropped for name, page in pages.items() if page.dropped},
        )


def load(world: LivingWorld, snapshot: Snapshot) -> None:
    """Put a snapshot in place of everything, and go on from its instant; raise Invalid and change nothing."""
    store, real = world.store, world.real()
    _check(world, snapshot.items)
    fresh = [
        item.evolve(version=1, real_base=real) if isinstance(item, Clock) else item.evolve(version=1)
        for item in snapshot.items
    ]
    with store.exclusive("play", wait=PATIENCE) as mine:
        if not mine:
            raise Conflict("the sandbox is being advanced")
        store.clear(())
        counters, held = recount(snapshot.counters, fresh), store.numbers()
        missing = {name: counters.get(name, 0) - held.get(name, 0) for name in {*counters, *held}}
        store.commit(fresh, adds=[Add(name, by) for name, by in missing.items() if by])
        _bind(world, fresh)
        for digest, content in snapshot.documents.items():
            store.put_blob(digest, content)
        for name, entries in snapshot.journals.items():
            for entry in entries:
                store.log(name, entry)
    world.tell("sandbox", "loaded")


def _bind(world: LivingWorld, items: Sequence[Item]) -> None:
    """Make the credentials that records carry find this sandbox, but for those that find another one."""
    carried = (key for item in items if isinstance(item, Record) for key in item.credentials)
    for key in carried:
        if world.shared.bound(key) is None:
            world.bind(key)


def _at_rest(item: Item, at: float, real: float) -> Item:
    """An item as it is when nobody works on it; a clock as it stands now."""
    if isinstance(item, (Fax, Delivery)) and item.leased_until is not None:
        item = item.release(at)
    if isinstance(item, Clock):
        item = item.evolve(base=item.now(real), real_base=0.0)
    return item.evolve(version=1)


def _check(world: LivingWorld, items: Sequence[Item]) -> None:
    keys = {(item.kind, item.id) for item in items}
    if len(keys) != len(items):
        raise Invalid("two items of one kind have the same id", "items")
    wanted = {(Clock.kind, "clock"), *((Settings.kind, name) for name in world.vendors)}
    if missing := wanted - keys:
        raise Invalid(f"there is no {' '.join(sorted(missing)[0])} in it", "items")
    for place, item in enumerate(items):
        if not _sound(world, item):
            raise Invalid(f"{item.kind} {item.id} cannot be as it is", f"items[{place}]")


def _sound(world: LivingWorld, item: Item) -> bool:
    if isinstance(item, Clock):
        return 0 <= item.base <= LATEST and 0 <= (item.speed or 0) <= FASTEST
    if not isinstance(item, (Fax, Delivery)):
        return True
    vendor = world.vendors.get(item.vendor)
    if vendor is None or not 0 <= item.created_at <= LATEST:
        return False
    if isinstance(item, Delivery):
        return item.rule.sound and item.retries >= 0
    waits_for_call = not item.attempts and item.due_at is not None
    on_line = item.state.value in ("dialing", "transmitting", "reporting", "ringing", "receiving")
    return (
        bool(item.plan.attempts)
        and item.state in MACHINES[item.direction]
        and not (waits_for_call and on_line)
    )
