"""PDF files whose ends are amiss, made such that pdfium opens them: it finds all other objects itself."""

from __future__ import annotations

import re

HEADER = b"%PDF-1.7\n"
WINDOW = 1024
"""Bytes in which readers look for the header (documented: PDF 1.7, appendix H)."""

_LATEST = 65_536  # bytes before a header, at most
_FIRST_OBJECT = re.compile(rb"(?:\s*%[^\r\n]*[\r\n])*\s*\d{1,10}\s\d{1,5}\sobj\b")
_END = re.compile(rb"\bstartxref\s{1,9}\d{1,20}\s{1,9}%%EOF\s*\Z")
_TABLE = re.compile(rb"[\r\n]xref\s|/Type\s{0,4}/XRef\b")
_LAST_TABLE = re.compile(
    rb"\d obj\s{0,9}<<(?=[^>]{0,500}/Type\s{0,4}/XRef\b)[^>]{0,500}/Root\s{1,4}(\d{1,9}\s{1,4}\d{1,5})\s"
)
_CATALOGUE = re.compile(rb"(\d{1,9}\s{1,4}\d{1,5})\s{1,4}obj\s{0,9}<<[^>]{0,500}/Type\s{0,4}/Catalog\b")

_DEFINED = re.compile(rb"\b(\d{1,9})\s{1,4}\d{1,5}\s{1,4}obj\b")
_NAMED = re.compile(rb"\b(\d{1,9})\s{1,4}\d{1,5}\s{1,4}R\b")


def is_headless(content: bytes) -> bool:
    """Tell a PDF that begins with an object, or with that of a PostScript file before it."""
    return _FIRST_OBJECT.match(content[:WINDOW]) is not None and b"startxref" in content[-WINDOW:]


def has_late_header(content: bytes) -> bool:
    """Tell a PDF that follows upon something longer than readers pass over, as an answer's headers."""
    return content.find(b"%PDF-", 0, _LATEST) > 0 and _END.search(content[-WINDOW:]) is not None


def with_header(content: bytes) -> bytes:
    """Begin with the header where readers look for it: what stands before goes, what lacks one gets it."""
    if b"%PDF-" in content[:WINDOW]:
        return content
    late = content.find(b"%PDF-", 0, _LATEST)
    return content[late:] if late > 0 else HEADER + content


def with_trailer(content: bytes) -> bytes:
    """Say where the catalogue is, in a file that ends in its table of objects, or just before it.

    A file that ends earlier lacks objects, which no reader can know.
    """
    whole = _TABLE.search(content) or has_all_objects(content)
    catalogues = _CATALOGUE.findall(content) if whole else []
    if not catalogues:  # it may be packed; a table that is the last object, if only in part, says where it is
        catalogues = _LAST_TABLE.findall(content, max(0, content.rfind(b" obj") - 20))
    if not catalogues:
        return content
    return b"%b\nendstream\nendobj\ntrailer\n<</Root %b R>>\n%%%%EOF\n" % (content, catalogues[-1])


def has_all_objects(content: bytes) -> bool:
    """Tell whether a file ends behind an object, and has all that its objects speak of."""
    if not content.rstrip().endswith(b"endobj"):
        return False
    return set(_NAMED.findall(content)) <= set(_DEFINED.findall(content))
