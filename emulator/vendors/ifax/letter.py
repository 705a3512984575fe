"""What is faxed: attachments, chosen pages and a cover page, as the one PDF that the receiver gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from emulator import documents
from emulator.core.dialect.moment import Moment, Upload
from emulator.core.faxes.fax import Fax, Source
from emulator.core.message import Fetch, Fetched
from emulator.core.sandbox import Settings
from emulator.core.world import World
from emulator.documents import Cover, Inspection, Problem, Unreadable
from emulator.documents.media_types import BMP, GIF, JPEG, OFFICE, PDF, PNG, TIFF
from emulator.vendors.ifax.errors import IfaxError
from emulator.vendors.ifax.tables import CODES, EXTENSIONS, MOST_BYTES, MOST_FILES, NEWER

SENDABLE = frozenset({PDF, PNG, JPEG, GIF, BMP, TIFF})

AttachedPart = Mapping[str, Any]
"""An attachment as the fax keeps it: `digest`, or nothing while it is still to be fetched; and `pages`."""


@dataclass(frozen=True)
class Composed:
    """A fax's document; with `source` it is complete only when all parts are fetched."""

    upload: Upload
    source: Source | None = None
    parts: Sequence[AttachedPart] = ()


def check_attachments(settings: Settings, attachments: Sequence[Mapping[str, Any]]) -> None:
    """Raise IfaxError for attachments that cannot be right whatever is in them."""
    newer = _newer(settings)
    if len(attachments) > MOST_FILES:
        raise IfaxError(-1008, CODES["-1008/2"].text)
    for each in attachments:
        if "content" not in each and "url" not in each:
            raise IfaxError(-1008)
        if not _is_named_well(each, newer):
            raise IfaxError(120109)
    if sum(len(each.get("content", b"")) for each in attachments) > MOST_BYTES:
        raise IfaxError(-1063)


def _newer(settings: Settings) -> Sequence[str]:
    """Name the kinds of files that are taken beside those of the document."""
    return NEWER if settings.profile.get("office_files") is True else ()


def _is_named_well(attachment: Mapping[str, Any], newer: Sequence[str]) -> bool:
    """Judge by the name's extension; a name without one by the content, where that is at hand."""
    _, dot, extension = attachment["name"].rpartition(".")
    if dot:
        return extension.lower() in EXTENSIONS or extension.lower() in newer
    return "content" not in attachment or documents.sniff(attachment["content"]) in _sendable(newer)


def _sendable(newer: Sequence[str]) -> frozenset[str]:
    return SENDABLE.union(OFFICE[kind] for kind in newer)


def compose(world: World, attachments: Sequence[Mapping[str, Any]], cover: Mapping[str, str]) -> Composed:
    """Put a document together, or keep its parts until the engine has fetched those that lie elsewhere.

    A single PDF is sent as it is, without another look at it.
    """
    parts, alone = [], len(attachments) == 1 and not cover and not attachments[0].get("pages")
    for each in attachments:
        kept = world.keep(each["content"]) if "content" in each else None
        if alone and kept and (kept.media_type == PDF or kept.problem):
            return Composed(Upload.of(kept))
        part = {"pages": each["pages"]} if each.get("pages") else {}
        parts.append(part | {"digest": kept.digest} if kept else part)
    if urls := [each["url"] for each in attachments if "content" not in each]:
        first, *more = (Fetch(url, max_bytes=MOST_BYTES) for url in urls)
        return Composed(Upload(), Source(first, more=tuple(more)), parts)
    return Composed(Upload.of(_merge(world, parts, cover)))


def compose_again(world: World, fax: Fax, cover: Mapping[str, str]) -> Composed:
    """Take the document of an earlier fax, its cover page written anew where there is a `cover`."""
    content = world.blob(fax.document)
    if not cover or content is None or fax.problem:
        return Composed(Upload(fax.document, fax.pages, fax.problem))
    first = 1 + documents.inspect(_draw_cover(fax.details["cover"], 0)).pages
    rest = [documents.select_pages(content, [f"{first}-{fax.pages}"])] if fax.pages >= first else []
    pages = [_draw_cover(cover, max(0, fax.pages + 1 - first)), *rest]
    return Composed(Upload.of(world.keep(documents.merge(pages))))


def assemble(moment: Moment, got: Sequence[Fetched]) -> Inspection:
    """Put a fax's document together once the parts that lay elsewhere have come, in their order."""
    world, fax, arrived = moment.world, moment.fax, iter(got)
    parts = [
        part if "digest" in part else {**part, "digest": world.keep(next(arrived).content).digest}
        for part in fax.details["parts"]
    ]
    return _merge(world, parts, fax.details.get("cover", {}))


def _merge(world: World, parts: Sequence[AttachedPart], cover: Mapping[str, str]) -> Inspection:
    """Convert the parts to PDF, choose pages, draw the cover and merge; what cannot be has a problem."""
    try:
        pages = [_pdf(world, part) for part in parts]
        if cover:
            total = sum(documents.inspect(each).pages for each in pages)
            pages.insert(0, _draw_cover(cover, total))
        return world.keep(documents.merge(pages))
    except (Unreadable, ValueError) as wrong:  # ValueError: a page that is not there, or no page at all
        problem = wrong.problem if isinstance(wrong, Unreadable) else Problem.no_pages
        first = world.blob(parts[0]["digest"]) if parts else None
        return replace(documents.inspect(first or b""), pages=0, problem=problem)


def _draw_cover(cover: Mapping[str, str], following: int) -> bytes:
    return documents.draw_cover(replace(Cover(**cover), following=following))  # type: ignore[arg-type]


def _pdf(world: World, part: AttachedPart) -> bytes:
    content = world.blob(part["digest"])
    if content is None or documents.sniff(content) not in _sendable(_newer(world.settings("ifax"))):
        raise Unreadable(Problem.unsupported)
    pdf = documents.to_pdf(content)
    return documents.select_pages(pdf, part["pages"]) if "pages" in part else pdf
