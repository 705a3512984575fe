"""The document of a fax: cover page, files and fetched documents, joined as one PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from emulator import documents
from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.fax import Source
from emulator.core.instants import iso
from emulator.core.message import Fetch
from emulator.documents import Document, Unreadable
from emulator.vendors.mfax import coverpages
from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.recipients import national
from emulator.vendors.mfax.tables import MOST_FILES, MOST_URLS, NO_FILES
from emulator.vendors.mfax.tenant import Tenant

LONGEST_NAME = 255
FETCH_SECONDS = 30.0
"""Real seconds for all documents of a fax together."""


@dataclass(frozen=True)
class Letter:
    """What is sent. `parts` are the digests that stand before what `source` will fetch."""

    document: str | None = None
    pages: int = 0
    problem: str | None = None
    name: str | None = None
    source: Source | None = None
    parts: tuple[str, ...] = ()


def compose(
    tenant: Tenant, wanted: Mapping[str, Any], files: Sequence[tuple[str, bytes]], to: Sequence[str]
) -> Letter:
    """Make the document that a call asks for; a file that cannot be faxed makes one that fails later."""
    urls = wanted["attachmentUrls"]
    if wanted["fileIds"]:
        raise invalid("fileIds: File not found.")
    if len(urls) > MOST_URLS:
        raise invalid(f"attachmentUrls: at most {MOST_URLS} documents are fetched.")
    if len(files) > MOST_FILES:
        raise invalid(f"attachments: at most {MOST_FILES} files are sent.")
    if not (files or urls or wanted["coverPage"]):
        raise invalid(NO_FILES)
    name = files[0][0][:LONGEST_NAME] if files else None
    try:
        parts = [documents.to_pdf(content) for _, content in files]
        if wanted["coverPage"]:
            parts.insert(0, _cover(tenant, wanted, parts, to))
        return _fetched_later(tenant, parts, urls, name) if urls else _joined(tenant, parts, name)
    except Unreadable as unreadable:
        kept = _unreadable(tenant, [content for _, content in files])
        return Letter(document=kept, problem=unreadable.problem.value, name=name)


def preview(tenant: Tenant, wanted: Mapping[str, Any], files: Sequence[tuple[str, bytes]]) -> bytes:
    """Give the PDF that would be sent; raise InvalidInputError when there is none."""
    letter = compose(tenant, {**wanted, "attachmentUrls": [], "fileIds": []}, files, ())
    content = tenant.world.blob(letter.document)
    if letter.problem or content is None:
        raise invalid(f"The file cannot be rendered: {letter.problem}.")
    return content


def assemble(moment: Moment, contents: Sequence[bytes]) -> Document:
    """Join the fetched documents behind the parts that came with the call."""
    world = moment.world
    first = (world.blob(digest) for digest in moment.fax.details["parts"])
    try:
        parts = [part for part in first if part is not None]
        return world.keep(documents.merge([*parts, *map(documents.to_pdf, contents)]))
    except Unreadable as unreadable:
        return replace(world.keep(contents[0]), pages=0, problem=unreadable.problem)


def _cover(tenant: Tenant, wanted: Mapping[str, Any], parts: Sequence[bytes], to: Sequence[str]) -> bytes:
    names = ("recipientName", "senderName", "subject", "notes")
    tokens = {name: wanted.get(name, "") for name in names}
    tokens |= {
        "recipientFax": ", ".join(to[:3]) + (", …" if len(to) > 3 else ""),
        "callerId": caller_id(tenant, wanted),
        "date": iso(tenant.now)[:10],
        "pages": str(1 + sum(documents.inspect(part).pages for part in parts)),
    }
    return coverpages.print_cover(coverpages.template(tenant, wanted.get("coverPageId")), tokens)


def caller_id(tenant: Tenant, wanted: Mapping[str, Any]) -> str:
    """Give the caller id of the call, else of the user's settings: the first number that the account owns."""
    numbers = tenant.settings.numbers
    return str(wanted.get("callerId") or (national(numbers[0]) if numbers else ""))


def _joined(tenant: Tenant, parts: Sequence[bytes], name: str | None) -> Letter:
    kept = tenant.world.keep(documents.merge(parts))
    return Letter(kept.digest, kept.pages, kept.problem and kept.problem.value, name)


def _fetched_later(tenant: Tenant, parts: Sequence[bytes], urls: Sequence[str], name: str | None) -> Letter:
    kept = [tenant.world.keep(part) for part in parts]
    first, *more = (Fetch(url, deadline=FETCH_SECONDS / len(urls)) for url in urls)
    return Letter(
        pages=sum(each.pages for each in kept),
        name=name or urls[0].rpartition("/")[2][:LONGEST_NAME] or None,
        source=Source(first, more=tuple(more)),
        parts=tuple(each.digest for each in kept),
    )


def _unreadable(tenant: Tenant, contents: Sequence[bytes]) -> str | None:
    """Keep the file that cannot be faxed, so that it can be looked at."""
    kept = (tenant.world.keep(content) for content in contents)
    return next((each.digest for each in kept if each.problem is not None), None)
