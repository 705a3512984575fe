"""What may be done with documents in a child process, by name, and what of it may be tried here first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from emulator.documents import frames, office, pdf, pdfium, picture, printout, raster
from emulator.documents.limits import is_quick
from emulator.documents.problem import Problem, TooMuchWork, Unreadable

MENDED = b" mended"
"""Stands behind the number of pages of a PDF that only one reader opens."""

SEEN_OTHERWISE = frozenset({Problem.broken, Problem.encrypted, Problem.no_pages})
"""What pypdf finds wrong with a PDF that pdfium may yet open."""

_MANY = 100
"""Pages from which a PDF's text is left to pdfium, which is thirty times as fast as pypdf."""


def _count(content: bytes) -> Iterator[bytes]:
    try:
        pages, renamed = pdf.count(content)
        yield b"%d" % pages + (MENDED if renamed else b"")
    except Unreadable as first:
        if first.problem not in SEEN_OTHERWISE:
            raise
        try:
            yield b"%d" % pdfium.count(content) + MENDED
        except Unreadable:
            raise first from None


def _text(content: bytes, pages: int) -> Iterator[bytes]:
    found = [None] * pages if pages > _MANY else pdf.text(content)
    if None in found and is_quick():
        raise TooMuchWork
    yield json.dumps(list(pdfium.fill(content, found))).encode()


def _mend(content: bytes) -> Iterator[bytes]:
    try:
        copy = pdf.renamed(content)
    except Unreadable:
        copy = None
    yield pdfium.mend(content) if copy is None else copy


TASKS: dict[str, Callable[..., Iterable[bytes]]] = {
    "pdf_count": _count,
    "pdf_text": _text,
    "pdf_mend": _mend,
    "pdf_proof": raster.proof,
    "pdf_select": lambda content, pages: [pdf.select(content, pages)],
    "pdf_merge": lambda *contents: [pdf.merge(contents)],
    "picture_count": lambda content: [b"%d" % frames.count(content)],
    "picture_to_pdf": picture.to_pdf,
    "office_to_pdf": lambda content: [office.to_pdf(content)],
    "text_count": lambda content: [b"%d" % printout.count(content)],
    "text_to_pdf": lambda content, paper: [printout.to_pdf(content, paper)],
    "fax_to_pdf": picture.fax_to_pdf,
    "fax_tiff": raster.fax_tiff,
    "screen_png": raster.screen_png,
    "screen_jpeg": raster.screen_jpeg,
}
"""Functions of documents and options that give the result in pieces."""

QUICK = frozenset(
    {"pdf_count", "pdf_text", "pdf_select", "pdf_merge", "picture_count", "text_count", "text_to_pdf"}
)
"""Tasks that take milliseconds when their documents are small, or stop by themselves."""
