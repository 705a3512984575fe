"""Uploaded documents: kept as the PDF that is sent, known to the client by a number."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from emulator import documents
from emulator.core.errors import Conflict
from emulator.core.faxes.fax import Fax
from emulator.core.instants import spell
from emulator.core.item import Record
from emulator.vendors.dialect import Call
from emulator.vendors.faxto.errors import not_found
from emulator.vendors.faxto.parameters import Page

GROUP = "faxto/files"
LEAVING = "faxto/leaving"
"""Documents that go when a fax that is on its way has ended."""

NAME_LENGTH = 200


@dataclass(frozen=True)
class Kept:
    """What an upload became: the digest and pages of the PDF, or why it cannot be faxed."""

    digest: str
    pages: int
    problem: str | None


def keep(here: Call, content: bytes) -> Kept:
    """Turn an upload into the PDF that is sent, and keep it; one that cannot be faxed is kept as it is."""
    try:
        document = here.world.keep(documents.to_pdf(content))
    except documents.Unreadable as unreadable:
        document = here.world.keep(content)
        return Kept(document.digest, 0, unreadable.problem.value)
    problem = document.problem and document.problem.value
    return Kept(document.digest, document.pages, problem)


def add(here: Call, content: bytes, name: str) -> Record:
    """Keep an uploaded document under a number of its own."""
    kept, number, at = keep(here, content), here.next("file"), here.now
    extension = PurePosixPath(name).suffix[1:].lower()[:10] or "pdf"
    record = Record(
        id=f"{GROUP}/{here.ids.serial('faxto/file', number, 5)}",
        sequence=number,
        group=GROUP,
        data={
            "id": here.ids.serial("faxto/file", number, 5),
            "stem": here.ids.hex("faxto/file", number, 13),
            "name": name[:NAME_LENGTH],
            "extension": extension,
            "size": len(content),
            "digest": kept.digest,
            "pages": kept.pages,
            "problem": kept.problem,
            "preview": 0,
            "created_at": at,
            "updated_at": at,
        },
    )
    here.world.commit(record)
    return record


def get(here: Call, document_id: str) -> Record:
    """Give a document by its number or raise the documented 404."""
    tidy(here)
    record = here.world.store.get(Record, f"{GROUP}/{document_id}")
    if record is None:
        raise not_found()
    return record


def page(here: Call, wanted: Page) -> list[Record]:
    """List documents, newest first."""
    tidy(here)
    return here.world.list(Record, GROUP, offset=wanted.offset, limit=wanted.limit)


def delete(here: Call, record: Record) -> None:
    """Forget a document; faxes that have it go on."""
    here.world.store.commit(deletes=(record,))


def touch(here: Call, record: Record, **changes: Any) -> Record:
    """Change a document's data, now."""
    data = {**record.data, **changes, "updated_at": here.now}
    touched = record.evolve(version=record.version + 1, data=data)
    here.world.commit(touched)
    return touched


def delete_after(here: Call, record: Record, fax: Fax) -> None:
    """Have a document go when a fax has ended."""
    data = {**record.data, "leaves_with": fax.id}
    leaving = record.evolve(version=record.version + 1, groups=(LEAVING,), data=data)
    here.world.commit(leaving)


def tidy(here: Call) -> None:
    """Let go of the documents whose fax has ended since anybody looked."""
    store = here.world.store
    for record in store.list(Record, LEAVING, limit=1000):
        fax = store.get(Fax, record.data["leaves_with"])
        if fax is None or fax.final:
            try:
                delete(here, record)
            except Conflict:
                continue  # another call was first


def preview_name(record: Record) -> str:
    """Give the name under which the picture of the first page is served."""
    return f"{record.data['stem']}.pdf.preview.jpg"


def shown(record: Record, user_id: int) -> dict[str, Any]:
    """Give the documented `document` of an upload."""
    data = record.data
    return {
        "filename": f"{data['stem']}.pdf.tiff",
        "filename_uploaded": data["name"],
        "orig_filename": f"{data['stem']}.pdf",
        "file_extension": data["extension"],
        "total_pages": data["pages"],
        "filesize": data["size"],
        "preview_in_storage": data["preview"],
        "preview_file": preview_name(record),
        "preview_image": None,
        "s3": None,
        "user_id": user_id,
        "updated_at": spell(data["updated_at"]),
        "created_at": spell(data["created_at"]),
        "id": data["id"],
    }


def cleaned(record: Record, user_id: int) -> dict[str, Any]:
    """Give the document as file-clean shows it: flat, its size as text, a space in a key."""
    fields = shown(record, user_id)
    created = fields.pop("created_at")
    number = fields.pop("id")
    fields |= {"filesize": str(fields["filesize"]), "created date": created, "id": number}
    return fields | {"server_document_id": None, "team_user_id": None}


def listed(record: Record) -> dict[str, Any]:
    """Give a row of the list of documents."""
    data = record.data
    return {
        "id": data["id"],
        "filename": f"{data['stem']}.pdf.tiff",
        "pages": data["pages"],
        "size": data["size"],
        "uploaded": spell(data["created_at"])[:10],
    }
