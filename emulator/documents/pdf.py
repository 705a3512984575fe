"""PDF files read and written with pypdf, under limits that hold for hostile files."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from emulator.documents.direction import plain_letters
from emulator.documents.limits import bound_forms, holding, is_quick, reached
from emulator.documents.problem import MAX_PAGES, Problem, TooMuchWork, Unreadable

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader, PdfWriter

_MAX_PAGE_TEXT = 100_000
_MOST_NODES, _QUICK_NODES = 4 * MAX_PAGES, 1_000
_GIVEN_UP = frozenset({Problem.encrypted, Problem.no_pages})
"""What another reader may see otherwise."""

_TABLE_AT_0 = re.compile(rb"(startxref\s{1,4})0(?=\s)")


def count(content: bytes) -> tuple[int, bool]:
    """Count the pages, and tell whether some are called otherwise than pages are, which others pass over.

    Raises `Unreadable`; all here raise `TooMuchWork` instead, when they work quickly and a child may see it.
    """
    with _reading():
        reader = _open(content)
        renamed = _call_pages_pages(reader)
        pages = len(reader.pages)
    if not pages:
        raise Unreadable(Problem.no_pages)
    if pages > MAX_PAGES:
        raise Unreadable(Problem.too_large)
    return pages, renamed


def renamed(content: bytes) -> bytes | None:
    """Copy a PDF whose pages are called otherwise, with the names that all readers know; None for others."""
    from pypdf import PdfWriter

    with _reading():
        reader = _open(content)
        if not _call_pages_pages(reader):
            return None
        writer = PdfWriter()
        writer.append(reader, import_outline=False)
        return _written(writer)


def _call_pages_pages(reader: PdfReader) -> bool:
    """Set the type of each node of the page tree by what it has; tell whether one had another."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    wrong, seen, most = False, set[int](), _QUICK_NODES if is_quick() else _MOST_NODES
    root: Any = reader.trailer["/Root"].get_object()
    waiting: list[Any] = [root.get("/Pages")]
    while waiting and len(seen) < most:
        node = getattr(waiting.pop(), "get_object", lambda: None)()
        if not isinstance(node, DictionaryObject) or id(node) in seen:
            continue
        seen.add(id(node))
        kids = node.get("/Kids", None)
        kids = kids.get_object() if kids is not None else None
        right = "/Page" if kids is None else "/Pages"
        if node.get("/Type", right) != right and (kids is not None or "/Parent" in node):
            node[NameObject("/Type")] = NameObject(right)
            wrong = True
        waiting += kids[:most] if isinstance(kids, ArrayObject) else ()
    return wrong


def text(content: bytes) -> list[str | None]:
    """Extract the text of each page, at most 100,000 characters; None for a page that pypdf gives up."""
    with _reading():
        return [_page_text(page) for page in _open(content).pages]


def select(content: bytes, pages: Sequence[int]) -> bytes:
    """Copy the pages with these numbers, counted from 0, into a PDF of their own."""
    with _reading():
        from pypdf import PdfWriter

        writer = PdfWriter()
        writer.append(_open(content), pages=list(pages), import_outline=False)
        return _written(writer)


def merge(contents: Sequence[bytes]) -> bytes:
    """Put documents behind one another in one PDF."""
    with _reading():
        from pypdf import PdfWriter

        writer = PdfWriter()
        for content in contents:
            # Appending whole documents keeps what was typed into their forms; adding pages does not.
            writer.append(_open(content), import_outline=False)
        return _written(writer)


def _open(content: bytes) -> PdfReader:
    """Open a PDF; one that only an owner's password protects opens with the empty password."""
    from pypdf import PasswordType, PdfReader

    # A table of objects at 0, where none is, is looked for as at 1; from 0 some pypdf 4 and 5 go back one.
    reader = PdfReader(io.BytesIO(_TABLE_AT_0.sub(rb"\g<1>1", content)), strict=False)
    # A reader's password locks a document, also where the owner's is empty.
    if reader.is_encrypted and reader.decrypt("") != PasswordType.USER_PASSWORD:
        raise Unreadable(Problem.encrypted)
    return reader


def _page_text(page: PageObject) -> str | None:
    bound_forms(page)
    try:
        found = page.extract_text()[:_MAX_PAGE_TEXT].strip("\n")
    except Exception:
        return None
    found = plain_letters(found)
    return found.encode(errors="replace").decode()  # half a surrogate pair is no text that can be sent on


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@contextmanager
def _reading() -> Iterator[None]:
    """Turn whatever pypdf does with a hostile file into `Unreadable`, or `TooMuchWork` for a second look."""
    # pypdf logs each fault of a file; here a fault is an answer.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    held = holding()
    try:
        with held:
            yield
    except Unreadable as error:
        if error.problem in _GIVEN_UP and is_quick():
            raise TooMuchWork from error
        raise
    except TooMuchWork:
        raise
    except Exception as error:
        # Beside its own PyPdfError pypdf leaks nearly any error on a broken file, RecursionError included.
        # Under tight limits a whole file fails in as many ways: it tries to mend what it may not unpack.
        if is_quick() or isinstance(error, reached()):
            raise TooMuchWork from error
        raise Unreadable(Problem.broken) from error
