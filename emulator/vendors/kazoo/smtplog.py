"""The log of mails that asked for a fax, good and bad."""

from __future__ import annotations

from typing import Any

from flask import Response

from emulator.core.item import Record
from emulator.vendors.kazoo.envelope import success
from emulator.vendors.kazoo.faxboxes import check_scope
from emulator.vendors.kazoo.mail import LOG
from emulator.vendors.kazoo.records import found, listed, whole
from emulator.vendors.kazoo.visit import visit


def list_all() -> Response:
    """List the entries."""
    check_scope()
    return listed(LOG + visit().scope, _row, ranged=True)


def read(attempt: str) -> Response:
    """Show one entry."""
    check_scope()
    record = found(LOG, attempt)
    return success(whole(record), version=record.version)


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
