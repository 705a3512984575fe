"""What is in a fax's file: the PDF in base64, as a whole or in chunks, and the text out of it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from flask import Response

from emulator import documents
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.vendors.dialect import RequestContext, context
from emulator.vendors.ifax import parameters
from emulator.vendors.ifax.errors import IfaxError, success
from emulator.vendors.ifax.folders import find_fax, note
from emulator.vendors.ifax.tables import CHUNK, PROCESSED
from emulator.vendors.ifax.words import show

LONGEST_TEXT = 1_000_000  # characters that are given

ENTITIES = {
    "emails": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    "numbers": re.compile(r"\+?\d[\d ().-]{8,20}\d"),
    "dates": re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}"),
    "amounts": re.compile(r"[$€£] ?\d[\d,]{0,15}(?:\.\d\d)?"),
}
"""What NLP looks for (assumed: the document says no more than the word)."""


def file_of(here: RequestContext, fax: Fax) -> bytes | None:
    """Read the fax's file; None when it was put away, or is gone with the end (`file_storage`)."""
    gone = fax.final and here.profile("file_storage", True) is False
    return None if gone or fax.details.get("filed") else here.world.blob(fax.document)


def _pdf(here: RequestContext, fax: Fax, missing: int) -> bytes:
    content = file_of(here, fax)
    if content is None:
        raise IfaxError(missing)
    try:
        return documents.to_pdf(content)
    except documents.Unreadable:
        raise IfaxError(missing) from None


def download(here: RequestContext, fax: Fax, wanted: Mapping[str, Any], *, missing: int) -> Response:
    """Answer with the base64 itself as `data` (observed), or with one chunk of it (assumed).

    Raises IfaxError: `missing` without a file, 12131 for an empty chunkNumber, 12133 for one too high.
    """
    content = b64encode(_pdf(here, fax, missing)).decode()
    if "chunkNumber" not in parameters.body():
        return success(12132, data=content)
    if "chunk" not in wanted:
        raise IfaxError(12131)
    count, number = -(-len(content) // CHUNK), int(wanted["chunk"])
    if number >= count:
        raise IfaxError(12133)
    piece = content[number * CHUNK : (number + 1) * CHUNK]
    return success(12132, data={"chunkNumber": number, "chunkCount": count, "chunk": piece})


def request_text() -> Response:
    """Extract the text of a fax (`fax-ocr`), which the result operation then gives again."""
    here, wanted = context(), parameters.load(parameters.Extract)
    fax, kind = find_fax(here, wanted["job"], Direction(wanted["direction"])), wanted.get("kind", "OCR")
    shown = _show(here, fax, kind)
    note(here, fax, lambda fax: {"extracted": sorted({*fax.details.get("extracted", ()), kind})})
    return success(PROCESSED, data=shown)


def read_text() -> Response:
    """Answer with the text that was extracted (`fax-ocr-result`); error 12093 when nobody asked for it."""
    here, wanted = context(), parameters.load(parameters.Extracted)
    fax = find_fax(here, wanted["job"], Direction(wanted["direction"]))
    if wanted["kind"] not in fax.details.get("extracted", ()):
        raise IfaxError(12093)
    return success(PROCESSED, data=_show(here, fax, wanted["kind"]))


def _show(here: RequestContext, fax: Fax, kind: str) -> dict[str, Any]:
    try:
        text = "\n".join(documents.text_of(_pdf(here, fax, 12092)))[:LONGEST_TEXT]
    except documents.Unreadable:
        raise IfaxError(12092) from None
    shown = show(fax, ("jobId", "direction")) | {"type": kind, "text": text}
    if kind == "NLP":
        shown["entities"] = {
            name: list(dict.fromkeys(pattern.findall(text)))[:100] for name, pattern in ENTITIES.items()
        }
    return shown
