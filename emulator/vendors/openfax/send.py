"""Sending one fax: what a checked call becomes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from emulator.core.engine.submission import Submission
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.numbers import normalise
from emulator.documents import Problem
from emulator.vendors.dialect import Call
from emulator.vendors.openfax.history import COUNTER, block_of
from emulator.vendors.openfax.schemas import OpenfaxError
from emulator.vendors.openfax.tables import (
    CALLER_ID,
    DOCUMENT_BYTES,
    HEADER_LENGTH,
    PAPERS,
    PRIORITIES,
    RESOLUTIONS,
)

_NO_SPACE = str.maketrans({" ": "+", "\r": None, "\n": None, "\t": None})
"""A plus that a form turned into a space is one; line ends within base64 are not part of it."""


def submit(here: Call, wanted: Mapping[str, Any]) -> Fax:
    """Send the fax that the parameters ask for; raise OpenfaxError when it is refused."""
    to = f"+{wanted['fax_number']}"
    if to in map(normalise, here.settings.restricted_numbers):
        raise OpenfaxError("RestrictedFaxNumber")
    document = here.engine.keep(here.sandbox.id, decode(wanted["pdf"]))
    problem = document.problem or (None if document.media_type == "application/pdf" else Problem.unsupported)
    numbers = here.settings.numbers
    number = here.engine.store.next(here.sandbox.id, COUNTER)
    return here.engine.submit(
        here.sandbox,
        Submission(
            vendor="openfax",
            to=to,
            sender=normalise(numbers[0]) if numbers else CALLER_ID,
            vendor_id=str(here.ids.serial("openfax/transaction", here.next("transaction"), 6)),
            document=document.digest,
            pages=0 if problem else document.pages,
            problem=problem and problem.value,
            resolution=RESOLUTIONS[wanted["resolution"]],
            paper=PAPERS[wanted["paper"]],
            priority=PRIORITIES[wanted["priority"]],
            first_call=number,
            details=_details(here, wanted),
            folders=(block_of(number),),
        ),
    )


def _details(here: Call, wanted: Mapping[str, Any]) -> dict[str, Any]:
    rates = here.settings.rates
    sender = wanted.get("from_header", wanted["fr_header"])
    return {
        "to_header": wanted["to_header"][:HEADER_LENGTH],
        "from_header": sender[:HEADER_LENGTH],
        "rates": [rates.page, rates.minute],
    }


def decode(text: str) -> bytes:
    """Read base64, padded or not; what is none, or over 50 MB, has the request fail at once (assumed)."""
    text = text.translate(_NO_SPACE).rstrip("=")
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise OpenfaxError("Failed") from None
    if len(content) > DOCUMENT_BYTES:
        raise OpenfaxError("Failed")
    return content
