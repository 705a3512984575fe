"""Faxes: sent, listed, shown, deleted, sent again. An endpoint's name says which folder it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Response, request

from emulator import documents
from emulator.core.dialect.moment import Moment, Upload
from emulator.core.engine.engine import LivingWorld
from emulator.core.faxes.fax import Fax, Source, Submission
from emulator.core.faxes.machine import Direction
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.plan import HttpFault, Refused
from emulator.core.message import Fetch, Fetched
from emulator.core.sandbox import Settings
from emulator.core.world import World
from emulator.documents.media_types import PDF, TIFF
from emulator.vendors.dialect import concerns, context
from emulator.vendors.kazoo import words
from emulator.vendors.kazoo.account.faxboxes import FAXBOXES, defaults_of
from emulator.vendors.kazoo.errors import KazooError, success, unknown
from emulator.vendors.kazoo.lists.paging import PagedList, answer_page
from emulator.vendors.kazoo.lists.records import find_record
from emulator.vendors.kazoo.parameters import check_fax, data_of_request
from emulator.vendors.kazoo.tables import NOT_OWNED, USUAL_RETRIES
from emulator.vendors.kazoo.visit import FILE_TYPES, File, modern, own_name, visit
from emulator.vendors.kazoo.words import (
    INBOX,
    INCOMING,
    OUTBOX,
    OUTGOING,
    folder_of,
    gregorian,
    is_modern,
    lists_of,
)

FETCH_TYPE = "text/plain"
"""Type of a posted fetch's body when the client names none (observed)."""

AGAIN = {
    OUTBOX: ("resubmit", "error when resubmitting fax"),
    INBOX: ("forward", "error when forwarding fax"),
}
"""How a new job of an older fax is asked for, and what is said when it has no document, by folder."""

SYSTEM_KEYS = frozenset(
    {"id", "attempts", "tx_result", "rx_result", "retry_after", "created", "delivered", "status"}
)
"""What a new job made of an older fax does not take over."""


# new jobs
def create_fax() -> Response:
    """Queue a fax, its document by URL or in the body."""
    world, found = context().world, visit()
    if request.mimetype in FILE_TYPES:
        wanted: dict[str, Any] = {key: text for key, text in request.args.items() if key != "auth_token"}
    else:
        wanted = data_of_request()
    usual = {} if found.faxbox is None else defaults_of(find_record(FAXBOXES, found.faxbox))
    doc = check_fax(usual | wanted, has_file=found.file is not None)
    sheets = None if found.file is None else keep_file(world, found.file)
    fax = send(world, doc, sheets, user=found.user, attached=found.file is not None)
    return _answer_new(fax, words.new_job(fax), ordered=True)


def _answer_new(fax: Fax, data: dict[str, Any], *, ordered: bool = False) -> Response:
    concerns(fax.id)
    return success(data, 201, of=fax, ordered=ordered, location=f"faxes/outgoing/{fax.vendor_id}")


def send_again(fax: str) -> Response:
    """Make a new job of a fax that was sent, or received."""
    old = find_fax(fax)
    action, trouble = AGAIN[folder_of(old)]
    wanted = visit().beside_data("action")
    if wanted != action:
        raise KazooError("action required" if wanted is None else "invalid action")
    changes = data_of_request(required=False)
    doc = {key: value for key, value in _base(old).items() if key not in SYSTEM_KEYS} | changes
    sheets = None if "document" in changes else _sheets_of(old)
    if sheets is None and "document" not in doc:
        raise KazooError(trouble)
    checked = check_fax(doc, has_file=sheets is not None)
    new = send(context().world, checked, sheets, user=old.details.get("user"))
    data = {key: value for key, value in words.new_job(new).items() if key != "tx_result"}
    return _answer_new(new, data | {"folder": folder_of(old)})


def _base(old: Fax) -> dict[str, Any]:
    """What is taken over; a received fax goes on from the number that it came to."""
    if old.direction is Direction.outbound:
        return dict(old.details["doc"])
    faxbox = {"faxbox_id": old.details["faxbox"]} if old.details["faxbox"] else {}
    return {"from_number": old.details["doc"]["to_number"], "to_number": ""} | faxbox


# lists, and one fax
def list_faxes() -> Response:
    """List the faxes of a folder."""
    folder = _folder()
    row = partial(words.outgoing_row, modern=modern()) if folder == OUTGOING else _full_row
    created, changed = (lambda fax: gregorian(fax.created_at)), (lambda fax: gregorian(fax.changed_at))
    name = f"kazoo/{folder}{visit().scope}"
    return answer_page(PagedList(Fax, name, row, _full_row, created, changed, ranged=folder != OUTGOING))


def _folder() -> str:
    return own_name().partition("-")[0]


def _full_row(fax: Fax) -> dict[str, Any]:
    """A row of outbox and inbox: the document, and the row of a list (observed)."""
    return words.document(fax, words.status_of(fax), modern=modern()) | words.short_row(fax)


def read_fax(fax: str) -> Response:
    """Show a fax."""
    own = context()
    job = own.world.find("kazoo", fax)
    if job is None or job.plan.poll is None:
        found = own.world.count_poll(find_fax(fax))
    else:  # a read that lags shows a job that has ended where it was before
        found = _in_folder(own.world.count_poll(job), fax)
    status = words.shown_status(found, own.now, own.settings.profile)
    return success(words.document(found, status, modern=modern()), of=found)


def delete_fax(fax: str) -> Response:
    """Delete a fax."""
    own, found = context(), find_fax(fax)
    data = words.document(found, words.status_of(found), modern=modern())
    if modern():
        data = words.seal(found, data, deleted=True)
    return success(data, of=own.world.amend(found.id, hidden=True))


def find_fax(fax_id: str) -> Fax:
    """Find a fax; one of another folder is a server error there, but a job in the queue is unknown."""
    fax = context().world.find("kazoo", fax_id)
    if fax is None:
        raise unknown(fax_id)
    concerns(fax.id)
    return _in_folder(fax, fax_id)


def _in_folder(fax: Fax, fax_id: str) -> Fax:
    folder, there = _folder(), folder_of(fax)
    if there != folder and (there in (OUTGOING, INCOMING) or folder == OUTGOING):
        raise unknown(fax_id)
    if there != folder:
        raise KazooError(f"document is not in folder {folder}")
    return fax


# from what a client, a mail or an older fax says to a job in the queue
@dataclass(frozen=True)
class Sheets(Upload):
    """What is sent, always a PDF; `original` is the file as it came, where that was another form of it."""

    original: str | None = None
    name: str | None = None


def keep_file(world: World, file: File) -> Sheets:
    """Keep a file, as it came and as PDF; one that cannot be sent makes the job fail later."""
    kept, original, problem = world.keep(file.content), None, None
    if kept.problem is None and kept.media_type != PDF:
        if file.kind in FILE_TYPES and kept.media_type != TIFF:
            # Parts are told apart by their own type (observed); that the converter then fails is assumed.
            problem = documents.label_problem(file.content, "", file.kind) or documents.Problem.broken
        else:
            try:
                pdf = world.keep(documents.to_pdf(file.content, name=_name_of(file), declared=file.kind))
                # A TIFF is given back as it came; of what else was taken only the pages are known afterwards.
                original = kept.digest if kept.media_type == TIFF else None
                kept = pdf
            except documents.Unreadable as wrong:
                problem = wrong.problem
    upload = Upload.of(kept, problem)
    return Sheets(upload.digest, upload.pages, upload.problem, original, file.name)


def _name_of(file: File) -> str:
    """Take the name for what the file is only where its type says nothing (observed)."""
    return file.name or "" if file.kind in ("", documents.UNKNOWN) else ""


def _sheets_of(old: Fax) -> Sheets | None:
    """An older fax's document and what is wrong with it; a bad one that has a URL is fetched anew."""
    problem = None if old.problem == NOT_OWNED else old.problem
    if old.document is None or (problem and old.source is not None):
        return None
    return Sheets(old.document, old.pages, problem, old.details.get("original"), old.document_name)


def assemble(moment: Moment, got: Sequence[Fetched]) -> documents.Inspection:
    """Keep a fetched document as the PDF that is sent, and beside it the TIFF that it came as."""
    world, first = moment.world, got[0]
    # Its type is that of the answer, its name that of the URL (assumed: as a part has both).
    sheets = keep_file(world, File(first.content, first.media_type, first.name))
    content = world.blob(sheets.digest)
    if sheets.original is not None:
        world.store.put_blob(fetched_name(str(sheets.digest)), first.content)
    kept = documents.inspect(content if content is not None else first.content)
    wrong = sheets.problem and documents.Problem(sheets.problem)
    return replace(kept, pages=0, problem=wrong) if wrong else kept


def fetched_name(digest: str) -> str:
    """Under which name a fetched file is kept whose PDF has this digest."""
    return f"{digest}.fetched"


def send(
    world: LivingWorld,
    doc: Mapping[str, Any],
    sheets: Sheets | None,
    *,
    user: str | None = None,
    attached: bool = False,
) -> Fax:
    """Queue a checked document as a new job; `attached` says that its file has just come with it."""
    settings = world.settings("kazoo")
    if settings.restricts(doc["to_number"]):
        raise Refused(HttpFault(refusal="restricted"))
    owned = not settings.numbers or normalise(doc["from_number"]) in map(normalise, settings.numbers)
    sheets, tries = sheets or Sheets(), count_tries(settings, doc["retries"])
    # A caller id of somebody else fails before anything is fetched, so such a job has no source.
    fetched = owned and sheets.digest is None
    faxbox = doc.get("faxbox_id")
    faxbox = faxbox if isinstance(faxbox, str) else None
    job = world.ids.hex("kazoo/job", world.next("kazoo/job"))
    return world.submit(
        Submission(
            vendor="kazoo",
            vendor_id=job,
            to=doc["to_number"],
            sender=doc["from_number"],
            document=sheets.digest,
            document_name=sheets.name,
            source=Source(fetch_of(doc["document"])) if fetched else None,
            pages=sheets.pages,
            problem=sheets.problem if owned else NOT_OWNED,
            resolution="fine",
            # The usual number, written or not, leaves a scenario that names more calls its will.
            max_attempts=None if doc["retries"] == USUAL_RETRIES else tries,
            least_attempts=tries,
            details={
                "job": job,
                "doc": doc,
                "faxbox": faxbox,
                "modern": is_modern(settings.profile),
                "notifications": doc.get("notifications", {}),
                "user": user,
                "attached": attached,
                "original": sheets.original,
            },
            folders=lists_of(OUTGOING, faxbox, user),
        ),
    )


def count_tries(settings: Settings, retries: int) -> int:
    """How often a job is tried: once, and again as often as its `retries` say (documented).

    With the switch `retries` at `tries` they are the tries in all (observed in public source code).
    """
    return max(1, retries) if settings.profile.get("retries") == "tries" else 1 + retries


def fetch_of(document: Mapping[str, Any]) -> Fetch:
    """The request by which a document is fetched, with the headers that its client wants."""
    wanted = ((header, document.get(key)) for key, header in (("host", "Host"), ("referer", "Referer")))
    headers = tuple((header, value) for header, value in wanted if value)
    if document.get("method") != "post":
        return Fetch(document["url"], headers=headers)
    kind = document.get("content_type") or FETCH_TYPE
    return Fetch(document["url"], "POST", (*headers, ("Content-Type", kind)), document.get("content", ""))
