"""A fax's document as the receiver sees it: PDF, fax TIFF, a page as a picture, or its text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response

from emulator import documents
from emulator.control.answers import query, the_world
from emulator.control.route import Route
from emulator.control.schemas import DocumentQuery
from emulator.core.errors import Invalid, NotFound
from emulator.core.faxes.fax import Fax
from emulator.documents import Paper, Resolution


@dataclass(frozen=True)
class Format:
    """A form of the document: its media type, how browsers show it, what makes it of a PDF and a page."""

    media_type: str
    disposition: str
    make: Callable[[bytes, Fax, int], bytes]


def _paper(fax: Fax) -> Paper:
    return Paper(fax.paper) if fax.paper in set(Paper) else Paper.letter


def _resolution(fax: Fax) -> Resolution:
    return Resolution.standard if fax.resolution == Resolution.standard else Resolution.fine


FORMATS = {
    "pdf": Format("application/pdf", "attachment", lambda pdf, fax, page: pdf),
    "tiff": Format(
        "image/tiff",
        "attachment",
        lambda pdf, fax, page: documents.render_tiff(pdf, _paper(fax), _resolution(fax)),
    ),
    "png": Format(
        "image/png",
        "inline",
        lambda pdf, fax, page: documents.render_png(pdf, page, _resolution(fax), _paper(fax)),
    ),
    "text": Format(
        "text/plain; charset=utf-8",
        "attachment",
        lambda pdf, fax, page: "\f".join(documents.text_of(pdf)).encode(),
    ),
}


def read_document(sandbox: str, fax: str) -> Response:
    wanted = query(DocumentQuery)
    world = the_world(sandbox)
    held = world.fax(fax)
    content = world.blob(held.document)
    if not content:
        raise NotFound(
            f"{fax} has no document" if held.document is None else f"the document of {fax} was let go"
        )
    form = FORMATS[wanted["format"]]
    try:
        with documents.on_behalf_of(world.id):
            made = form.make(documents.to_pdf(content, _paper(held)), held, wanted["page"])
    except ValueError as wrong:
        raise Invalid(str(wrong), "page") from None
    answer = Response(made, content_type=form.media_type)
    suffix = "txt" if wanted["format"] == "text" else wanted["format"]
    answer.headers["Content-Disposition"] = f'{form.disposition}; filename="{held.id}.{suffix}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


ROUTES = (
    Route(
        "GET", "/sandboxes/<sandbox>/faxes/<fax>/document", read_document,
        "Give the document as the receiver sees it; `page` is for png.",
        query=DocumentQuery, statuses=(200, 400, 404, 409, 503), slow=True,
        media=tuple(form.media_type.partition(";")[0] for form in FORMATS.values()),
    ),
)  # fmt: skip
