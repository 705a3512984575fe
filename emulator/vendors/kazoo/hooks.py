"""Webhooks as documents: the catalogue, the account's own, and the record of what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from emulator.core.errors import NotFound
from emulator.core.item import Record
from emulator.vendors.dialect import call
from emulator.vendors.kazoo.envelope import invalid, success, unknown
from emulator.vendors.kazoo.events import EVENTS, SMTP_ERROR, sample
from emulator.vendors.kazoo.records import found, listed, shown
from emulator.vendors.kazoo.schemas import OldWebhookSchema, WebhookSchema, data_of_call, load
from emulator.vendors.kazoo.times import gregorian
from emulator.vendors.kazoo.visit import here, modern, visit
from emulator.vendors.kazoo.webhooks import ATTEMPTS, GROUP, NOTIFICATIONS, OLD_HOOKS, REVISION

TYPES = (*EVENTS, SMTP_ERROR, "all")
CATALOGUE = {
    "outbound_fax": ("Outbound Fax", "Fires when a fax was sent, or could not be."),
    "inbound_fax": ("Inbound Fax", "Fires when a fax was received, or could not be."),
    NOTIFICATIONS: ("Notifications", "Fires on the events that custom_data.type names."),
}


def catalogue() -> Response:
    """List what an account may be told of."""
    names = (NOTIFICATIONS,) if modern() else OLD_HOOKS
    return success([_entry(name) for name in names])


def _entry(name: str) -> dict[str, Any]:
    title, description = CATALOGUE[name]
    entry: dict[str, Any] = {"id": name, "name": title, "description": description}
    if name == NOTIFICATIONS:
        entry["modifiers"] = {"type": {"type": "array", "items": list(TYPES)}}
    return entry


def samples() -> Response:
    """List the events that have a sample."""
    return success([*EVENTS, SMTP_ERROR] if modern() else list(EVENTS))


def read_sample(event: str) -> Response:
    """Show what is sent for an event."""
    if event not in EVENTS and not (modern() and event == SMTP_ERROR):
        raise unknown(event)
    return success([sample(here(), event)])


def list_all() -> Response:
    """List the account's webhooks."""
    return listed(GROUP)


def create() -> Response:
    """Add a webhook."""
    own = call()
    data = _checked(data_of_call()) | {"created": gregorian(own.now)}
    number = own.next("webhook")
    record = Record(id=own.ids.hex("kazoo/webhook", number), sequence=number, group=GROUP, data=data)
    own.world.commit(record)
    location = f"/v2/accounts/{visit().account}/webhooks/{record.id}"
    return success(shown(record), 201, of=record, location=location)


def _checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    data = load(WebhookSchema if modern() else OldWebhookSchema, dict(wanted))
    if modern() and data.get("custom_data", {}).get("type") not in TYPES:
        raise invalid({"custom_data.type": {"required": {"message": "missing required modifier"}}})
    return data


def read(webhook: str) -> Response:
    """Show a webhook."""
    record = found(GROUP, webhook)
    return success(shown(record), of=record)


def update(webhook: str) -> Response:
    """Replace a webhook, or with PATCH change what is given; one that was switched off is heard anew."""
    old = found(GROUP, webhook)
    base = shown(old) if request.method == "PATCH" else {}
    data = _checked(base | data_of_call()) | {"created": old.data["created"]}
    data.pop("id", None)
    if data["enabled"]:
        data.pop("disable_reason", None)
    record = _kept(old, data)
    return success(shown(record), of=record)


def delete(webhook: str) -> Response:
    """Remove a webhook."""
    record = found(GROUP, webhook)
    call().world.store.commit(deletes=(record,))
    return success(shown(record), of=record.evolve(version=record.version + 1))


def enable_all() -> Response:
    """Switch on again what was switched off."""
    if data_of_call().get("re-enable") is not True:
        raise invalid(
            {"re-enable": {"required": {"message": "Field is required but missing", "value": "re-enable"}}}
        )
    own = call()
    records = own.world.list(Record, GROUP, limit=1000)
    off = [record for record in records if not record.data["enabled"]]
    on = [_kept(record, {**_without_reason(record), "enabled": True}) for record in off]
    return success([shown(record) for record in on])


def _without_reason(record: Record) -> dict[str, Any]:
    return {key: value for key, value in record.data.items() if key != "disable_reason"}


def _kept(old: Record, data: dict[str, Any]) -> Record:
    record = old.evolve(version=old.version + 1, data=data)
    call().world.store.commit((record,))
    return record


def all_attempts() -> Response:
    """List what was sent, newest first."""
    return success(_attempts(None))


def attempts(webhook: str) -> Response:
    """List what was sent for one webhook, newest first."""
    found(GROUP, webhook)
    return success(_attempts(webhook))


def _attempts(webhook: str | None) -> list[dict[str, Any]]:
    own = call()
    try:
        page = own.world.store.journal(ATTEMPTS, limit=1000, newest=True)
    except NotFound:
        return []
    rows = [entry for _, entry in reversed(page.entries) if webhook in (None, entry["hook_id"])]
    return [{key: value for key, value in row.items() if key != REVISION} for row in rows]
