"""Links to documents: they serve without credentials, cannot be guessed, and find their sandbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from flask import Response, abort, request

from emulator.core.faxes.fax import Fax
from emulator.documents import Paper, Resolution, Unreadable, render_jpeg, render_tiff
from emulator.vendors.dialect import concerns, enter_by_link, link_token

OUTBOUND, INBOUND = "outbound", "inbound"
SERVED = {OUTBOUND: (".tif",), INBOUND: (".tif", ".jpg", ".pdf")}


def inbound_name(number: int | str) -> str:
    """Name an inbound fax among the vendor's ids, apart from the outbound ones."""
    return f"{INBOUND}/{number}"


def link(folder: str, file: str) -> str:
    """The URL of a document of the sandbox."""
    return f"{request.url_root}documents/{folder}/{link_token()}/{file}"


def serve(folder: str, token: str, file: str) -> Response:
    """Serve a fax as its receiver sees it.

    TIFF and JPEG are drawn anew, PDF is given as it is kept.
    """
    here, path = enter_by_link(token), PurePosixPath(file)
    if path.suffix not in SERVED.get(folder, ()):
        abort(404)
    name = path.stem if folder == OUTBOUND else inbound_name(path.stem)
    fax = here.world.find("openfax", name)
    content = here.world.store.blob(fax.document) if fax and fax.document else None
    if fax is None or content is None:
        abort(404)
    concerns(fax.id)
    media_type, draw = DRAWINGS[path.suffix]
    try:
        return Response(draw(fax, content), mimetype=media_type)
    except Unreadable:
        abort(404)


def _tiff(fax: Fax, content: bytes) -> bytes:
    return render_tiff(content, Paper(fax.paper), Resolution(fax.resolution))


def _jpeg(fax: Fax, content: bytes) -> bytes:
    return render_jpeg(content, 1, Resolution(fax.resolution), Paper(fax.paper))


DRAWINGS: dict[str, tuple[str, Callable[[Fax, bytes], bytes]]] = {
    ".tif": ("image/tiff", _tiff),
    ".jpg": ("image/jpeg", _jpeg),
    ".pdf": ("application/pdf", lambda fax, content: content),
}
"""Media type and drawing by file ending."""
