"""A fax that comes in: the account's own number, its users, and the sender."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.submission import Arrival
from emulator.vendors.mfax import inventory, people
from emulator.vendors.mfax.recipients import country_of, national
from emulator.vendors.mfax.sending import serials
from emulator.vendors.mfax.tenant import Tenant


def arrive(moment: Moment, arrival: Arrival) -> Arrival:
    """Let a fax ring on a number; its users see it, and the account that manages the number owns it.

    A number that the account does not have rings for the master account and nobody in particular (assumed).
    """
    tenant = Tenant(moment.world)
    record = inventory.owned(tenant, normalise(arrival.to))
    number = tenant.next("message")
    message = tenant.uuid("message", number)
    details: dict[str, Any] = {
        **serials(tenant, number),
        "messageNumber": "",  # observed: empty for inbound faxes
        "account": record.data["managedBy"] if record else people.account_id(),
        "users": list(record.data["users"]) if record else [],
        "number": record.id if record else None,
        "recipientName": None,
        "senderName": None,
        "subject": None,
        "notes": None,
        "callerId": national(normalise(arrival.to)),
        "cf": {},
        "tags": [],
        "contacts": [],
        "webhookId": None,
        "country": country_of(normalise(arrival.sender)),
        "deviceId": tenant.ids.hex("mfax/device", 1, 24),
        "parts": [],
    }
    return replace(arrival, vendor_id=message, names=(message,), details={**details, **arrival.details})
