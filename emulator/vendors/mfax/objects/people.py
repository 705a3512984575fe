"""The caller, the users and the accounts."""

from __future__ import annotations

from typing import Any

from flask import Response

from emulator.core.world import World
from emulator.vendors.dialect import context
from emulator.vendors.mfax import account, parameters
from emulator.vendors.mfax.account import USERS
from emulator.vendors.mfax.errors import answer_ok, answer_with, invalid
from emulator.vendors.mfax.objects.numbers import without_user
from emulator.vendors.mfax.parameters import load
from emulator.vendors.mfax.tables import MOST_OBJECTS
from emulator.vendors.mfax.webhooks import announce


def ping() -> Response:
    """Answer without asking for a key."""
    return answer_ok()


def show_caller() -> Response:
    """Show whose key the call carries."""
    world, user = context().world, account.caller()
    own = account.show_account(world, user["accountId"])
    return answer_with(
        {
            **{name: user[name] for name in ("uuid", "email", "firstName", "lastName", "userRole")},
            "timezone": "UTC",
            "phoneVerified": True,
            "account": {
                "accountName": own["accountName"],
                "accountType": own["accountType"],
                "allowApi": not account.switch(context().settings, "trial"),
            },
            "accountId": user["accountId"],
        }
    )


def show_users() -> Response:
    """List the users of all accounts."""
    return _list(account.list_users(context().world))


def show_accounts() -> Response:
    """List the account and its sub-accounts."""
    return _list([account.show_account(context().world, uuid) for uuid in (account.MASTER, account.CUSTOMER)])


def _list(rows: list[dict[str, Any]]) -> Response:
    page = load(parameters.ListPage)
    query = {"limit": page["limit"], "offset": page["offset"]}
    shown = rows[page["offset"] : page["offset"] + page["limit"]]
    return answer_with({"count": len(rows), "rows": shown, "query": query})


def create_user() -> Response:
    """Add a user to the account or a sub-account."""
    world, wanted = context().world, load(parameters.NewUser)
    if len(account.list_users(world)) >= MOST_OBJECTS:
        raise invalid(f"An account has at most {MOST_OBJECTS} users.")
    wanted["accountId"] = account.choose_account(wanted["accountId"])
    record = USERS.make(world, wanted)
    world.commit((record, *announce(world, "user.create", record.data, (wanted["accountId"],))))
    return answer_with(record.data)


def delete_user(userId: str) -> Response:  # noqa: N803
    """Remove a user that the API added."""
    world = context().world
    world.retry(lambda: _delete_user(world, userId))
    return answer_ok()


def _delete_user(world: World, user: str) -> None:
    if (record := USERS.find(world, user)) is None:
        raise invalid(f"{account.get_user(world, user)['email']} came with the account and stays.")
    told = announce(world, "user.delete", record.data, (record.data["accountId"],))
    world.commit((*without_user(world, record.id), *told), deletes=(record,))
