"""The faxes API: create, list, read, resubmit, forward, delete; and the log of mails that asked for a fax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.item import Record
from emulator.vendors.dialect import call, concerns
from emulator.vendors.kazoo import folders, records, view
from emulator.vendors.kazoo.body import FILE_TYPES
from emulator.vendors.kazoo.envelope import KazooError, success, unknown
from emulator.vendors.kazoo.faxboxes import check_scope, defaults_of
from emulator.vendors.kazoo.mail import LOG
from emulator.vendors.kazoo.paging import Listing, answer
from emulator.vendors.kazoo.schemas import data_of_call
from emulator.vendors.kazoo.sending import Paper, checked, send, take
from emulator.vendors.kazoo.tables import NOT_OWNED
from emulator.vendors.kazoo.times import gregorian
from emulator.vendors.kazoo.visit import modern, visit

SYSTEM_KEYS = frozenset(
    {"id", "attempts", "tx_result", "rx_result", "retry_after", "created", "delivered", "status"}
)
"""What a new job made of an older fax does not take over."""


def create() -> Response:
    """Queue a fax, its document by URL or in the body."""
    check_scope()
    own, file = call(), visit().body.file
    wanted = _wanted()
    doc = checked(defaults_of(visit().faxbox) | wanted, has_file=file is not None)
    paper = None if file is None else take(own.world, file)
    attached, bound = file is not None, "retries" in wanted
    fax = send(own.world, doc, paper, user=visit().user, attached=attached, bound=bound)
    concerns(fax.id)
    return success(view.created(fax), 201, of=fax, ordered=True, location=_location(fax))


def _wanted() -> dict[str, Any]:
    if request.mimetype in FILE_TYPES:
        return {name: text for name, text in request.args.items() if name != "auth_token"}
    return data_of_call()


def _location(fax: Fax) -> str:
    return f"/v2/accounts/{visit().account}/faxes/outgoing/{fax.vendor_id}"


# lists
def outgoing() -> Response:
    """List the jobs in the queue."""
    return _listed(folders.OUTGOING, view.modern_row if modern() else view.row, ranged=False)


def outbox() -> Response:
    """List what was sent or given up."""
    return _listed(folders.OUTBOX, _full)


def inbox() -> Response:
    """List what was received."""
    return _listed(folders.INBOX, _full)


def incoming() -> Response:
    """List what is being received and, as the public code does, what was."""
    return _listed(folders.INCOMING, _full)


def _listed(folder: str, row: Callable[[Fax], dict[str, Any]], *, ranged: bool = True) -> Response:
    check_scope()
    listing = Listing(
        Fax,
        f"kazoo/{folder}{visit().scope}",
        row,
        _full,
        lambda fax: gregorian(fax.created_at),
        lambda fax: gregorian(fax.changed_at),
        ranged,
    )
    return answer(listing)


def _full(fax: Fax) -> dict[str, Any]:
    return view.full_row(fax, call().now, modern=modern())


def smtplog() -> Response:
    """List the mails that asked for a fax, good and bad."""
    check_scope()
    return records.listed(LOG + visit().scope, _logged, ranged=True)


def _logged(entry: Record) -> dict[str, Any]:
    data = {key: entry.data[key] for key in ("from", "to", "created")}
    return data | {"id": entry.id, "error": next(iter(entry.data["errors"]), None)}


def read_smtplog(attempt: str) -> Response:
    """Show one entry of the SMTP log."""
    check_scope()
    entry = records.found(LOG, attempt)
    return success(records.whole(entry), of=entry)


# one fax
def read_outgoing(fax: str) -> Response:
    """Show a job in the queue."""
    return _shown(found(fax, folders.OUTGOING))


def read_outbox(fax: str) -> Response:
    """Show a fax that was sent or given up."""
    return _shown(found(fax, folders.OUTBOX))


def read_inbox(fax: str) -> Response:
    """Show a fax that was received."""
    return _shown(found(fax, folders.INBOX))


def read_incoming(fax: str) -> Response:
    """Show a fax while its call lasts."""
    return _shown(found(fax, folders.INCOMING))


def _shown(fax: Fax) -> Response:
    fax = call().world.polled(fax)
    live = call().profile("live_status", False) is True
    return success(view.document(fax, call().now, modern=modern(), live=live), of=fax)


def found(fax_id: str, folder: str) -> Fax:
    """Find a fax; one of another folder is a server error there, but a job in the queue is unknown."""
    check_scope()
    fax = call().world.find("kazoo", fax_id)
    if fax is None:
        raise unknown(fax_id)
    concerns(fax.id)
    there = folders.folder(fax)
    live = {folders.OUTGOING, folders.INCOMING}
    if there != folder and (there in live or folder == folders.OUTGOING):
        raise unknown(fax_id)
    if there != folder:
        raise KazooError(f"document is not in folder {folder}")
    return fax


def delete_outbox(fax: str) -> Response:
    """Delete a fax that was sent."""
    return _deleted(found(fax, folders.OUTBOX))


def delete_inbox(fax: str) -> Response:
    """Delete a fax that was received."""
    return _deleted(found(fax, folders.INBOX))


def _deleted(fax: Fax) -> Response:
    data = view.deleted(fax, call().now, modern=modern())
    gone = call().world.amend(fax.id, hidden=True)
    return success(data, of=gone)


# a new job of an older fax
def resubmit(fax: str) -> Response:
    """Send a fax of the outbox again."""
    return _again(found(fax, folders.OUTBOX), "resubmit", "error when resubmitting fax")


def forward(fax: str) -> Response:
    """Send a fax of the inbox on."""
    return _again(found(fax, folders.INBOX), "forward", "error when forwarding fax")


def _again(old: Fax, action: str, trouble: str) -> Response:
    wanted = visit().from_envelope("action")
    if wanted is None:
        raise KazooError("action required")
    if wanted != action:
        raise KazooError("invalid action")
    changes = data_of_call(required=False)
    doc = {key: value for key, value in _base(old).items() if key not in SYSTEM_KEYS} | changes
    paper = None if "document" in changes else _paper(old)
    if paper is None and "document" not in doc:
        raise KazooError(trouble)
    own = call()
    new = checked(doc, has_file=paper is not None)
    fax = send(own.world, new, paper, user=old.details.get("user"), bound="retries" in changes)
    concerns(fax.id)
    data = {key: value for key, value in view.created(fax).items() if key != "tx_result"}
    return success(data | {"folder": folders.folder(old)}, 201, of=fax, location=_location(fax))


def _base(old: Fax) -> dict[str, Any]:
    """Give what is taken over; a received fax goes on from the number that it came to."""
    if old.direction is Direction.outbound:
        return dict(old.details["doc"])
    faxbox = {"faxbox_id": old.details["faxbox"]} if old.details["faxbox"] else {}
    return {"from_number": old.details["doc"]["to_number"], "to_number": ""} | faxbox


def _paper(old: Fax) -> Paper | None:
    """Give an older fax's document and what is wrong with it; a bad one that has a URL is fetched anew."""
    problem = None if old.problem == NOT_OWNED else old.problem
    if old.document is None or (problem and old.source is not None):
        return None
    return Paper(old.document, old.pages, problem, old.details.get("original"), old.document_name)
