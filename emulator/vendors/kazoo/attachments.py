"""The document of a fax, as PDF or as TIFF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from emulator import documents
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.instants import spell
from emulator.core.message import FetchFailed
from emulator.vendors.dialect import call
from emulator.vendors.kazoo import faxes, folders
from emulator.vendors.kazoo.checks import preferred
from emulator.vendors.kazoo.envelope import KazooError, bare, success, unknown, with_headers
from emulator.vendors.kazoo.sending import PDF, TIFF, Paper, fetch_of, take
from emulator.vendors.kazoo.times import gregorian
from emulator.vendors.kazoo.view import status
from emulator.vendors.kazoo.visit import File, modern

ENDINGS = {PDF: "pdf", TIFF: "tiff"}


@dataclass(frozen=True)
class Stored:
    """A file that belongs to a fax."""

    content: bytes
    media_type: str


def read_outbox(fax: str) -> Response:
    """Give the document of a fax that was sent."""
    return _given(faxes.found(fax, folders.OUTBOX))


def read_inbox(fax: str) -> Response:
    """Give the document of a fax that was received."""
    return _given(faxes.found(fax, folders.INBOX))


def delete_outbox(fax: str) -> Response:
    """Delete the document of a fax that was sent."""
    return _forgotten(faxes.found(fax, folders.OUTBOX))


def delete_inbox(fax: str) -> Response:
    """Delete the document of a fax that was received."""
    return _forgotten(faxes.found(fax, folders.INBOX))


def _given(fax: Fax) -> Response:
    stored = _stored(fax)
    if stored is None and modern():
        fax = _fetched_anew(fax)
        stored = _stored(fax)
    if stored is None:
        raise unknown(fax.vendor_id)
    strict = call().profile("strict_accept", False) is True
    usual = PDF if modern() and not strict else stored.media_type
    offered = (stored.media_type,) if strict else (usual, *(kind for kind in ENDINGS if kind != usual))
    kind = preferred(*offered)
    if kind is None:
        return bare(406)
    kind = PDF if strict and modern() else kind
    answer = Response(_as(stored, kind, fax), mimetype=kind)
    answer.headers["Content-Disposition"] = f"{_disposition()}; filename={_name(fax, kind)}"
    answer.make_conditional(request, accept_ranges=True, complete_length=answer.content_length)
    return with_headers(answer)


def _fetched_anew(fax: Fax) -> Fax:
    """Get a document that is gone from its URL, as 4.3 does; where there is none to be had, the store fails.

    That the document is kept then, and that a fetch in vain is told as a missing URL is, is assumed.
    """
    own = call()
    paper = _paper_at(fax.details["doc"].get("document"))
    if paper is None or paper.problem is not None:
        raise KazooError("datastore_fault")
    details = {**fax.details, "original": paper.original}
    return own.world.amend(fax.id, document=paper.document, details=details)


def _paper_at(document: Mapping[str, Any] | None) -> Paper | None:
    if document is None:
        return None
    world = call().world
    try:
        return take(world, File(world.fetch(fetch_of(document)).content))
    except FetchFailed:
        return None


def _disposition() -> str:
    return "inline" if request.args.get("disposition") == "inline" else "attachment"


def _name(fax: Fax, kind: str) -> str:
    ending = ENDINGS[kind]
    if modern():
        stamp = spell(fax.created_at, "%Y-%m-%d_%H:%M:%S")
        return f"fax_document_{stamp}.{ending}"
    if fax.direction is Direction.inbound:
        return f"received_file_{fax.details['job']}.{ending}"
    return f"original_file.{ending}"


def _stored(fax: Fax) -> Stored | None:
    """Give the file as it was uploaded, or as the line brought it: a received fax is a TIFF (observed)."""
    own = call()
    digest = fax.details.get("original") or fax.document
    content = own.world.store.blob(digest) if digest else None
    if content is None or documents.sniff(content) not in ENDINGS:
        return None  # what was taken in another form, yet could not be sent
    if documents.inspect(content).problem is not None:
        return None
    if fax.direction is Direction.inbound:
        return Stored(_tiff(content, fax), TIFF)
    return Stored(content, documents.sniff(content))


def _as(stored: Stored, kind: str, fax: Fax) -> bytes:
    if stored.media_type == kind:
        return stored.content
    own = call()
    pdf = own.world.store.blob(fax.document or "")
    if pdf is None:
        raise unknown(fax.vendor_id)
    return pdf if kind == PDF else _tiff(pdf, fax)


def _tiff(pdf: bytes, fax: Fax) -> bytes:
    """Render a PDF as the fax machine prints it, once: the result is kept beside it."""
    if documents.sniff(pdf) == TIFF:
        return pdf
    own, name = call(), f"{fax.document}.tiff"
    content = own.world.store.blob(name)
    if content is None:
        try:
            content = documents.render_tiff(pdf)
        except documents.Unreadable:
            raise unknown(fax.vendor_id) from None
        own.world.store.put_blob(name, content)
    return content


def _forgotten(fax: Fax) -> Response:
    own = call()
    data: dict[str, Any] = {}
    details = {**fax.details, "original": None}
    fax = own.world.amend(fax.id, document=None, details=details)
    if modern():
        seal = {"created": gregorian(fax.created_at), "status": status(fax)}
        data = {"id": None, "_read_only": seal}
    return success(data, of=fax)
