"""The endpoints of documents: upload, list, delete, clean, preview."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from flask import Response, request

from emulator import documents
from emulator.core.errors import Conflict
from emulator.core.item import Record
from emulator.core.message import Fetch, FetchFailed
from emulator.vendors.dialect import Call, call, enter_by_link, link_token
from emulator.vendors.faxto import files, parameters, schemas
from emulator.vendors.faxto.errors import FaxtoError, answer, not_found
from emulator.vendors.faxto.parameters import load
from emulator.vendors.faxto.users import main_user


def upload() -> Response:
    here, wanted = call(), load(schemas.Upload)
    record = _uploaded(here, wanted.get("remote"))
    return answer(
        {
            # Capital on the reference pages; another page and a public client have `success`.
            "status": here.profile("upload_status", "Success"),
            "document_id": record.data["id"],
            "total_pages": record.data["pages"],
            "document": files.shown(record, main_user(here)),
        }
    )


def _uploaded(here: Call, remote: str | None) -> Record:
    file = request.files.get("file")
    if file is not None:
        return files.add(here, file.read(), file.filename or "")
    if remote is None:
        raise FaxtoError(400, "A file or AddRemoteFile is required")
    try:
        content = here.world.fetch(Fetch(remote)).content
    except FetchFailed:
        raise FaxtoError(400, "The AddRemoteFile could not be fetched") from None
    return files.add(here, content, PurePosixPath(unquote(urlsplit(remote).path)).name)


def listed() -> Response:
    """Answer with a bare array (documented; the Swagger file wraps it)."""
    page = parameters.page(parameters.MOST)
    return answer([files.listed(record) for record in files.page(call(), page)])


def delete(document_id: str) -> Response:
    here = call()
    record = files.get(here, schemas.number_in_path(document_id))
    try:
        files.delete(here, record)
    except Conflict:
        raise not_found() from None
    return answer({"status": "success"})


def clean() -> Response:
    here = call()
    record = _touched(here, _named(here))
    return answer({"status": "success"} | files.cleaned(record, main_user(here)))


def preview() -> Response:
    here = call()
    record = _named(here)
    if record.data["problem"]:
        raise not_found()
    record = _touched(here, record, preview=1)
    url = f"{request.url_root}previews/{link_token()}/{record.data['id']}/{files.preview_name(record)}"
    return answer({"status": "success", "url": url})


def _touched(here: Call, record: Record, **changes: int) -> Record:
    try:
        return files.touch(here, record, **changes)
    except Conflict:
        return files.get(here, str(record.data["id"]))


def _named(here: Call) -> Record:
    """Find the document that the query names, or a header `document_id` (observed)."""
    header = request.headers.get("document_id")
    return files.get(
        here,
        load(schemas.WhichDocument, **({} if header is None else {"document_id": header}))["document_id"],
    )


def picture(token: str, document_id: str, name: str) -> Response:
    """Serve the first page of a document without credentials; the token finds the sandbox."""
    here = enter_by_link(token)
    record = files.get(here, schemas.number_in_path(document_id))
    content = here.world.store.blob(record.data["digest"])
    if content is None or name != files.preview_name(record):
        raise not_found()
    try:
        return Response(documents.render_jpeg(content), mimetype="image/jpeg")
    except documents.Unreadable:
        raise not_found() from None
