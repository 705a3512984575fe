"""A fax that comes in: the account's own number, its users, and the sender."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from emulator.core.dialect.moment import Scene
from emulator.core.faxes.fax import Arrival
from emulator.core.faxes.numbers import normalise
from emulator.vendors.mfax.account import MASTER, country_of, national, switch
from emulator.vendors.mfax.faxes import name_message
from emulator.vendors.mfax.objects.numbers import find_owned


def arrive(scene: Scene, arrival: Arrival) -> Arrival:
    """Let a fax ring on a number; its users see it, and the account that manages the number owns it.

    A number that the account does not have rings for the master account and nobody in particular (assumed).
    """
    world, to = scene.world, normalise(arrival.to)
    record = find_owned(world, to)
    message, serials = name_message(world)
    details: dict[str, Any] = {
        **serials,
        "messageNumber": "",  # observed: empty for inbound faxes
        "account": record.data["managedBy"] if record else MASTER,
        "users": list(record.data["users"]) if record else [],
        "number": record.id if record else None,
        **dict.fromkeys(("recipientName", "senderName", "subject", "notes")),
        "callerId": national(to),
        "cf": {},
        "tags": [],
        "contacts": [],
        "webhookId": None,
        "country": country_of(normalise(arrival.sender)),
        "deviceId": world.ids.hex("mfax/device", 1, 24),
        "parts": [],
        "transmitting_word": bool(switch(scene.settings, "transmitting_word")),
    }
    return replace(arrival, vendor_id=message, names=(message,), details={**details, **arrival.details})
