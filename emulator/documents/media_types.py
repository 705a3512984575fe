"""The media type of a document, told from its content and never from its name."""

from __future__ import annotations

import re

PDF = "application/pdf"
TIFF = "image/tiff"
PNG = "image/png"
JPEG = "image/jpeg"
GIF = "image/gif"
BMP = "image/bmp"
HTML = "text/html"
TEXT = "text/plain"
UNKNOWN = "application/octet-stream"

_OFFICE = "application/vnd.openxmlformats-officedocument."
_PDF_WINDOW = 1024  # readers look for the header in the first 1024 bytes (documented: PDF 1.7, appendix H)
_TEXT_WINDOW = 65_536

_BEGINNINGS = (
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),  # BigTIFF
    (b"MM\0+", TIFF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS", "application/postscript"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)

# A part's name stands uncompressed in the archive, so it is found without opening what may be a bomb.
_ARCHIVE = b"PK\x03\x04"
_PARTS = (
    (b"word/document.xml", _OFFICE + "wordprocessingml.document"),
    (b"xl/workbook.xml", _OFFICE + "spreadsheetml.sheet"),
    (b"ppt/presentation.xml", _OFFICE + "presentationml.presentation"),
)

_BITMAP = re.compile(
    rb"BM.{4}\0\0\0\0", re.DOTALL
)  # the four reserved bytes keep text that begins with BM out
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def sniff(content: bytes) -> str:
    """Tell the media type of `content`; `application/octet-stream` when nothing fits."""
    if b"%PDF-" in content[:_PDF_WINDOW]:
        return PDF
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content.startswith(_ARCHIVE):
        return next((media_type for part, media_type in _PARTS if part in content), "application/zip")
    if _BITMAP.match(content):
        return BMP
    if _MARKUP.match(content[:_PDF_WINDOW]):
        return HTML
    return TEXT if _is_text(content[:_TEXT_WINDOW]) else UNKNOWN


def _is_text(window: bytes) -> bool:
    if not window or _CONTROL.search(window):
        return False
    try:
        window.decode()
    except UnicodeDecodeError as error:
        # Only a character that the window's edge cut in two is forgiven.
        return len(window) == _TEXT_WINDOW and error.start > _TEXT_WINDOW - 4
    return True
