"""Objects of an account that are no faxes (faxboxes, webhooks, log entries) as the API shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from emulator.core.item import Record
from emulator.vendors.dialect import call
from emulator.vendors.kazoo.envelope import unknown
from emulator.vendors.kazoo.paging import Listing, answer


def shown(record: Record) -> dict[str, Any]:
    """Give all of an object but when it was made."""
    return {key: value for key, value in record.data.items() if key != "created"} | {"id": record.id}


def whole(record: Record) -> dict[str, Any]:
    """Give all of an object."""
    return {**record.data, "id": record.id}


def found(group: str, record_id: str) -> Record:
    """Give an object of a group; raise KazooError when there is none of that id."""
    record = call().world.store.get(Record, record_id)
    if record is None or record.group != group:
        raise unknown(record_id)
    return record


def listed(name: str, row: Callable[[Record], dict[str, Any]] = shown, *, ranged: bool = False) -> Response:
    """Answer with a page of a list of objects; those of the ranged ones that fall into the window."""
    return answer(Listing(Record, name, row, whole, _created, _created, ranged))


def _created(record: Record) -> int:
    created: int = record.data["created"]
    return created
