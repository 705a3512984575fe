"""A document as a fax service sees it: what it is, how many pages it has, or what is wrong with it."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import Generic, TypeVar

from emulator.documents import child, office
from emulator.documents.media_types import BMP, GIF, JPEG, PDF, PNG, TEXT, TIFF, sniff
from emulator.documents.problem import Problem, Unreadable

_WORK = 7.0  # processor seconds to count pages; in some damage pypdf before 6.10 goes round without end


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
    """Whether only one reader opens this PDF, so that the others are given a copy."""


MadeT = TypeVar("MadeT")


class Recent(Generic[MadeT]):
    """What was found out about the documents seen last, by digest; the last one asked for goes last."""

    def __init__(self, most: int = 4096) -> None:
        self._most = most
        self._kept: dict[str, MadeT] = {}
        self._lock = threading.Lock()

    def __contains__(self, digest: str) -> bool:
        return digest in self._kept

    def get(self, digest: str) -> MadeT | None:
        with self._lock:
            found = self._kept.pop(digest, None)
            if found is not None:
                self._kept[digest] = found
            return found

    def put(self, digest: str, found: MadeT) -> None:
        with self._lock:
            self._kept.pop(digest, None)
            self._kept[digest] = found
            if len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]


_known: Recent[Inspection] = Recent()
_printed: Recent[bytes] = Recent(8)


def inspect(content: bytes) -> Inspection:
    """Tell what `content` is and count its pages. Never raises, and reads equal content only once.

    Text is counted as it lies on letter paper, office files as they are printed, images by frame; these are
    decoded when they are converted.
    """
    digest = hashlib.sha256(content).hexdigest()
    document = _known.get(digest)
    if document is None:
        document = _read(content, digest)
        _known.put(digest, document)
    return document


def _read(content: bytes, digest: str) -> Inspection:
    media_type, pages, mended, problem = sniff(content), b"0", b"", None
    try:
        pages, _, mended = _count(content, media_type).partition(b" ")
    except Unreadable as error:
        problem = error.problem
    return Inspection(digest, media_type, len(content), int(pages), problem, bool(mended))


def print_office(content: bytes, media_type: str) -> bytes:
    """Turn an office file into PDF, once: those done last are kept. Raises `Unreadable`."""
    office.require_converter(media_type)
    digest = hashlib.sha256(content).hexdigest()
    made = _printed.get(digest)
    if made is None:
        made = child.run("office_to_pdf", content, seconds=office.SECONDS)
        _printed.put(digest, made)
    return made


def _count(content: bytes, media_type: str) -> bytes:
    if not content:
        raise Unreadable(Problem.empty)
    if media_type in office.KINDS:
        content, media_type = print_office(content, media_type), PDF
    if media_type not in _COUNTS:
        raise Unreadable(Problem.unsupported)
    return child.do(_COUNTS[media_type], content, work=_WORK)


_COUNTS = {
    PDF: "pdf_count",
    TEXT: "text_count",
    **dict.fromkeys((TIFF, PNG, JPEG, GIF, BMP), "picture_count"),
}
"""The task that counts the pages of each type."""
