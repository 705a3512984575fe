"""PDF files as pdfium reads them: the second opinion on what pypdf gives up, and what drawing begins with.

Runs in the child process only: pdfium is not thread-safe, and hostile files make it eat memory or crash.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from emulator.documents.direction import plain_letters
from emulator.documents.mending import with_header, with_trailer
from emulator.documents.problem import MAX_PAGES, Problem, Unreadable

_MAX_PAGE_TEXT = 100_000


def count(content: bytes) -> int:
    """Count the pages that can be loaded; what the file says about their number is not believed.

    Raises `Unreadable`.
    """
    with opened(content) as document:
        pages = 0
        for number in range(min(len(document), MAX_PAGES + 1)):
            pages += loads(document, number)
    if not pages:
        raise Unreadable(Problem.no_pages)
    if pages > MAX_PAGES:
        raise Unreadable(Problem.too_large)
    return pages


def fill(content: bytes, texts: Sequence[str | None]) -> Iterator[str]:
    """Extract the text of each page that has none yet; nothing where there is none to be had."""
    if None not in texts:
        yield from map(str, texts)
        return
    with opened(content) as document:
        for number, found in enumerate(texts):
            yield _text(document, number) if found is None else found


def _text(document: Any, number: int) -> str:
    from pypdfium2 import PdfiumError

    try:
        page = document[number]
    except PdfiumError:
        return ""
    try:
        found = page.get_textpage().get_text_bounded(errors="replace")
    finally:
        page.close()
    lines = (line.rstrip() for line in plain_letters(found).replace("\0", "").split("\r\n"))
    return "\n".join(lines).strip("\n")[:_MAX_PAGE_TEXT]


def mend(content: bytes) -> bytes:
    """Copy all pages that can be loaded into a PDF that any reader opens."""
    from pypdfium2 import PdfDocument

    with opened(content) as document:
        pages = [number for number in range(len(document)) if loads(document, number)]
        copy, out = PdfDocument.new(), io.BytesIO()
        try:
            copy.import_pages(document, pages)
            copy.save(out)
        finally:
            copy.close()
    return out.getvalue()


def loads(document: Any, number: int) -> bool:
    """Tell whether a page, counted from 0, can be loaded."""
    from pypdfium2 import raw

    page = raw.FPDF_LoadPage(document, number)
    if not page:
        return False
    raw.FPDF_ClosePage(page)
    return True


@contextmanager
def opened(content: bytes, pages: Sequence[int] = ()) -> Iterator[Any]:
    """Open a PDF, of which these pages must load. Raises `Unreadable`."""
    from pypdfium2 import PdfiumError

    document = _open(content)
    try:
        if pages and not all(loads(document, number) for number in pages):
            raise Unreadable(Problem.broken)
        yield document
    except PdfiumError as error:
        raise Unreadable(Problem.broken) from error
    finally:
        document.close()


def _open(content: bytes) -> Any:
    from pypdfium2 import PdfDocument, PdfiumError

    content = with_header(content)
    try:
        return PdfDocument(content)
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable(Problem.encrypted) from error
    try:
        return PdfDocument(with_trailer(content))
    except PdfiumError as error:
        raise Unreadable(Problem.broken) from error
