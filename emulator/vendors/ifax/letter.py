"""What is faxed: attachments, chosen pages and a cover page, as the one PDF that the receiver gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from emulator import documents
from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.fax import Source
from emulator.core.message import Fetch
from emulator.core.world import World
from emulator.documents import Cover, Inspection, Problem, Unreadable
from emulator.documents.media_types import BMP, GIF, JPEG, PDF, PNG, TIFF
from emulator.vendors.ifax.answers import Failure
from emulator.vendors.ifax.codes import NAMED
from emulator.vendors.ifax.tables import EXTENSIONS, MOST_BYTES, MOST_FILES

IMAGES = frozenset({PNG, JPEG, GIF, BMP, TIFF})

Part = Mapping[str, Any]
"""An attachment as the fax keeps it: `digest`, or nothing while it is still to be fetched; and `pages`."""


@dataclass(frozen=True)
class Letter:
    """A fax's document; with `source` it is complete only when all parts are fetched."""

    document: str | None
    pages: int = 0
    problem: str | None = None
    source: Source | None = None
    parts: Sequence[Part] = ()


def check_attachments(attachments: Sequence[Mapping[str, Any]]) -> None:
    """Raise Failure for attachments that cannot be right whatever is in them."""
    if len(attachments) > MOST_FILES:
        raise Failure(-1008, NAMED["-1008/2"].text)
    for each in attachments:
        if "content" not in each and "url" not in each:
            raise Failure(-1008)
        if not _is_named_well(each):
            raise Failure(120109)
    if sum(len(each.get("content", b"")) for each in attachments) > MOST_BYTES:
        raise Failure(-1063)


def _is_named_well(attachment: Mapping[str, Any]) -> bool:
    """Judge by the name's extension; a name without one by the content, where that is at hand."""
    _, dot, extension = attachment["name"].rpartition(".")
    if dot:
        return extension.lower() in EXTENSIONS
    return "content" not in attachment or documents.sniff(attachment["content"]) in IMAGES | {PDF}


def compose(world: World, attachments: Sequence[Mapping[str, Any]], cover: Mapping[str, str]) -> Letter:
    """Put a letter together, or keep its parts until the engine has fetched those that lie elsewhere."""
    if (
        len(attachments) == 1
        and not cover
        and "content" in (only := attachments[0])
        and not only.get("pages")
    ):
        return _letter(_alone(world, only["content"]))
    parts = [_part(world, each) for each in attachments]
    if urls := [each["url"] for each in attachments if "content" not in each]:
        first, *more = (Fetch(url, max_bytes=MOST_BYTES) for url in urls)
        return Letter(None, source=Source(first, more=tuple(more)), parts=parts)
    return _letter(_document(world, parts, cover))


def assemble(moment: Moment, contents: Sequence[bytes]) -> Inspection:
    """Put a fax's letter together once the parts that lay elsewhere have come, in their order."""
    world, fax, arrived = moment.world, moment.fax, iter(contents)
    parts = [
        part if "digest" in part else {**part, "digest": world.keep(next(arrived)).digest}
        for part in fax.details["parts"]
    ]
    return _document(world, parts, fax.details.get("cover", {}))


def _alone(world: World, content: bytes) -> Inspection:
    """Keep a single attachment: a PDF as it is, without another look at it."""
    document = world.keep(content)
    if document.media_type == PDF or document.problem is not None:
        return document
    return _document(world, [{"digest": document.digest}], {})


def _part(world: World, attachment: Mapping[str, Any]) -> Part:
    chosen = {"pages": attachment["pages"]} if attachment.get("pages") else {}
    if "content" in attachment:
        return chosen | {"digest": world.keep(attachment["content"]).digest}
    return chosen


def _letter(document: Inspection) -> Letter:
    return Letter(document.digest, document.pages, document.problem and document.problem.value)


def _document(world: World, parts: Sequence[Part], cover: Mapping[str, str]) -> Inspection:
    """Convert the parts to PDF, choose pages, draw the cover and merge; what cannot be has a problem."""
    try:
        pages = [_pdf(world, part) for part in parts]
        if cover:
            total = 1 + sum(documents.inspect(each).pages for each in pages)
            pages.insert(0, documents.draw_cover(Cover(**cover, pages=total)))
        return world.keep(documents.merge(pages))
    except Unreadable as wrong:
        return _unsendable(world, parts, wrong.problem)
    except ValueError:  # a page that is not there, or no page at all
        return _unsendable(world, parts, Problem.no_pages)


def _unsendable(world: World, parts: Sequence[Part], problem: Problem) -> Inspection:
    content = world.store.blob(parts[0]["digest"]) if parts else None
    return replace(documents.inspect(content or b""), pages=0, problem=problem)


def _pdf(world: World, part: Part) -> bytes:
    content = world.store.blob(part["digest"])
    if content is None or documents.sniff(content) not in IMAGES | {PDF}:
        raise Unreadable(Problem.unsupported)
    pdf = documents.to_pdf(content)
    return documents.select_pages(pdf, part["pages"]) if "pages" in part else pdf
