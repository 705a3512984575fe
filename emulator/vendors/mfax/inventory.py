"""The fax numbers of the account: those that the portal set, and those that were provisioned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from emulator.core.faxes.numbers import normalise
from emulator.core.instants import iso
from emulator.core.item import Item, Record
from emulator.vendors.mfax import people
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.recipients import national
from emulator.vendors.mfax.tables import PENDING_FOR
from emulator.vendors.mfax.tenant import Shelf, Tenant, rewritten
from emulator.vendors.mfax.view import DEVICE

PORTAL = "portal"


def shelf(tenant: Tenant) -> Shelf:
    """Give the account's numbers as they were last stored."""
    return Shelf(tenant, "numbers", "Number")


def numbers(tenant: Tenant) -> list[Record]:
    """List the account's numbers, pending ones included, kept up with the portal and the clock."""
    return tenant.anew(lambda: _followed(tenant))


def turn(tenant: Tenant) -> Record:
    """Give what is committed with new numbers: of two writers who began at one time only one succeeds."""
    return rewritten(tenant.note("inventory"), {})


def _followed(tenant: Tenant) -> list[Record]:
    own_turn = turn(tenant)
    wanted = dict.fromkeys(map(normalise, tenant.settings.numbers))
    stored = shelf(tenant).page()
    gone = [record for record in stored if _is_gone(record.data, wanted, tenant.now)]
    missing = wanted.keys() - {record.data["number"] for record in stored}
    new = [make(tenant, number, origin=PORTAL) for number in wanted if number in missing]
    if gone or new:
        tenant.commit(*new, own_turn, deletes=gone)
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
        }
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


def release(tenant: Tenant, uuid: str, announced: Callable[[Record], Sequence[Item]]) -> None:
    """Move a number to pending, together with the webhooks about it."""

    def once() -> None:
        record = known(tenant, uuid)
        if record.data["pendingUntil"] is not None:
            raise invalid("The number was released already.")
        pending = rewritten(record, {**record.data, "pendingUntil": tenant.now + PENDING_FOR})
        tenant.commit(pending, *announced(pending))

    tenant.anew(once)


def configured(tenant: Tenant, data: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Give a number's data with new settings; only users of the account that manages it keep it."""
    changed = {**data, **wanted}
    users = (people.find_user(tenant, uuid) for uuid in data["users"])
    kept = [user["uuid"] for user in users if user and user["accountId"] == changed["managedBy"]]
    return {**changed, "users": kept}


def without_user(tenant: Tenant, user: str) -> list[Record]:
    """Give the numbers that a user had as they are without that user, to be committed."""
    return [
        rewritten(record, {**record.data, "users": [each for each in record.data["users"] if each != user]})
        for record in numbers(tenant)
        if user in record.data["users"]
    ]


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
