"""A fax in Kazoo's words: the document of a job, of the outbox and of the inbox; and its row in a list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from emulator.core.dialect.vendor import View
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.kazoo import folders, tables
from emulator.vendors.kazoo.results import ended, tried, tx_result
from emulator.vendors.kazoo.times import gregorian, month

RETRY_AFTER = 300
"""Seconds between the end of a try and the next (observed)."""

BEING_ATTACHED = frozenset({State.received, State.rendering})


def status(fax: Fax) -> str:
    """Give the documented word."""
    if fax.state in BEING_ATTACHED and fax.details["attached"] and not fax.attempts:
        return tables.ATTACHING
    return tables.STATES.get(fax.state, tables.PENDING)


def live_status(fax: Fax, at: float) -> str:
    """Give the worker's own words for a job that it has (observed), else the documented one."""
    call = fax.attempt
    if status(fax) != tables.PROCESSING or call is None:
        return status(fax)
    if fax.state is State.dialing:
        return "preparing"
    if fax.state is State.reporting:
        return "not available"
    if fax.pages_sent:
        return f"Sent Page {fax.pages_sent} of {fax.pages}"
    setup = (call.pages_at[0] if call.pages_at else call.duration) / 2
    return "negotiating" if at < call.answered_at + setup else f"Fax negotiated at {call.speed}"


def view(fax: Fax) -> View:
    """Show the fax's id and status, and after a try the worker's result."""
    row = tried(fax)
    if row is None:
        return View(fax.vendor_id, status(fax))
    return View(fax.vendor_id, status(fax), str(row.code), row.text)


def created(fax: Fax) -> dict[str, Any]:
    """Give the answer to a create: what the client sent, completed (documented)."""
    return {**fax.details["doc"], "id": fax.vendor_id}


def document(fax: Fax, at: float, *, modern: bool = False, live: bool = False) -> dict[str, Any]:
    """Give all that a detail shows."""
    if fax.direction is Direction.inbound:
        return _inbound(fax, modern)
    word = live_status(fax, at) if live else status(fax)
    done, tries = fax.finished_at is not None and fax.state is State.delivered, ended(fax)
    doc = {
        **fax.details["doc"],
        "attempts": len(tries),
        "created": gregorian(fax.created_at),
        "delivered": gregorian(fax.finished_at or 0) if done else "undefined",
        "id": fax.vendor_id,
        "status": word,
        "tx_result": tx_result(fax),
    }
    if tries and tries[-1].outcome is not Outcome.delivered:
        doc["retry_after"] = RETRY_AFTER
    if fax.final:
        doc["folder"] = folders.OUTBOX
    return _sealed(fax, doc) if modern and fax.final else doc


def _sealed(fax: Fax, doc: dict[str, Any], *, deleted: bool = False) -> dict[str, Any]:
    """Add what 4.3 keeps apart."""
    seal: dict[str, Any] = {"created": gregorian(fax.created_at), "status": status(fax)}
    return doc | {"_read_only": seal | ({"deleted": True} if deleted else {})}


def deleted(fax: Fax, at: float, *, modern: bool) -> dict[str, Any]:
    """Give what the delete of a fax answers."""
    doc = document(fax, at, modern=modern)
    return _sealed(fax, doc, deleted=True) if modern else doc


def _inbound(fax: Fax, modern: bool) -> dict[str, Any]:
    at = fax.finished_at or fax.created_at
    stamp = datetime.fromtimestamp(at, UTC)
    doc = {
        "id": fax.vendor_id,
        "name": f"fax message received at {stamp.year}-{stamp.month}-{stamp.day} "
        f"{stamp.hour}:{stamp.minute}:{stamp.second} UTC",
        "from_number": fax.details["doc"]["from_number"],
        "to_number": fax.details["doc"]["to_number"],
        "description": "fax document received",
        "source_type": "incoming_fax",
        "folder": folders.folder(fax),
        "timestamp": gregorian(at),
        "created": gregorian(fax.created_at),
        "status": status(fax),
        "owner_id": fax.details["user"],
        "faxbox_id": fax.details["faxbox"],
        "media_type": "tiff",
        "call_id": call_id(fax),
        "cdr_doc_id": f"{month(fax.created_at)}-{call_id(fax)}",
        "fax_timezone": fax.details["timezone"] or "undefined",
        "rx_result": tx_result(fax),
        "notifications": fax.details["notifications"],
    }
    if modern:
        doc["from_name"] = fax.details["doc"]["from_number"]
    return _sealed(fax, doc) if modern and fax.final else doc


def call_id(fax: Fax) -> str:
    """Name the latest call."""
    return f"{fax.details['job']}-{fax.attempt.id if fax.attempt else 0}"


def row(fax: Fax) -> dict[str, Any]:
    """Give what the list of outgoing faxes shows (documented)."""
    return {
        "created": gregorian(fax.created_at),
        "from": fax.details["doc"]["from_number"],
        "id": fax.vendor_id,
        "status": status(fax),
        "to": fax.details["doc"]["to_number"],
    }


def modern_row(fax: Fax) -> dict[str, Any]:
    """Give the row of a 4.3 server."""
    return row(fax) | {"attempts": len(ended(fax)), "faxbox_id": fax.details["faxbox"]}


def full_row(fax: Fax, at: float, *, modern: bool) -> dict[str, Any]:
    """Give a row of outbox and inbox: the view's row together with the document (observed)."""
    return document(fax, at, modern=modern) | row(fax)
