"""What can be faxed, how base64 may be written, which calls ring: rows that the vendors' tables share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from emulator.core.dialect.words import ASSUMED, Evidence, Word, words
from emulator.documents.media_types import BMP, GIF, HTML, JPEG, OFFICE, PDF, PNG, SVG, TEXT, TIFF

PICTURES = (TIFF, PNG, JPEG, GIF, BMP)
AS_IT_IS, DRAWN = "sent as it is", "each frame is drawn on a page"
PRINTED = (
    "printed: read as UTF-8, as UTF-16 behind its mark, else as Windows-1252; "
    "under the name or the type of another kind it fails as a conversion,"
    " whether it was uploaded or fetched from a URL; a letter that the fonts have not is a question mark"
)
CONVERTED = (
    "converted where LibreOffice is installed; else a conversion failure, whose problem names what is missing"
)
NEVER = "a conversion failure, with and without a doctype: nothing here draws it"

OFFICE_FILES = tuple(OFFICE.values())
MARKUP = (HTML, SVG)


def taken(
    *rows: tuple[Iterable[str], str, Evidence, str],
) -> tuple[Word, ...]:
    """Make the rows of the types that can be faxed: the types, what becomes of them, how that is known."""
    return tuple(
        Word(kind, text, evidence, source) for kinds, text, evidence, source in rows for kind in kinds
    )


def anything(pdf: Evidence, source: str, office: tuple[Evidence, str]) -> tuple[Word, ...]:
    """Make the rows of a vendor that takes whatever can be turned into pages."""
    return taken(
        ((PDF,), AS_IT_IS, pdf, source),
        (PICTURES, DRAWN, *office),
        ((TEXT,), PRINTED, *office),
        (OFFICE_FILES, CONVERTED, *office),
        (MARKUP, NEVER, ASSUMED, "our choice"),
    )


RINGING: Mapping[str, str] = {
    "a call to us": "rings on the account's numbers; on any where the account never had a number, on none "
    "once its last one is gone; `force: true` lets any ring",
}
"""The choice which calls of the control plane ring: one rule for all vendors."""

BASE64: Mapping[str, str] = {
    "line ends (CRLF or LF, at any column), leading spaces": "passed over",
    "without padding": "taken",
    "URL-safe alphabet": "taken",
    "head of a data URL": "passed over",
    "any other letter": "no base64: the vendor's refusal",
}


def base64_forms(source: str) -> tuple[Word, ...]:
    """Make the rows of how base64 may be written."""
    return words(BASE64, ASSUMED, source)
