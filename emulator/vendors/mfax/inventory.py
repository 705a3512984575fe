"""The fax numbers of the account: those that the portal set, and those that were provisioned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.core.delivery import Delivery
from emulator.core.engine import TRIES
from emulator.core.errors import Conflict
from emulator.core.item import Record
from emulator.core.numbers import normalise
from emulator.vendors.mfax import people
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.recipients import national
from emulator.vendors.mfax.tables import PENDING_FOR
from emulator.vendors.mfax.tenant import NAME, Shelf, Tenant, iso
from emulator.vendors.mfax.view import DEVICE

PORTAL = "portal"


def shelf(tenant: Tenant) -> Shelf:
    """Give the account's numbers as they were last stored."""
    return Shelf(tenant, "numbers", "Number")


def numbers(tenant: Tenant) -> list[Record]:
    """List the account's numbers, pending ones included, kept up with the portal and the clock."""
    for _ in range(TRIES):
        try:
            return _followed(tenant)
        except Conflict:
            continue
    raise Conflict("the numbers are changed by too many at once")


def _followed(tenant: Tenant) -> list[Record]:
    wanted = dict.fromkeys(map(normalise, tenant.settings.numbers))
    stored = shelf(tenant).page()
    gone = [record for record in stored if _is_gone(record.data, wanted, tenant.now)]
    missing = wanted.keys() - {record.data["number"] for record in stored}
    new = [make(tenant, number, origin=PORTAL) for number in wanted if number in missing]
    if gone or new:
        tenant.commit(*new, deletes=gone)
    return [record for record in stored if record not in gone] + new


def _is_gone(data: Mapping[str, Any], wanted: Mapping[str, None], now: float) -> bool:
    if data["origin"] == PORTAL and data["number"] not in wanted:
        return True
    # One that the portal lists stays as pending: gone, it would come back with the list.
    return data["origin"] != PORTAL and data["pendingUntil"] is not None and data["pendingUntil"] <= now


def make(
    tenant: Tenant, number: str, *, origin: str, account: str | None = None, storage: str | None = None
) -> Record:
    """Make the record of a number in E.164; it is not stored yet."""
    return shelf(tenant).make(
        {
            "number": number,
            "origin": origin,
            "pendingUntil": None,
            "ownedBy": people.account_id(),
            "managedBy": account or people.account_id(),
            "storage": storage,
            "users": [],
            "createdAt": tenant.now,
        },
        names=(f"{NAME}/number/{number}",),
    )


def known(tenant: Tenant, uuid: str) -> Record:
    """Give a number by its id or raise not found."""
    numbers(tenant)
    return shelf(tenant).get(uuid)


def owned(tenant: Tenant, number: str) -> Record | None:
    """Give the number in E.164 if the account has it and it is not pending."""
    found = next((record for record in numbers(tenant) if record.data["number"] == number), None)
    return found if found is not None and found.data["pendingUntil"] is None else None


def kind_of(data: Mapping[str, Any]) -> str:
    """Tell whether a number is pending, assigned to a user, or available."""
    if data["pendingUntil"] is not None:
        return "pending"
    return "assigned" if data["users"] else "available"


def release(tenant: Tenant, record: Record, deliveries: Sequence[Delivery]) -> None:
    """Move a number to pending, together with the webhooks about it."""
    if record.data["pendingUntil"] is not None:
        raise invalid("The number was released already.")
    data = {**record.data, "pendingUntil": tenant.now + PENDING_FOR}
    tenant.commit(record.evolve(version=record.version + 1, data=data), *deliveries)


def show(tenant: Tenant, data: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """Show a number with these keys."""
    device = {name: DEVICE[name] for name in ("deviceCode", "name")} if tenant.switch("faxbridge") else None
    users = (people.find_user(tenant, uuid) for uuid in data["users"])
    values = {
        **data,
        "number": national(data["number"]),
        "pendingUntil": iso(data["pendingUntil"]),
        "createdAt": iso(data["createdAt"]),
        "faxbridge": device,
        "users": [_user(user) for user in users if user is not None],
        "owner": people.account(tenant, data["ownedBy"]),
        "manager": people.account(tenant, data["managedBy"]),
    }
    return {key: values[key] for key in keys}


def _user(user: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: user[name] for name in ("accountId", "email", "firstName", "lastName")}
    return {"userId": user["uuid"], **shown, "avatarUrl": None}
