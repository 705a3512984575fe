"""The caller, the users and the accounts."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from emulator.vendors.mfax import form, inventory, people, schemas
from emulator.vendors.mfax.endpoints.faxes import ok
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.tables import MOST_OBJECTS
from emulator.vendors.mfax.tenant import Tenant, here
from emulator.vendors.mfax.webhooks import announce


def ping() -> Response:
    """Answer without asking for a key."""
    return ok()


def me() -> Response:
    """Show whose key the call carries."""
    tenant, user = here(), people.caller()
    account = people.account(tenant, user["accountId"])
    return jsonify(
        {
            "uuid": user["uuid"],
            "email": user["email"],
            "firstName": user["firstName"],
            "lastName": user["lastName"],
            "userRole": user["userRole"],
            "timezone": "UTC",
            "phoneVerified": True,
            "account": {
                "accountName": account["accountName"],
                "accountType": account["accountType"],
                "allowApi": not tenant.switch("trial"),
            },
            "accountId": user["accountId"],
        }
    )


def list_users() -> Response:
    """List the users of all accounts."""
    return _listed(people.users(here()))


def list_accounts() -> Response:
    """List the account and its sub-accounts."""
    return _listed(people.accounts(here()))


def _listed(rows: list[dict[str, Any]]) -> Response:
    page = form.load_query(schemas.ListSchema)
    query = {"limit": page["limit"], "offset": page["offset"]}
    shown = rows[page["offset"] : page["offset"] + page["limit"]]
    return jsonify({"count": len(rows), "rows": shown, "query": query})


def create_user() -> Response:
    """Add a user to the account or a sub-account."""
    tenant, wanted = here(), form.load(schemas.UserSchema)
    if len(people.users(tenant)) >= MOST_OBJECTS:
        raise invalid(f"An account has at most {MOST_OBJECTS} users.")
    wanted["accountId"] = people.own_account(tenant, wanted["accountId"])
    record = people.new_user(tenant, wanted)
    tenant.commit(record, *announce(tenant, "user.create", record.data, (wanted["accountId"],)))
    return jsonify(record.data)


def delete_user(userId: str) -> Response:  # noqa: N803
    """Remove a user that the API added."""
    here().anew(lambda: _delete_user(here(), userId))
    return ok()


def _delete_user(tenant: Tenant, user: str) -> None:
    record = people.stored_user(tenant, user)
    told = announce(tenant, "user.delete", record.data, (record.data["accountId"],))
    tenant.commit(*inventory.without_user(tenant, record.id), *told, deletes=(record,))
