"""The media type of a document, told from its content; its name only shows when it is another one."""

from __future__ import annotations

import re
from pathlib import PurePath

from emulator.documents.charset import UTF16_MARKS, decode, is_text
from emulator.documents.mending import WINDOW, has_late_header, is_headless
from emulator.documents.problem import Problem

PDF = "application/pdf"
TIFF = "image/tiff"
PNG = "image/png"
JPEG = "image/jpeg"
GIF = "image/gif"
BMP = "image/bmp"
HTML = "text/html"
SVG = "image/svg+xml"
TEXT = "text/plain"
UNKNOWN = "application/octet-stream"

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OFFICE = {
    "doc": "application/msword",
    "docx": f"{_OPEN_XML}wordprocessingml.document",
    "odp": f"{_OPEN_DOCUMENT}presentation",
    "ods": f"{_OPEN_DOCUMENT}spreadsheet",
    "odt": f"{_OPEN_DOCUMENT}text",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": f"{_OPEN_XML}presentationml.presentation",
    "rtf": "application/rtf",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_OPEN_XML}spreadsheetml.sheet",
}
"""The media types of office files by the endings of their names."""

_OLE_WINDOW = 1 << 20

_BEGINNINGS = (
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),  # BigTIFF
    (b"MM\0+", TIFF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"{\\rtf", OFFICE["rtf"]),
    (b"%!PS", "application/postscript"),
)

# A part's name stands uncompressed in the archive, so it is found without opening what may be a bomb.
_ARCHIVE = b"PK\x03\x04"
_PARTS = (
    (b"word/document.xml", OFFICE["docx"]),
    (b"xl/workbook.xml", OFFICE["xlsx"]),
    (b"ppt/presentation.xml", OFFICE["pptx"]),
    *((OFFICE[kind].encode(), OFFICE[kind]) for kind in ("odt", "ods", "odp")),
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (("Workbook", OFFICE["xls"]), ("Book", OFFICE["xls"]), ("PowerPoint Document", OFFICE["ppt"]))

_BITMAP = re.compile(
    rb"BM.{4}\0\0\0\0", re.DOTALL
)  # the four reserved bytes keep text that begins with BM out
_BEFORE = (
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]{0,200}\?>|<!--(?:[^-]|-(?!->)){0,600}-->|<!doctype[^>]{0,300}>)*"
)
_MARKUP = re.compile(
    _BEFORE + rb"<(?:html|head|body|title|meta|link|style|script|table|div|span|center|font|form|article"
    rb"|section|header|h[1-6]|p|ul|ol|a|b|i|em|strong|br|hr|img|pre)(?=[\s/>])",
    re.IGNORECASE,
)
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<!doctype\s+html", re.IGNORECASE)
_DRAWING = re.compile(_BEFORE + rb"<(?:svg:)?svg(?=[\s/>])", re.IGNORECASE)

_ENDINGS = frozenset({*OFFICE, "pdf", "tif", "tiff", "png", "jpg", "jpeg", "gif", "bmp", "ps"})
"""Endings of names of files that are never mere text."""
_PICTURES = "image/"
_MARKUP_ENDINGS = frozenset({"html", "htm", "xhtml", "svg"})
_MARKUP_TYPES = frozenset({HTML, SVG, "application/xhtml+xml"})
_TYPES = frozenset({PDF, "application/x-pdf", *OFFICE.values()})


def sniff(content: bytes) -> str:
    """Tell the media type of `content`; `application/octet-stream` when nothing fits."""
    if b"%PDF-" in content[:WINDOW] or is_headless(content):
        return PDF
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content.startswith(_ARCHIVE):
        return next((media_type for part, media_type in _PARTS if part in content), "application/zip")
    if content.startswith(_OLE):
        return _old_office(content[:_OLE_WINDOW])
    return BMP if _BITMAP.match(content) else _text_type(content)


def label_problem(content: bytes, name: str = "", media_type: str = "") -> Problem | None:
    """Tell what is wrong with mere text that comes under the name, or as the type, of something else.

    Markup is nothing to fax, and what is called so is not printed either.
    """
    kind, ending = media_type.partition(";")[0].strip().lower(), PurePath(name).suffix[1:].lower()
    markup = kind in _MARKUP_TYPES or ending in _MARKUP_ENDINGS
    other = kind in _TYPES or ending in _ENDINGS or (kind.startswith(_PICTURES) and kind != SVG)
    if not (markup or other) or sniff(content) not in (TEXT, HTML, SVG):
        return None
    return Problem.mislabelled if other else Problem.unsupported


def _text_type(content: bytes) -> str:
    """Tell markup from plain text, with and without a doctype: its source is nothing to fax."""
    window = content[:WINDOW]
    if window.startswith(UTF16_MARKS):
        window = decode(window).encode()
    for markup, media_type in ((_DRAWING, SVG), (_MARKUP, HTML), (_DOCTYPE, HTML)):
        if markup.match(window):
            return media_type
    if has_late_header(content):
        return PDF
    return TEXT if is_text(content) else UNKNOWN


def _old_office(content: bytes) -> str:
    for stream, media_type in _STREAMS:
        if stream.encode("utf-16-le") in content:
            return media_type
    return OFFICE["doc"]
