"""What iFax's operations answer, as JSON Schema: one envelope, whose `data` is each operation's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from emulator.core.dialect.shapes import TEXT, WHOLE, Shape, record, rows
from emulator.vendors.ifax.words import FAX_OBJECT, RECEIVED_ROW, REPORT_ROW, SENT_ROW

TEXTS = frozenset((
    "fromNumber", "toNumber", "faxStatus", "message", "faxType", "labelId", "direction", "numberId",
    "orderId", "name", "abbreviation", "dialCode", "id", "prefix", "faxNumber", "text", "type",
))  # fmt: skip
"""Keys whose values are text; those of the others are whole numbers."""


def _keys(names: Iterable[str]) -> Shape:
    return record(**{name: TEXT if name in TEXTS else WHOLE for name in names})


_BASE64: Shape = {"type": "string", "format": "byte"}
_CHUNK = record(chunkNumber=WHOLE, chunkCount=WHOLE, chunk=TEXT)
_FILE: Shape = {"oneOf": [_BASE64, _CHUNK]}
_FIELDS = _keys(("faxId", "faxType", "labelId"))
_FIELDS["properties"]["custom_fields"] = {"type": "array", "items": {}}
_EXTRACT = _keys(("jobId", "direction", "type", "text"))
_EXTRACT["properties"]["entities"] = {"type": "object", "additionalProperties": rows(TEXT)}
_REPORTED = _keys(REPORT_ROW)
_REPORTED["properties"]["transactionId"] = WHOLE
"""Only a received fax has a transactionId."""
_JOB, _NUMBER = record(jobId=WHOLE), record(numberId=TEXT, orderId=TEXT)

DATA: Mapping[str, Shape] = {
    "send": _JOB,
    "resend": record(id=WHOLE),
    "forward": _JOB,
    "status": _keys(FAX_OBJECT),
    "cancel": _JOB,
    "download": _FILE,
    "list": rows(_keys(SENT_ROW)),
    "inbound-list": rows(_keys(RECEIVED_ROW)),
    "inbound-list-all": rows(_keys(RECEIVED_ROW)),
    "inbound-download": _FILE,
    "ocr": _EXTRACT,
    "ocr-result": _EXTRACT,
    "number-list": rows(_keys(("numberId", "orderId", "faxNumber"))),
    "country-list": rows(_keys(("abbreviation", "name", "dialCode"))),
    "area-list": rows(_keys(("id", "prefix", "name"))),
    "numbers": rows(record(faxNumber=TEXT)),
    "buy": _NUMBER,
    "report": rows(_REPORTED),
    "label-list": rows(_keys(("labelId", "name"))),
    "custom-fields": _FIELDS,
}
"""By operation; the others have no `data`, and neither has an error."""


def _envelope(data: Shape | None = None) -> Shape:
    """An answer: `status` 1, or 0 with a code. Both come with HTTP 200."""
    shape = record(status={"type": "integer", "enum": [0, 1]}, message=TEXT)
    more: Shape = {"code": WHOLE} | ({} if data is None else {"data": data})
    return {**shape, "properties": {**shape["properties"], **more}}


REFUSAL = _envelope()


def answer_of(operation: str) -> Shape:
    """What an operation answers."""
    return _envelope(DATA.get(operation))
