"""Webhooks as objects of the account: the catalogue, its own, samples, and the record of what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from emulator.core.errors import NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.item import Record
from emulator.vendors.dialect import context
from emulator.vendors.kazoo.account.tokens import credentials_of
from emulator.vendors.kazoo.errors import invalid, success, unknown
from emulator.vendors.kazoo.lists.records import GROUPS, answer_new, data_for, find_record, show_record
from emulator.vendors.kazoo.parameters import OldWebhookSchema, WebhookSchema, data_of_request, load, missing
from emulator.vendors.kazoo.tables import EVENTS, NOTIFICATIONS, OLD_HOOKS, SMTP_ERROR
from emulator.vendors.kazoo.visit import call_or_default, modern
from emulator.vendors.kazoo.webhooks import ATTEMPTS, REVISION, mail_payload, payload
from emulator.vendors.kazoo.words import gregorian, stored_id

WEBHOOKS = GROUPS["webhook"]
TYPES = (*EVENTS, SMTP_ERROR, "all")
CATALOGUE = {
    "outbound_fax": ("Outbound Fax", "Fires when a fax was sent, or could not be."),
    "inbound_fax": ("Inbound Fax", "Fires when a fax was received, or could not be."),
    NOTIFICATIONS: ("Notifications", "Fires on the events that custom_data.type names."),
}
SAMPLE = {
    "from_number": "18884732963",
    "to_number": "18884732963",
    "from_name": "Test Fax",
    "to_name": "To Name",
}
SMTP_SAMPLE = {
    "to": "18884732963@fax.kazoo.io",
    "from": "me@example.com",
    "original_number": "18884732963",
    "faxbox_id": None,
    "errors": ["invalid address"],
}


def read_catalogue() -> Response:
    """List what an account may be told of."""
    return success([_entry(name) for name in ((NOTIFICATIONS,) if modern() else OLD_HOOKS)])


def _entry(name: str) -> dict[str, Any]:
    title, description = CATALOGUE[name]
    entry: dict[str, Any] = {"id": name, "name": title, "description": description}
    if name == NOTIFICATIONS:
        entry["modifiers"] = {"type": {"type": "array", "items": list(TYPES)}}
    return entry


def list_samples() -> Response:
    """List the events that have a sample."""
    return success([*EVENTS, SMTP_ERROR] if modern() else list(EVENTS))


def read_sample(event: str) -> Response:
    """Show what is sent for an event."""
    own = call_or_default()
    if event == SMTP_ERROR and modern():
        account = credentials_of(own.sandbox)["account"]
        return success([mail_payload({**SMTP_SAMPLE, "account_id": account}, own.now)])
    if event not in EVENTS:
        raise unknown(event)
    inbound, failed = event.startswith("inbound"), event.endswith("_error")
    job = own.ids.hex("kazoo/sample", 1)
    fax = Fax(
        id="sample",
        vendor="kazoo",
        direction=Direction.inbound if inbound else Direction.outbound,
        vendor_id=stored_id(own.now, job),
        to=SAMPLE["to_number"],
        sender=SAMPLE["from_number"],
        state=State.failed if failed else State.arrived if inbound else State.delivered,
        outcome=Outcome.busy if failed else Outcome.delivered,
        details={"job": job, "doc": SAMPLE, "faxbox": None, "user": None},
        pages=1,
        pages_sent=0 if failed else 1,
        created_at=own.now,
        changed_at=own.now,
        finished_at=own.now,
    )
    return success([payload(own.sandbox, own.settings, fax, event)])


def create_webhook() -> Response:
    """Add a webhook."""
    own = context()
    data = _checked(data_of_request()) | {"created": gregorian(own.now)}
    number = own.next("webhook")
    record = Record(id=own.ids.hex("kazoo/webhook", number), sequence=number, group=WEBHOOKS, data=data)
    own.world.commit((record,))
    return answer_new(record)


def _checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    data = load(WebhookSchema if modern() else OldWebhookSchema, dict(wanted))
    if modern() and data.get("custom_data", {}).get("type") not in TYPES:
        raise invalid({"custom_data.type": {"required": {"message": "missing required modifier"}}})
    return data


def update_webhook(webhook: str) -> Response:
    """Replace a webhook, or with PATCH change what is given; one that was switched off is heard anew."""
    old = find_record(WEBHOOKS, webhook)
    data = _checked(data_for(old)) | {"created": old.data["created"]}
    data.pop("id", None)
    if data["enabled"]:
        data.pop("disable_reason", None)
    record = _keep(old, data)
    return success(show_record(record), of=record)


def enable_webhooks() -> Response:
    """Switch on again what was switched off."""
    if data_of_request().get("re-enable") is not True:
        raise missing("re-enable")
    on = []
    for record in context().world.list(Record, WEBHOOKS, limit=1000):
        if not record.data["enabled"]:
            without_reason = {key: value for key, value in record.data.items() if key != "disable_reason"}
            on.append(_keep(record, {**without_reason, "enabled": True}))
    return success([show_record(record) for record in on])


def _keep(old: Record, data: dict[str, Any]) -> Record:
    record = old.evolve(version=old.version + 1, data=data)
    context().world.commit((record,))
    return record


def list_attempts(webhook: str | None = None) -> Response:
    """List what was sent, for one webhook or for all, newest first."""
    if webhook is not None:
        find_record(WEBHOOKS, webhook)
    try:
        entries = context().world.store.journal(ATTEMPTS, limit=1000, newest=True).entries
    except NotFound:
        entries = ()
    rows = [entry for _, entry in reversed(entries) if webhook in (None, entry["hook_id"])]
    return success([{key: value for key, value in row.items() if key != REVISION} for row in rows])
