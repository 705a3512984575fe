"""The fax numbers of the account: those that the portal set, and those that were provisioned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response

from emulator.core.dialect.moment import Scene
from emulator.core.faxes.numbers import is_in_use, normalise
from emulator.core.instants import iso
from emulator.core.item import Record
from emulator.core.webhooks.delivery import Delivery
from emulator.core.world import World
from emulator.vendors.dialect import context
from emulator.vendors.mfax import parameters
from emulator.vendors.mfax.account import (
    MASTER,
    NUMBERS,
    choose_account,
    find_users,
    get_user,
    national,
    note,
    rewrite,
    show_account,
    switch,
)
from emulator.vendors.mfax.errors import answer_ok, answer_with, invalid, not_allowed, not_found
from emulator.vendors.mfax.parameters import load
from emulator.vendors.mfax.tables import PENDING_FOR
from emulator.vendors.mfax.webhooks import announce
from emulator.vendors.mfax.words import DEVICE, split_keys

PORTAL = "portal"

# The keys of a number in their order on the wire, documented by the samples of the operations.
ROW_KEYS = split_keys("uuid number pendingUntil ownedBy managedBy faxbridge users owner manager")
PROVISION_KEYS = split_keys("uuid number pendingUntil ownedBy managedBy createdAt owner manager")
ASSIGN_KEYS = split_keys("uuid number pendingUntil ownedBy createdAt users manager")
CONFIGURE_KEYS = split_keys("uuid number pendingUntil storage ownedBy createdAt users manager")
NUMBER_KEYS = split_keys(
    "uuid number pendingUntil storage ownedBy managedBy createdAt faxbridge users owner manager"
)


# what the account has
def list_numbers(world: World) -> list[Record]:
    """List the account's numbers, pending ones included, kept up with the portal and the clock."""
    return world.retry(lambda: _follow(world))


def next_turn(world: World) -> Record:
    """What is committed with new numbers: of two writers who began at one time only one succeeds."""
    return rewrite(note(world, "inventory"), {})


def _follow(world: World) -> list[Record]:
    turn, now = next_turn(world), world.now
    stored, settings = NUMBERS.page(world), world.settings("mfax")
    left = {record.data["number"] for record in stored if _has_left(record.data, now)}
    kept = tuple(number for number in settings.numbers if normalise(number) not in left)
    wanted = dict.fromkeys(map(normalise, kept))
    gone = [each for each in stored if each.data["number"] in left or _is_unlisted(each.data, wanted)]
    missing = wanted.keys() - {record.data["number"] for record in stored}
    new: list[Record] = [make_number(world, number, origin=PORTAL) for number in wanted if number in missing]
    # One that has left would come back with the portal's list.
    portal = (
        [replace(settings, version=settings.version + 1, numbers=kept)] if kept != settings.numbers else []
    )
    if gone or new:
        world.commit((*new, *portal, turn), deletes=gone)
    return [record for record in stored if record not in gone] + new


def _has_left(data: Mapping[str, Any], now: float) -> bool:
    return data["pendingUntil"] is not None and data["pendingUntil"] <= now


def _is_unlisted(data: Mapping[str, Any], wanted: Mapping[str, None]) -> bool:
    return data["origin"] == PORTAL and data["number"] not in wanted


def make_number(
    world: World, number: str, *, origin: str, account: str = MASTER, storage: Any = None
) -> Record:
    """Make the record of a number in E.164; it is not stored yet."""
    return NUMBERS.make(
        world,
        {
            "number": number,
            "origin": origin,
            "pendingUntil": None,
            "ownedBy": MASTER,
            "managedBy": account,
            "storage": storage,
            "users": [],
            "createdAt": world.now,
        },
    )


def get_number(world: World, uuid: str) -> Record:
    """Find a number by its id or raise not found."""
    list_numbers(world)
    return NUMBERS.get(world, uuid)


def active_numbers(scene: Scene) -> list[str]:
    """The numbers in E.164 that receive: all of the account's but those that are pending."""
    numbers = (record.data for record in list_numbers(scene.world))
    return [data["number"] for data in numbers if data["pendingUntil"] is None]


def find_owned(world: World, number: str) -> Record | None:
    """Find the number in E.164 if the account has it and it is not pending."""
    found = next((record for record in list_numbers(world) if record.data["number"] == number), None)
    return found if found is not None and found.data["pendingUntil"] is None else None


def without_user(world: World, user: str) -> list[Record]:
    """Make the numbers that a user had as they are without that user, to be committed."""
    return [
        rewrite(record, _drop_user(record.data, user))
        for record in list_numbers(world)
        if user in record.data["users"]
    ]


def _drop_user(data: Mapping[str, Any], user: str) -> dict[str, Any]:
    return {**data, "users": [each for each in data["users"] if each != user]}


def _kind(data: Mapping[str, Any]) -> str:
    if data["pendingUntil"] is not None:
        return "pending"
    return "assigned" if data["users"] else "available"


def show_number(world: World, data: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """Show a number with these keys."""
    has_device = switch(world.settings("mfax"), "faxbridge")
    values = {
        **data,
        "number": national(data["number"]),
        "pendingUntil": iso(data["pendingUntil"]),
        "createdAt": iso(data["createdAt"]),
        "faxbridge": {name: DEVICE[name] for name in ("deviceCode", "name")} if has_device else None,
        "users": [_show_user(user) for user in find_users(world, data["users"])],
        "owner": show_account(world, data["ownedBy"]),
        "manager": show_account(world, data["managedBy"]),
    }
    return {key: values[key] for key in keys}


def _show_user(user: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: user[name] for name in ("accountId", "email", "firstName", "lastName")}
    return {"userId": user["uuid"], **shown, "avatarUrl": None}


def announce_numbers(world: World, event: str, records: Sequence[Record]) -> list[Delivery]:
    """Make the webhooks about these numbers, to be committed with them."""
    shown = (show_number(world, record.data, NUMBER_KEYS) for record in records)
    return [
        delivery
        for data in shown
        for delivery in announce(world, event, data, (data["ownedBy"], data["managedBy"]))
    ]


# what is done with them
def show_numbers() -> Response:
    """List the numbers that the account manages."""
    world, wanted = context().world, load(parameters.NumberList)
    account = choose_account(wanted["accountId"])
    digits = "".join(each for each in wanted["query"] if each.isdigit())
    rows = [
        record.data
        for record in list_numbers(world)
        if account in (record.data["managedBy"], record.data["ownedBy"])
        and wanted["type"] in (None, _kind(record.data))
        and (not wanted["query"] or (digits and digits in record.data["number"]))
    ]
    page = {"limit": wanted["limit"], "offset": wanted["offset"]}
    shown = [show_number(world, data, ROW_KEYS) for data in rows[page["offset"] :][: page["limit"]]]
    return answer_with({"rows": shown, "count": len(rows), **page})


def read_own_number(numberId: str) -> Response:  # noqa: N803
    """Show one number."""
    world = context().world
    return answer_with(show_number(world, get_number(world, numberId).data, NUMBER_KEYS))


def _change(
    number: str, make: Callable[[Mapping[str, Any]], Mapping[str, Any]], keys: Sequence[str]
) -> Response:
    world = context().world
    return answer_with(show_number(world, NUMBERS.change(world, number, make), keys))


def add_user(numberId: str, userId: str) -> Response:  # noqa: N803
    """Let a user of the managing account see what comes in on a number."""
    world = context().world
    data, person = get_number(world, numberId).data, get_user(world, userId)
    if person["accountId"] != data["managedBy"]:
        raise not_allowed("Only users of the account that manages the number can be assigned.")
    return _change(numberId, lambda old: _add_user(old, person["uuid"]), ASSIGN_KEYS)


def _add_user(data: Mapping[str, Any], user: str) -> dict[str, Any]:
    return {**data, "users": list(dict.fromkeys((*data["users"], user)))}


def remove_user(numberId: str, userId: str) -> Response:  # noqa: N803
    """Take a user from a number."""
    world, user = context().world, userId.lower()
    if user not in get_number(world, numberId).data["users"]:
        raise not_found("User")
    NUMBERS.change(world, numberId, lambda old: _drop_user(old, user))
    return answer_ok()


def configure_number(numberId: str) -> Response:  # noqa: N803
    """Set the storage or the manager of a number."""
    world, wanted = context().world, load(parameters.NumberSettings)
    choose_account(wanted.get("managedBy"))
    get_number(world, numberId)
    return _change(numberId, lambda old: _configure(world, {**old, **wanted}), CONFIGURE_KEYS)


def _configure(world: World, data: Mapping[str, Any]) -> dict[str, Any]:
    """Keep only those users who are of the account that manages the number."""
    users = find_users(world, data["users"])
    return {**data, "users": [each["uuid"] for each in users if each["accountId"] == data["managedBy"]]}


def release_number(numberId: str) -> Response:  # noqa: N803
    """Move a number to pending."""
    world = context().world
    world.retry(lambda: _release(world, numberId))
    answer = Response(status=204)
    del answer.headers["Content-Type"]  # there is no content
    return answer


def _release(world: World, number: str) -> None:
    record = get_number(world, number)
    if record.data["pendingUntil"] is not None:
        raise invalid("The number was released already.")
    pending = rewrite(record, {**record.data, "pendingUntil": world.now + PENDING_FOR})
    world.commit((pending, *announce_numbers(world, "number.release", [pending])))


def validate_number() -> Response:
    """Tell whether a number is valid in a country; a wrong one is an answer, not an error."""
    wanted = load(parameters.NumberCheck)
    return answer_with({"isValid": is_in_use(wanted["number"], wanted["country"])})
