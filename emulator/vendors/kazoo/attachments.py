"""The document of a fax, as PDF or as TIFF."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from emulator import documents
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.instants import spell
from emulator.core.message import FetchFailed
from emulator.documents.media_types import PDF, TIFF
from emulator.vendors.dialect import context
from emulator.vendors.kazoo.errors import KazooError, bare, success, unknown, with_headers
from emulator.vendors.kazoo.faxes import fetch_of, fetched_name, find_fax, keep_file
from emulator.vendors.kazoo.visit import File, choose_type, modern
from emulator.vendors.kazoo.words import seal

ENDINGS = {PDF: "pdf", TIFF: "tiff"}


def read_attachment(fax: str) -> Response:
    """Answer with the document of a fax."""
    found = find_fax(fax)
    stored = _stored(found)
    if stored is None and modern():
        found = _fetched_anew(found)
        stored = _stored(found)
    if stored is None:
        raise unknown(found.vendor_id)
    stored_type = documents.sniff(stored)
    strict = context().profile("strict_accept", False) is True
    usual = PDF if modern() and not strict else stored_type
    kind = choose_type(usual, *(() if strict else (kind for kind in ENDINGS if kind != usual)))
    if kind is None:
        return bare(406)
    kind = PDF if strict and modern() else kind
    if stored_type != kind:
        pdf = context().world.blob(found.document)
        if pdf is None:
            raise unknown(found.vendor_id)
        stored = pdf if kind == PDF else _tiff(pdf, found)
    answer = Response(stored, mimetype=kind)
    place = "inline" if request.args.get("disposition") == "inline" else "attachment"
    answer.headers["Content-Disposition"] = f"{place}; filename={_name(found)}.{ENDINGS[kind]}"
    answer.make_conditional(request, accept_ranges=True, complete_length=answer.content_length)
    return with_headers(answer)


def _stored(fax: Fax) -> bytes | None:
    """The file as it was uploaded, or as the line brought it: a received fax is a TIFF (observed)."""
    world, digest = context().world, fax.document
    content = world.blob(fetched_name(digest)) if fax.source is not None and digest else None
    if content is None:
        content = world.blob(fax.details.get("original") or digest)
    if content is None or documents.sniff(content) not in ENDINGS:
        return None  # what was taken in another form, yet could not be sent
    if documents.inspect(content).problem is not None:
        return None
    return _tiff(content, fax) if fax.direction is Direction.inbound else content


def _fetched_anew(fax: Fax) -> Fax:
    """Get a document that is gone from its URL, as 4.3 does; where there is none to be had, the store fails.

    That the document is kept then, and that a fetch in vain is told as a missing URL is, is assumed.
    """
    world, source = context().world, fax.details["doc"].get("document")
    try:
        sheets = None if source is None else keep_file(world, File(world.fetch(fetch_of(source)).content))
    except FetchFailed:
        sheets = None
    if sheets is None or sheets.problem is not None:
        raise KazooError("datastore_fault")
    details = {**fax.details, "original": sheets.original}
    return world.amend(fax.id, document=sheets.digest, details=details)


def _name(fax: Fax) -> str:
    if modern():
        return f"fax_document_{spell(fax.created_at, '%Y-%m-%d_%H:%M:%S')}"
    return f"received_file_{fax.details['job']}" if fax.direction is Direction.inbound else "original_file"


def _tiff(pdf: bytes, fax: Fax) -> bytes:
    """Render a PDF as the fax machine prints it, once: the result is kept beside it."""
    if documents.sniff(pdf) == TIFF:
        return pdf
    world, name = context().world, f"{fax.document}.tiff"
    content = world.blob(name)
    if content is None:
        try:
            content = documents.render_tiff(pdf)
        except documents.Unreadable:
            raise unknown(fax.vendor_id) from None
        world.store.put_blob(name, content)
    return content


def delete_attachment(fax: str) -> Response:
    """Delete the document of a fax."""
    found = find_fax(fax)
    found = context().world.amend(found.id, document=None, details={**found.details, "original": None})
    data: dict[str, Any] = seal(found, {"id": None}) if modern() else {}
    return success(data, of=found)
