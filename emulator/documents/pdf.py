"""PDF files read and written with pypdf, under limits that hold for hostile files."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from emulator.documents.problem import MAX_PAGES, Problem, TooMuchWork, Unreadable

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader, PdfWriter

_MAX_PAGE_TEXT = 100_000

Limits = Mapping[str, Any]
"""Overrides of `pypdf.Configuration`."""

CHILD_LIMITS: Limits = {}
"""In a process of its own, which can be ended, pypdf's own limits serve."""

QUICK_LIMITS: Limits = {
    "page_tree_maximum_entries": 200,
    "zlib_maximum_output_length": 2_000_000,
    "lzw_maximum_output_length": 200_000,
    "run_length_maximum_output_length": 2_000_000,
    "stream_decoding_work_maximum_length": 8_000_000,
    "stream_parsing_work_maximum_count": 5_000,
}
"""In the server's process nothing may take longer than a few tenths of a second."""


def count(content: bytes, limits: Limits = CHILD_LIMITS) -> int:
    """Count the pages. Raises `Unreadable`, and `TooMuchWork` when the limits ended the count."""
    with _reading(limits):
        pages = len(_open(content).pages)
    if not pages:
        raise Unreadable(Problem.no_pages)
    if pages > MAX_PAGES:
        raise Unreadable(Problem.too_large)
    return pages


def text(content: bytes, limits: Limits = CHILD_LIMITS) -> list[str]:
    """Extract the text of each page, at most 100,000 characters; a page whose drawing is damaged has none."""
    with _reading(limits):
        return [_page_text(page) for page in _open(content).pages]


def select(content: bytes, pages: Sequence[int], limits: Limits = CHILD_LIMITS) -> bytes:
    """Copy the pages with these numbers, counted from 0, into a PDF of their own."""
    from pypdf import PdfWriter

    with _reading(limits):
        writer = PdfWriter()
        writer.append(_open(content), pages=list(pages), import_outline=False)
        return _written(writer)


def merge(contents: Sequence[bytes], limits: Limits = CHILD_LIMITS) -> bytes:
    """Put documents behind one another in one PDF."""
    from pypdf import PdfWriter

    with _reading(limits):
        writer = PdfWriter()
        for content in contents:
            # Appending whole documents keeps what was typed into their forms; adding pages does not.
            writer.append(_open(content), import_outline=False)
        return _written(writer)


def _open(content: bytes) -> PdfReader:
    """Open a PDF; one that only an owner's password protects opens with the empty password."""
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise Unreadable(Problem.encrypted)
    return reader


def _page_text(page: PageObject) -> str:
    from pypdf.errors import LimitReachedError

    try:
        found = page.extract_text()[:_MAX_PAGE_TEXT].strip("\n")
    except LimitReachedError:
        raise
    except Exception:
        return ""
    return found.encode(errors="replace").decode()  # half a surrogate pair is no text that can be sent on


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@contextmanager
def _reading(limits: Limits) -> Iterator[None]:
    """Turn whatever pypdf does with a hostile file into `Unreadable` or `TooMuchWork`."""
    from pypdf import Configuration, apply_configuration
    from pypdf.errors import LimitReachedError

    # pypdf logs each fault of a file; here a fault is an answer.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with apply_configuration(Configuration(**limits, disable_legacy_handling=True)):
            yield
    except Unreadable:
        raise
    except LimitReachedError as error:
        raise TooMuchWork from error
    except Exception as error:
        # Beside its own PyPdfError pypdf leaks nearly any error on a broken file, RecursionError included.
        raise Unreadable(Problem.broken) from error
