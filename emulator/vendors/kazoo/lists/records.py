"""Objects of an account that are no faxes (faxboxes, webhooks, log entries), listed and shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from emulator.core.item import Record
from emulator.vendors.dialect import context
from emulator.vendors.kazoo.errors import success, unknown
from emulator.vendors.kazoo.lists.paging import PagedList, answer_page
from emulator.vendors.kazoo.parameters import data_of_request
from emulator.vendors.kazoo.visit import own_name

GROUPS = {"faxbox": "kazoo/faxboxes", "webhook": "kazoo/webhooks"}
"""The groups of the objects that clients make, by what their endpoints' names begin with."""


def _group() -> str:
    return GROUPS[own_name().partition("-")[0]]


def list_objects() -> Response:
    """List the objects of the endpoint's kind."""
    return answer_records(_group(), show_record)


def read_object(**names: str) -> Response:
    """Show an object of the endpoint's kind."""
    record = find_record(_group(), *names.values())
    return success(show_record(record), of=record)


def delete_object(**names: str) -> Response:
    """Remove an object of the endpoint's kind."""
    record = find_record(_group(), *names.values())
    context().world.commit(deletes=(record,))
    return success(show_record(record), of=record.evolve(version=record.version + 1))


def find_record(group: str, record_id: str) -> Record:
    """Find an object of a group; raise KazooError when there is none of that id."""
    record = context().world.record(record_id, group)
    if record is None:
        raise unknown(record_id)
    return record


def data_for(old: Record) -> dict[str, Any]:
    """What an update makes of an object: PATCH changes what is given, POST replaces it."""
    base = show_record(old) if request.method == "PATCH" else {}
    return base | data_of_request()


def answer_new(record: Record) -> Response:
    """Answer that an object was made, and where it stands."""
    location = f"{record.group.removeprefix('kazoo/')}/{record.id}"
    return success(show_record(record), 201, of=record, location=location)


def show_record(record: Record) -> dict[str, Any]:
    """All of an object but when it was made."""
    return {key: value for key, value in whole_of(record).items() if key != "created"}


def whole_of(record: Record) -> dict[str, Any]:
    return {**record.data, "id": record.id}


def answer_records(name: str, row: Callable[[Record], dict[str, Any]], *, ranged: bool = False) -> Response:
    """Answer with a page of a list of objects; those of the ranged ones that fall into the window."""
    return answer_page(PagedList(Record, name, row, whole_of, _created, _created, ranged))


def _created(record: Record) -> int:
    created: int = record.data["created"]
    return created
