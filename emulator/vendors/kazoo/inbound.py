"""A call that comes in: its ids, the faxbox that it rings for, and the lists that it stands in meanwhile."""

from __future__ import annotations

from dataclasses import replace

from emulator.core.dialect.moment import Scene
from emulator.core.faxes.fax import Arrival
from emulator.core.faxes.numbers import normalise
from emulator.core.item import Record
from emulator.core.world import World
from emulator.vendors.kazoo.account.tokens import owner_of
from emulator.vendors.kazoo.words import INCOMING, lists_of, stored_id

MOST_FAXBOXES = 1000


def arrive(scene: Scene, arrival: Arrival) -> Arrival:
    """Let a call ring for the faxbox that has the number called."""
    world, at = scene.world, scene.at
    job = world.ids.hex("kazoo/inbound", world.next("kazoo/inbound"))
    kept, user = stored_id(at, job), owner_of(world.sandbox)
    box = _faxbox_of(world, normalise(arrival.to))
    details = {
        "job": job,
        "faxbox": box and box.id,
        "user": user,
        "doc": {"from_number": arrival.sender, "to_number": arrival.to},
        "notifications": box.data.get("notifications", {}).get("inbound", {}) if box else {},
        "timezone": box.data.get("fax_timezone") if box else None,
    }
    names = lists_of(INCOMING, details["faxbox"], user)
    return replace(arrival, vendor_id=kept, names=(kept,), details=details, folders=names)


def _faxbox_of(world: World, called: str) -> Record | None:
    for box in world.list(Record, "kazoo/faxboxes", limit=MOST_FAXBOXES):
        numbers = (box.data.get(key) for key in ("caller_id", "fax_identity"))
        if called in [normalise(number) for number in numbers if number]:
            return box
    return None
