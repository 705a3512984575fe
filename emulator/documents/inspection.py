"""A document as a fax service sees it: what it is, how many pages it has, or what is wrong with it."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass

from emulator.documents import child
from emulator.documents.media_types import BMP, GIF, JPEG, PDF, PNG, TEXT, TIFF, sniff
from emulator.documents.problem import Problem, Unreadable

_REMEMBERED = 4096
_WORK = 7.0  # processor seconds to count pages; in some damage pypdf before 6.10 goes round without end

_known: dict[str, Inspection] = {}
"""The documents read last, by digest, the oldest first."""
_lock = threading.Lock()


@dataclass(frozen=True)
class Inspection:
    """What is known of one content; a document with a problem has no pages."""

    digest: str
    """SHA-256 in hexadecimal."""
    media_type: str
    size: int
    """Bytes."""
    pages: int
    problem: Problem | None
    mended: bool = False
    """Whether only pdfium opens this PDF, so that others are given a copy."""


def inspect(content: bytes) -> Inspection:
    """Tell what `content` is and count its pages. Never raises, and reads equal content only once.

    Text is counted as it lies on letter paper, images by frame; these are decoded when they are converted.
    """
    digest = hashlib.sha256(content).hexdigest()
    with _lock:
        known = _known.get(digest)
    document = known or _read(content, digest)
    with _lock:  # what was asked for last is forgotten last
        _known.pop(digest, None)
        _known[digest] = document
        if len(_known) > _REMEMBERED:
            del _known[next(iter(_known))]
    return document


def _read(content: bytes, digest: str) -> Inspection:
    media_type, pages, mended, problem = sniff(content), b"0", b"", None
    try:
        pages, _, mended = _count(content, media_type).partition(b" ")
    except Unreadable as error:
        problem = error.problem
    return Inspection(digest, media_type, len(content), int(pages), problem, bool(mended))


def _count(content: bytes, media_type: str) -> bytes:
    if not content:
        raise Unreadable(Problem.empty)
    if media_type not in _COUNTS:
        raise Unreadable(Problem.unsupported)
    return child.do(_COUNTS[media_type], content, work=_WORK)


_COUNTS = {
    PDF: "pdf_count",
    TEXT: "text_count",
    **dict.fromkeys((TIFF, PNG, JPEG, GIF, BMP), "picture_count"),
}
"""The task that counts the pages of each type."""
