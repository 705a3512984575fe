"""Text out of a fax: OCR gives what pypdf extracts, NLP a small structure of it."""

from __future__ import annotations

import re
from typing import Any

from flask import Response

from emulator import documents
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.vendors.dialect import Call, call
from emulator.vendors.ifax.answers import Failure, success
from emulator.vendors.ifax.body import body
from emulator.vendors.ifax.outbound import PROCESSED
from emulator.vendors.ifax.schemas import ExtractedSchema, ExtractSchema, load
from emulator.vendors.ifax.store import find, pdf_of, rewrite

LONGEST = 1_000_000
"""Characters of text that are given."""

ENTITIES = {
    "emails": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    "numbers": re.compile(r"\+?\d[\d ().-]{8,20}\d"),
    "dates": re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{2,4}"),
    "amounts": re.compile(r"[$€£] ?\d[\d,]{0,15}(?:\.\d\d)?"),
}
"""What NLP looks for (assumed: the document says no more than the word)."""

_extract, _extracted = ExtractSchema(), ExtractedSchema()


def request_text() -> Response:
    """Extract the text of a fax (`fax-ocr`), which the result operation then gives again."""
    here, wanted = call(), load(_extract, body())
    fax, kind = _fax(here, wanted), wanted.get("kind", "OCR")
    shown = _show(here, fax, kind)
    rewrite(here, fax, lambda fax: {"details": {**fax.details, "extracted": _with(fax, kind)}})
    return success(PROCESSED, shown)


def result() -> Response:
    """Give the text that was extracted (`fax-ocr-result`); raise Failure 12093 when nobody asked for it."""
    here, wanted = call(), load(_extracted, body())
    fax = _fax(here, wanted)
    if wanted["kind"] not in fax.details.get("extracted", ()):
        raise Failure(12093)
    return success(PROCESSED, _show(here, fax, wanted["kind"]))


def _fax(here: Call, wanted: dict[str, Any]) -> Fax:
    fax = find(here, wanted["job"], Direction(wanted["direction"]))
    if fax is None:
        raise Failure(12021)
    return fax


def _with(fax: Fax, kind: str) -> list[str]:
    return sorted({*fax.details.get("extracted", ()), kind})


def _show(here: Call, fax: Fax, kind: str) -> dict[str, Any]:
    text = _text(pdf_of(here, fax, 12092))
    shown = {"jobId": int(fax.vendor_id), "direction": fax.direction.value, "type": kind, "text": text}
    return shown if kind == "OCR" else shown | {"entities": _entities(text)}


def _text(pdf: bytes) -> str:
    try:
        return "\n".join(documents.text_of(pdf))[:LONGEST]
    except documents.Unreadable:
        raise Failure(12092) from None


def _entities(text: str) -> dict[str, list[str]]:
    return {name: list(dict.fromkeys(pattern.findall(text)))[:100] for name, pattern in ENTITIES.items()}
