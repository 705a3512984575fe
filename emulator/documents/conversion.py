"""Documents turned into PDF, and PDFs cut, joined and read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from emulator.documents import child, office
from emulator.documents.inspection import Inspection, inspect, print_office
from emulator.documents.media_types import HTML, PDF, SVG, TEXT, label_problem
from emulator.documents.paper import Paper
from emulator.documents.problem import MAX_PAGES, Problem, Unreadable

SECONDS_PER_PAGE = 0.2
"""What a page adds to the time in which a document is drawn or read: five times what a scanned one takes."""

_RANGE = re.compile(r"\s*([0-9]{1,6})\s*(?:-\s*([0-9]{1,6})\s*)?")


def require_readable(content: bytes) -> Inspection:
    """Inspect a document that must have pages. Raises `Unreadable` when it has a problem."""
    document = inspect(content)
    if document.problem is not None:
        raise Unreadable(document.problem)
    return document


def require_pdf(content: bytes) -> Inspection:
    """Inspect a document that must be a PDF with pages. Raises `Unreadable`."""
    document = require_readable(content)
    if document.media_type != PDF:
        raise Unreadable(Problem.unsupported)
    return document


def to_pdf(content: bytes, paper: Paper = Paper.letter, *, name: str = "", declared: str = "") -> bytes:
    """Turn an image (PNG, JPEG, GIF, BMP, TIFF; each frame a page), plain text or an office file into a PDF.

    A PDF stays, but for one that only one reader opens: of that a copy is made.

    Pictures lie upright and in their true shape on the paper; they become grey, as fax knows no colour.
    Raises `Unreadable`, also for mere text under the file name, or the type, of something else.
    """
    document = inspect(content)
    mere_text = document.media_type in (TEXT, HTML, SVG)
    problem = (label_problem(content, name, declared) if mere_text else None) or document.problem
    if problem is not None:
        raise Unreadable(problem)
    if document.media_type in office.KINDS:
        return print_office(content, document.media_type)
    if document.media_type == PDF:
        return child.run("pdf_mend", content) if document.mended else content
    if document.media_type == TEXT:
        return child.do("text_to_pdf", content, paper=paper)
    return child.run("picture_to_pdf", content, paper=paper)


def select_pages(content: bytes, ranges: Sequence[str]) -> bytes:
    """Copy pages of a PDF in the order of `ranges`: `"3"` or `"1-5"`, counted from 1.

    Raises `ValueError` with the range that is not one or lies outside the document, `Unreadable` for the PDF.
    """
    total = require_pdf(content).pages
    pages: list[int] = []
    for text in ranges:
        pages += _pages(text, total)
        if len(pages) > MAX_PAGES:
            raise ValueError(text)
    if not pages:
        raise ValueError("")
    return child.do("pdf_select", to_pdf(content), pages=pages)


def merge(contents: Sequence[bytes]) -> bytes:
    """Put PDFs together; equal input gives equal bytes. Raises `Unreadable`, `ValueError` for none."""
    if not contents:
        raise ValueError("no document")
    if sum(require_pdf(content).pages for content in contents) > MAX_PAGES:
        raise Unreadable(Problem.too_large)
    if len(contents) == 1:
        return contents[0]
    return child.do("pdf_merge", *map(to_pdf, contents))


def text_of(content: bytes) -> list[str]:
    """Extract the text of each page of a PDF, at most 100,000 characters a page. Raises `Unreadable`."""
    pages = require_pdf(content).pages
    seconds = child.TASK_SECONDS + pages * SECONDS_PER_PAGE
    return list(json.loads(child.do("pdf_text", to_pdf(content), seconds=seconds, pages=pages)))


def _pages(text: str, total: int) -> Iterable[int]:
    match = _RANGE.fullmatch(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last <= total:
        raise ValueError(text)
    return range(first - 1, last)
