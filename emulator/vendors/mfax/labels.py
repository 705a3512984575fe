"""The account's own objects that faxes refer to: tags, contacts, custom fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.core.instants import iso
from emulator.vendors.mfax.tenant import Shelf, Tenant

TIMES = ("createdAt", "updatedAt")


def tags(tenant: Tenant) -> Shelf:
    """Give the account's tags."""
    return Shelf(tenant, "tags", "Tag")


def contacts(tenant: Tenant) -> Shelf:
    """Give the account's contacts."""
    return Shelf(tenant, "contacts", "Contact")


def custom_fields(tenant: Tenant) -> Shelf:
    """Give the account's custom fields."""
    return Shelf(tenant, "custom-fields", "Custom field")


def stamped(tenant: Tenant, data: Mapping[str, Any]) -> dict[str, Any]:
    """Add the times of making to a new object."""
    return {**data, **dict.fromkeys(TIMES, tenant.now)}


def changed(tenant: Tenant, data: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Give an object's data with what a call changes."""
    return {**data, **wanted, "updatedAt": tenant.now}


def shown(data: Mapping[str, Any]) -> dict[str, Any]:
    """Show an object with its times as text."""
    return {name: iso(value) if name in TIMES else value for name, value in data.items()}


def all_shown(shelf: Shelf, uuids: Sequence[str]) -> list[dict[str, Any]]:
    """Show the objects of these ids; those that were deleted meanwhile are left out."""
    return [shown(record.data) for record in map(shelf.find, uuids) if record is not None]
