"""Documents: uploaded, kept as the PDF that is sent, known to the client by a number."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from flask import Response, request

from emulator import documents
from emulator.core.dialect.moment import Upload
from emulator.core.errors import Conflict
from emulator.core.instants import spell
from emulator.core.item import Record
from emulator.core.message import Fetch, FetchFailed
from emulator.vendors.dialect import RequestContext, context, enter_by_link, link_token
from emulator.vendors.faxto import parameters
from emulator.vendors.faxto.errors import FaxtoError, answer, found, success
from emulator.vendors.faxto.parameters import RowsAsked, load, number_in_path
from emulator.vendors.faxto.tables import EXTENSION_LENGTH, MOST_ROWS, NAME_LENGTH
from emulator.vendors.faxto.users import main_user
from emulator.vendors.forms import base_name

GROUP = "faxto/files"
LEAVING = "faxto/leaving"
"""Documents that go when a fax that is on its way has ended."""


def add(here: RequestContext, content: bytes, name: str, declared: str = "") -> Record:
    """Keep an uploaded document under a number of its own."""
    name = base_name(name)
    kept, number, at, ids = _keep(here, content, name, declared), here.next("file"), here.now, here.ids
    file_id = ids.serial("faxto/file", number, 5)
    record = Record(
        id=f"{GROUP}/{file_id}",
        sequence=number,
        group=GROUP,
        data={
            "id": file_id,
            "stem": ids.hex("faxto/file", number, 13),
            "name": name[:NAME_LENGTH],
            "extension": PurePosixPath(name).suffix[1:].lower()[:EXTENSION_LENGTH] or "pdf",
            "size": len(content),
            "digest": kept.digest,
            "pages": kept.pages,
            "problem": kept.problem,
            "preview": 0,
            "created_at": at,
            "updated_at": at,
        },
    )
    here.world.commit((record,))
    return record


def _keep(here: RequestContext, content: bytes, name: str, declared: str) -> Upload:
    """Turn an upload into the PDF that is sent, and keep it; one that cannot be faxed is kept as it is."""
    try:
        return Upload.of(here.world.keep(documents.to_pdf(content, name=name, declared=declared)))
    except documents.Unreadable as unreadable:
        return Upload.of(here.world.keep(content), unreadable.problem)


def find(here: RequestContext, document_id: str) -> Record:
    """Find a document by its number or raise the documented 404."""
    _tidy(here)
    return found(here.world.record(f"{GROUP}/{document_id}"))


def _tidy(here: RequestContext) -> None:
    """Let go of the documents whose fax has ended since anybody looked."""
    for record in here.world.list(Record, LEAVING, limit=1000):
        if here.world.fax(record.data["leaves_with"]).final:
            with suppress(Conflict):  # another request was first
                here.world.commit(deletes=(record,))


def change(here: RequestContext, record: Record, **changes: Any) -> Record:
    """Change a document's data; one that `leaves_with` a fax goes when that has ended."""

    def once() -> Record:
        known = found(here.world.record(record.id))
        data = {**known.data, **changes}
        groups = (LEAVING,) if "leaves_with" in data else ()
        changed = known.evolve(version=known.version + 1, groups=groups, data=data)
        here.world.commit((changed,))
        return changed

    return here.world.retry(once, "the document")


def upload() -> Response:
    """Upload a document, or have it fetched."""
    here, wanted = context(), load(parameters.UploadFile)
    record = _uploaded(here, wanted.get("remote"))
    return answer(
        {
            # Capital on the reference pages; another page and a public client have `success`.
            "status": here.profile("upload_status", "Success"),
            "document_id": record.data["id"],
            "total_pages": record.data["pages"],
            "document": _shown(here, record),
        }
    )


def _uploaded(here: RequestContext, remote: str | None) -> Record:
    file = request.files.get("file")
    if file is not None:
        return add(here, file.read(), file.filename or "", file.mimetype)
    if remote is None:
        raise FaxtoError(400, "A file or AddRemoteFile is required")
    try:
        wanted = Fetch(remote)
        got = here.world.fetch(wanted)
    except FetchFailed:
        raise FaxtoError(400, "The AddRemoteFile could not be fetched") from None
    return add(here, got.content, wanted.name, got.media_type)


def list_files() -> Response:
    """List the documents."""
    here, page = context(), RowsAsked.read(MOST_ROWS)
    _tidy(here)
    records = here.world.list(Record, GROUP, offset=page.offset, limit=page.limit)
    # A bare array (documented; the Swagger file wraps it).
    return answer([_row(record.data) for record in records])


def delete(document_id: str) -> Response:
    """Delete a document."""
    here = context()
    record = find(here, number_in_path(document_id))
    try:
        here.world.commit(deletes=(record,))  # faxes that have it go on
    except Conflict:
        raise FaxtoError(404) from None
    return success()


def clean() -> Response:
    """Clean a document of noise."""
    here = context()
    # It is shown flat, its size as text, a space in a key.
    fields = _shown(here, change(here, _named(here), updated_at=here.now))
    created, number = fields.pop("created_at"), fields.pop("id")
    fields |= {"filesize": str(fields["filesize"]), "created date": created, "id": number}
    return success(**fields, server_document_id=None, team_user_id=None)


def preview() -> Response:
    """Make a picture of the first page."""
    here = context()
    record = _named(here)
    if record.data["problem"]:
        raise FaxtoError(404)
    record = change(here, record, preview=1, updated_at=here.now)
    url = f"{request.url_root}previews/{link_token()}/{record.data['id']}/{_preview_name(record)}"
    return success(url=url)


def _named(here: RequestContext) -> Record:
    """Find the document that the query names, or a header `document_id` (observed)."""
    header = request.headers.get("document_id")
    wanted = load(parameters.WhichDocument, **({} if header is None else {"document_id": header}))
    return find(here, wanted["document_id"])


def serve_preview(token: str, document_id: str, name: str) -> Response:
    """Serve the picture of a document's first page."""
    here = enter_by_link(token)
    record = find(here, number_in_path(document_id))
    if name != _preview_name(record):
        raise FaxtoError(404)
    return picture(found(here.world.blob(record.data["digest"])))


def picture(content: bytes) -> Response:
    """Answer with a picture of the first page, or the documented 404."""
    try:
        return Response(documents.render_jpeg(content), mimetype="image/jpeg")
    except documents.Unreadable:
        raise FaxtoError(404) from None


def _preview_name(record: Record) -> str:
    return f"{record.data['stem']}.pdf.preview.jpg"


def _shown(here: RequestContext, record: Record) -> dict[str, Any]:
    """The documented `document` of an upload."""
    data = record.data
    return {
        "filename": f"{data['stem']}.pdf.tiff",
        "filename_uploaded": data["name"],
        "orig_filename": f"{data['stem']}.pdf",
        "file_extension": data["extension"],
        "total_pages": data["pages"],
        "filesize": data["size"],
        "preview_in_storage": data["preview"],
        "preview_file": _preview_name(record),
        "preview_image": None,
        "s3": None,
        "user_id": main_user(here),
        "updated_at": spell(data["updated_at"]),
        "created_at": spell(data["created_at"]),
        "id": data["id"],
    }


def _row(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": data["id"],
        "filename": f"{data['stem']}.pdf.tiff",
        "pages": data["pages"],
        "size": data["size"],
        "uploaded": spell(data["created_at"])[:10],
    }
