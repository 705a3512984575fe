"""The account's fax numbers: list, users, provisioning, search, settings, release, validation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import Response, jsonify

from emulator.core.faxes.numbers import normalise
from emulator.core.item import Record
from emulator.vendors.mfax import form, inventory, market, people, schemas, shapes
from emulator.vendors.mfax.endpoints.faxes import ok
from emulator.vendors.mfax.errors import invalid, not_allowed, not_found
from emulator.vendors.mfax.recipients import is_valid
from emulator.vendors.mfax.tables import MOST_PROVISIONED
from emulator.vendors.mfax.tenant import Tenant, here
from emulator.vendors.mfax.webhooks import announce


def list_numbers() -> Response:
    """List the numbers that the account manages."""
    tenant, wanted = here(), form.load_query(schemas.NumbersSchema)
    account = people.own_account(tenant, wanted["accountId"])
    digits = "".join(each for each in wanted["query"] if each.isdigit())
    rows = [
        record.data
        for record in inventory.numbers(tenant)
        if account in (record.data["managedBy"], record.data["ownedBy"])
        and wanted["type"] in (None, inventory.kind_of(record.data))
        and (not wanted["query"] or (digits and digits in record.data["number"]))
    ]
    page = rows[wanted["offset"] : wanted["offset"] + wanted["limit"]]
    return jsonify(
        {
            "rows": [inventory.show(tenant, data, shapes.ROW) for data in page],
            "count": len(rows),
            "limit": wanted["limit"],
            "offset": wanted["offset"],
        }
    )


def read_number(numberId: str) -> Response:  # noqa: N803
    """Show one number."""
    tenant = here()
    return jsonify(inventory.show(tenant, inventory.known(tenant, numberId).data, shapes.WHOLE))


def add_user(numberId: str, userId: str) -> Response:  # noqa: N803
    """Let a user of the managing account see what comes in on a number."""
    tenant = here()
    data, person = inventory.known(tenant, numberId).data, people.known_user(tenant, userId)
    if person["accountId"] != data["managedBy"]:
        raise not_allowed("Only users of the account that manages the number can be assigned.")
    record = inventory.shelf(tenant).change(
        numberId, lambda old: {**old, "users": list(dict.fromkeys((*old["users"], person["uuid"])))}
    )
    return jsonify(inventory.show(tenant, record.data, shapes.ASSIGNED))


def remove_user(numberId: str, userId: str) -> Response:  # noqa: N803
    """Take a user from a number."""
    tenant = here()
    user = userId.lower()
    if user not in inventory.known(tenant, numberId).data["users"]:
        raise not_found("User")
    inventory.shelf(tenant).change(
        numberId, lambda old: {**old, "users": [each for each in old["users"] if each != user]}
    )
    return ok()


def provision() -> Response:
    """Add numbers to the account: all of a call or none."""
    tenant, wanted = here(), form.load(schemas.ProvisionSchema)
    if len(wanted["numbers"]) > MOST_PROVISIONED:
        raise invalid(f"numbers: at most {MOST_PROVISIONED} numbers are provisioned per call.")
    account = people.own_account(tenant, wanted["accountId"])
    new = tenant.anew(lambda: _provisioned(tenant, wanted, account))
    return jsonify([inventory.show(tenant, record.data, shapes.PROVISIONED) for record in new])


def _provisioned(tenant: Tenant, wanted: Mapping[str, Any], account: str) -> list[Record]:
    own_turn = inventory.turn(tenant)
    taken = {record.data["number"] for record in inventory.numbers(tenant)}
    chosen = WAYS[wanted["type"]](tenant, wanted, taken)
    if again := next((number for number in chosen if number in taken), None):
        raise invalid(f"numbers: {again} is taken.")
    storage = wanted.get("storage")
    new = [
        inventory.make(tenant, number, origin="provision", account=account, storage=storage)
        for number in chosen
    ]
    tenant.commit(*new, own_turn, *_announced(tenant, "number.add", new))
    return new


def _announced(tenant: Tenant, event: str, records: Sequence[Record]) -> list[Any]:
    shown = (inventory.show(tenant, record.data, shapes.WHOLE) for record in records)
    return [
        delivery
        for data in shown
        for delivery in announce(tenant, event, data, (data["ownedBy"], data["managedBy"]))
    ]


def _ordered(tenant: Tenant, wanted: Mapping[str, Any], taken: set[str]) -> list[str]:
    """Take numbers that were found by a search of the last 24 hours (documented)."""
    numbers = _given(wanted)
    if not numbers:
        raise invalid("numbers: an order names its numbers.")
    seen = market.seen(tenant)
    if unseen := next((number for number in numbers if number not in seen), None):
        raise invalid(f"numbers: {unseen} was in no search of the last 24 hours.")
    return numbers


def _local(tenant: Tenant, wanted: Mapping[str, Any], taken: set[str]) -> list[str]:
    """Take the numbers named, else free ones of the area codes that the account has (assumed)."""
    numbers = _given(wanted)
    if any(number[2:5] in market.TOLL_FREE for number in numbers):
        raise invalid("numbers: a toll-free number is not local.")
    areas = {number[2:5] for number in taken if number.startswith("+1")}.difference(market.TOLL_FREE)
    return numbers or _free(tenant, wanted, areas or {"702"}, taken)


def _toll_free(tenant: Tenant, wanted: Mapping[str, Any], taken: set[str]) -> list[str]:
    """Take the numbers named, else `quantity` random toll-free ones (documented)."""
    numbers = _given(wanted)
    if any(number[2:5] not in market.TOLL_FREE for number in numbers):
        raise invalid("numbers: only toll-free numbers are taken with this type.")
    return numbers or _free(tenant, wanted, market.TOLL_FREE, taken)


WAYS = {"order": _ordered, "local": _local, "toll-free": _toll_free}


def _given(wanted: Mapping[str, Any]) -> list[str]:
    numbers = [normalise(number) for number in wanted["numbers"]]
    if wrong := next((number for number in numbers if not is_valid_here(number)), None):
        raise invalid(f"numbers: {wrong} is not a number in E.164.")
    return list(dict.fromkeys(numbers))


def is_valid_here(number: str) -> bool:
    """Tell whether a number has the form of the North American plan."""
    return number.startswith("+1") and len(number) == 12 and number[1:].isascii() and number[1:].isdigit()


def _free(tenant: Tenant, wanted: Mapping[str, Any], areas: Collection[str], taken: set[str]) -> list[str]:
    numbers = market.free(tenant, areas, wanted["quantity"], taken)
    if len(numbers) < wanted["quantity"]:
        raise invalid("quantity: there are not so many free numbers.")
    return numbers


def search() -> Response:
    """Find numbers that can be provisioned."""
    wanted = form.load_query(schemas.SearchSchema)
    return jsonify({"result": market.search(here(), wanted), "limit": wanted["limit"]})


def configure(numberId: str) -> Response:  # noqa: N803
    """Set the storage or the manager of a number."""
    tenant, wanted = here(), form.load(schemas.NumberSettingsSchema, partial=True)
    people.own_account(tenant, wanted.get("managedBy"))
    inventory.known(tenant, numberId)
    record = inventory.shelf(tenant).change(numberId, lambda old: inventory.configured(tenant, old, wanted))
    return jsonify(inventory.show(tenant, record.data, shapes.CONFIGURED))


def release(numberId: str) -> Response:  # noqa: N803
    """Move a number to pending."""
    tenant = here()
    inventory.release(tenant, numberId, lambda record: _announced(tenant, "number.release", [record]))
    answer = Response(status=204)
    del answer.headers["Content-Type"]  # there is no content
    return answer


def validate() -> Response:
    """Tell whether a number is valid in a country; a wrong one is an answer, not an error."""
    wanted = form.load_query(schemas.ValidateSchema)
    return jsonify({"isValid": is_valid(wanted["number"], wanted["country"])})
