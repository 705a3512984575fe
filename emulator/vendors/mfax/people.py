"""Accounts, users, and what each API key may do.

Every sandbox has a master account with an admin and a base user, and a customer account with one user; their
ids are the same in every sandbox, so that a snapshot of one can be loaded into another. The API adds users.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import g

from emulator.core.item import Record
from emulator.core.sandboxes.ids import Ids
from emulator.vendors.mfax.errors import invalid, not_found
from emulator.vendors.mfax.tenant import NAME, Shelf, Tenant

MASTER, CUSTOMER = 1, 2
JSON = dict[str, Any]

# Number, account, first name, last name, role: the first two hold the keys that a sandbox is made with.
_STAFF = (
    (1, MASTER, "Test", "Tester", "admin"),
    (2, MASTER, "Base", "Tester", "base"),
    (3, CUSTOMER, "Customer", "Tester", "base"),
)
_IDS = Ids(NAME)
_KEY_USERS = {"apiKey": 1, "baseApiKey": 2}


def mint(ids: Ids) -> dict[str, str]:
    """Make the keys of a new sandbox: an admin's and a base user's."""
    return shown(f"mfax-{ids.hex('mfax/key', 1)}", f"mfax-{ids.hex('mfax/key', 2)}")


def shown(admin: str, base: str) -> dict[str, str]:
    """Give the keys by name, and the header that a client with the admin's sends."""
    return {"apiKey": admin, "Authorization": f"Basic {admin}", "baseApiKey": base}


def keys(credentials: Mapping[str, str]) -> tuple[str, ...]:
    """Give the keys that find a sandbox."""
    return tuple(credentials[name] for name in _KEY_USERS)


def account_id(number: int = MASTER) -> str:
    """Give the id of the master or the customer account."""
    return _IDS.uuid("account", number)


def account(tenant: Tenant, uuid: str) -> JSON:
    """Give an account as fax and number objects show it."""
    customer = uuid == account_id(CUSTOMER)
    return {
        "uuid": uuid,
        "accountNumber": account_number(CUSTOMER if customer else MASTER),
        "accountName": f"{tenant.sandbox.name} customer" if customer else tenant.sandbox.name,
        "accountType": "customer" if customer else "master",
    }


def account_number(number: int) -> str:
    """Give the ten digits of an account."""
    return str(1_200_000_000 + int(_IDS.hex("account-number", number, 8), 16) % 10_000_000)


def accounts(tenant: Tenant) -> list[JSON]:
    """List the accounts."""
    return [account(tenant, account_id(number)) for number in (MASTER, CUSTOMER)]


def own_account(tenant: Tenant, uuid: str | None) -> str:
    """Give the account that a call names, the master one when it names none; raise not found."""
    if uuid is None:
        return account_id()
    if uuid not in (account_id(), account_id(CUSTOMER)):
        raise not_found("Account")
    return uuid


def _shelf(tenant: Tenant) -> Shelf:
    return Shelf(tenant, "users", "User")


@cache
def _staff() -> tuple[JSON, ...]:
    return tuple(
        {
            "uuid": _IDS.uuid("user", number),
            "email": f"{first}.{last}@example.com".lower(),
            "firstName": first,
            "lastName": last,
            "userRole": role,
            "accountId": account_id(owner),
        }
        for number, owner, first, last, role in _STAFF
    )


def users(tenant: Tenant) -> list[JSON]:
    """List the users of all accounts."""
    return [*_staff(), *(dict(record.data) for record in _shelf(tenant).page())]


def find_user(tenant: Tenant, uuid: str) -> JSON | None:
    """Give a user, None when there is none."""
    record = _shelf(tenant).find(uuid)
    if record is not None:
        return dict(record.data)
    return next((user for user in _staff() if user["uuid"] == uuid.lower()), None)


def known_user(tenant: Tenant, uuid: str) -> JSON:
    """Give a user or raise not found."""
    if (user := find_user(tenant, uuid)) is None:
        raise not_found("User")
    return user


def new_user(tenant: Tenant, wanted: Mapping[str, Any]) -> Record:
    """Make the record of a user that is not stored yet."""
    return _shelf(tenant).make(wanted)


def stored_user(tenant: Tenant, uuid: str) -> Record:
    """Give the record of a user that the API added; those of the sandbox stay."""
    if (record := _shelf(tenant).find(uuid)) is not None:
        return record
    raise invalid(f"{known_user(tenant, uuid)['email']} came with the account and stays.")


def sign_in(tenant: Tenant, key: str) -> None:
    """Note whose key the call carries."""
    held = tenant.sandbox.credentials[NAME]
    number = next(user for name, user in _KEY_USERS.items() if held[name] == key)
    g.mfax_user = _staff()[number - 1]


def caller() -> JSON:
    """Give the user whose key the call carries."""
    user: JSON = g.mfax_user
    return user


def is_admin() -> bool:
    """Tell whether the call's key has the admin level."""
    return bool(caller()["userRole"] == "admin")
