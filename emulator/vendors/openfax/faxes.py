"""Faxes that are sent: one is sent, all are listed, each call a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response

from emulator.core.dialect.moment import Upload
from emulator.core.faxes.fax import Fax, Submission
from emulator.core.faxes.numbers import normalise
from emulator.documents import Problem
from emulator.documents.media_types import PDF
from emulator.vendors.dialect import RequestContext, concerns, context
from emulator.vendors.forms import note
from emulator.vendors.openfax import history, parameters
from emulator.vendors.openfax.errors import OpenfaxError, answer
from emulator.vendors.openfax.parameters import load
from emulator.vendors.openfax.tables import (
    CALLER_ID,
    DOCUMENT_BYTES,
    HEADER_LENGTH,
    MOST_ROWS,
    PAPERS,
    PRIORITIES,
    RESOLUTIONS,
)
from emulator.vendors.openfax.words import row
from emulator.vendors.reading import read_base64


def send() -> Response:
    """Send one PDF to one number."""
    here = context()
    if not here.settings.active or here.world.balance("openfax") <= 0:
        raise OpenfaxError("AccountInactive")
    fax = _submit(here, load(parameters.Send))
    concerns(fax.id)
    return answer({"Response": "Success", "OutTransID": int(fax.vendor_id)})


def _submit(here: RequestContext, wanted: Mapping[str, Any]) -> Fax:
    to = f"+{wanted['fax_number']}"
    if here.settings.restricts(to):
        raise OpenfaxError("RestrictedFaxNumber")
    # A client that forgot to percent-encode sends spaces for pluses, and finds out as it would there.
    spaces = here.profile("spaces_are_pluses", False) is True
    kept = here.world.keep(_content(wanted["pdf"], spaces_are_pluses=spaces))
    upload = Upload.of(kept, None if kept.media_type == PDF else Problem.unsupported)
    numbers = here.settings.numbers
    number = here.world.next(history.COUNTER)
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
            folders=(history.block_of(number),),
        ),
    )


def _details(here: RequestContext, wanted: Mapping[str, Any]) -> dict[str, Any]:
    rates = here.settings.rates
    sender = wanted.get("from_header", wanted["fr_header"])
    return {
        "to_header": wanted["to_header"][:HEADER_LENGTH],
        "from_header": sender[:HEADER_LENGTH],
        "rates": [rates.page, rates.minute],
    }


def _content(text: str, *, spaces_are_pluses: bool) -> bytes:
    """Read base64; what is none, or over 50 MB, has the request fail at once (assumed)."""
    try:
        content = read_base64(text.replace(" ", "+") if spaces_are_pluses else text)
    except ValueError:
        note("field `PDF_encode` is no base64")
        raise OpenfaxError("Failed") from None
    if len(content) > DOCUMENT_BYTES:
        note(f"field `PDF_encode` holds more than {DOCUMENT_BYTES:,} bytes")
        raise OpenfaxError("Failed")
    return content


def list_by_date() -> Response:
    """List calls by date."""
    here, wanted = context(), load(parameters.History)
    base = here.ids.serial("openfax/history", 0, 6)
    query = history.Query(
        wanted["from_date"],
        wanted["to_date"],
        max(0, wanted["after"] - base),
        min(wanted["limit"], MOST_ROWS),
        wanted["detail"] == "0",
    )
    return answer([row(here, record, base) for record in _read(here, query)])


def _read(here: RequestContext, query: history.Query) -> list[history.CallRecord]:
    """Read the rows; faxes that wait for somebody to look have been looked at then, and are read anew."""
    found = history.page(here.world.store, query)
    scripted = {record.fax.id: record.fax for record in found if _counts_reads(record.fax)}
    if not scripted:
        return found
    shown = {fax.id: here.world.count_poll(fax) for fax in scripted.values()}
    again = history.page(here.world.store, query)
    return [replace(row, fax=shown[row.fax.id]) if row.fax.id in shown else row for row in again]


def _counts_reads(fax: Fax) -> bool:
    return fax.awaited_polls is not None or fax.plan.poll is not None
