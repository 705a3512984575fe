"""The log of mails that asked for a fax, good and bad."""

from __future__ import annotations

from typing import Any

from flask import Response

from emulator.core.item import Record
from emulator.vendors.dialect import call
from emulator.vendors.kazoo.envelope import success, unknown
from emulator.vendors.kazoo.mail import LOG
from emulator.vendors.kazoo.paging import Listing, answer


def list_all() -> Response:
    """List the entries."""
    return answer(Listing(Record, LOG, _row, _document, _created, _created))


def read(attempt: str) -> Response:
    """Show one entry."""
    record = call().engine.store.get(call().sandbox.id, Record, attempt)
    if record is None or record.group != LOG:
        raise unknown(attempt)
    return success(_document(record), version=record.version)


def _created(record: Record) -> int:
    created: int = record.data["created"]
    return created


def _row(record: Record) -> dict[str, Any]:
    data = record.data
    error = next(iter(data["errors"]), None)
    return {
        "id": record.id,
        "from": data["from"],
        "to": data["to"],
        "error": error,
        "created": data["created"],
    }


def _document(record: Record) -> dict[str, Any]:
    return {**record.data, "id": record.id}
