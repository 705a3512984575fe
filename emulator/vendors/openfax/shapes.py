"""What Openfax's scripts answer, as JSON Schema: each with HTTP 200, whether it did what was asked or not."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.core.dialect.shapes import NUMBER, TEXT, WHOLE, Shape, alike, nullable, record, rows
from emulator.vendors.openfax.tables import INBOUND_RESPONSES, LISTS, RESPONSES

WORD: Shape = {"type": "string", "enum": [*RESPONSES, *INBOUND_RESPONSES]}
"""What `Response` may say."""
REFUSAL = record(Response=WORD)
_REFUSED: Shape = {**REFUSAL, "additionalProperties": False}

_CALL = record(
    **alike(
        "HistoryOutboundFaxID OutTransID AccountID FaxNumber CurrentState CallerID MaxAttempts RetryCount "
        "FaxResolution RenderStatus PageCount PaperSize",
        WHOLE,
    ),
    **alike("ToHeader FromHeader FaxDocURL", TEXT),
)
_CALL["properties"] |= {**alike("LastStatus PagesSent CallDuration", WHOLE), "RealCost": NUMBER}
"""A switch leaves the last four out."""
_ARRIVED = record(
    **alike(
        "InTransID FaxDocJpegURL ReceivedTime Status SenderCallerID SenderCallerName To Pages FaxDocPDFURL "
        "PDFFileName DocPDFSize FaxDocTiffURL PostToS3 CustomerBucketURL",
        TEXT,
    ),
    Cost=NUMBER,
    Response=WORD,
)
_NUMBER = record(
    **alike(
        "DID MonthlyCharge ToEmail FromEmail EmailNotification PostToS3 PostBack BucketName PostBackURL "
        "DIDType is_deleted",
        TEXT,
    ),
    CustomerDescription=nullable(TEXT),
    Response=WORD,
)

DONE: Mapping[str, Shape] = {
    "send": record(Response=WORD, OutTransID=WHOLE),
    "balance": record(AvailableCredit=NUMBER),
    "history": _CALL,
    "new_faxes": _ARRIVED,
    "numbers": _NUMBER,
    "version": record(Version=TEXT, DownloadURL=TEXT),
}
"""By endpoint, its answer or a row of it; that of the others is a word alone."""

OPEN = frozenset({"version"})
"""Endpoints that refuse nobody."""


def answer_of(endpoint: str) -> Shape | None:
    """What a script answers; None for a file."""
    if endpoint == "document":
        return None
    if endpoint in OPEN:
        return DONE[endpoint]
    told: Shape = {"anyOf": [DONE[endpoint], _REFUSED]} if endpoint in DONE else _REFUSED
    return rows(told) if endpoint in LISTS else told
