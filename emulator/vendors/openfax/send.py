"""Sending one fax: what a checked call becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.core.dialect.upload import Upload
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.submission import Submission
from emulator.documents import Problem
from emulator.documents.media_types import PDF
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
from emulator.vendors.reading import read_base64


def submit(here: Call, wanted: Mapping[str, Any]) -> Fax:
    """Send the fax that the parameters ask for; raise OpenfaxError when it is refused."""
    to = f"+{wanted['fax_number']}"
    if here.settings.restricts(to):
        raise OpenfaxError("RestrictedFaxNumber")
    kept = here.world.keep(decode(wanted["pdf"]))
    upload = Upload.of(kept, None if kept.media_type == PDF else Problem.unsupported)
    numbers = here.settings.numbers
    number = here.world.next(COUNTER)
    return here.world.submit(
        Submission(
            vendor="openfax",
            to=to,
            sender=normalise(numbers[0]) if numbers else CALLER_ID,
            vendor_id=str(here.ids.serial("openfax/transaction", here.next("transaction"), 6)),
            document=upload.digest,
            pages=upload.pages,
            problem=upload.problem,
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
    try:
        content = read_base64(text.replace(" ", "+"), padded=False)  # a form turned its pluses into spaces
    except ValueError:
        raise OpenfaxError("Failed") from None
    if len(content) > DOCUMENT_BYTES:
        raise OpenfaxError("Failed")
    return content
