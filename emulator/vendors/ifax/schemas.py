"""What each operation takes, and the code for what is wrong with it. Unknown parameters are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from emulator.vendors.ifax.answers import Failure
from emulator.vendors.ifax.fields import (
    Base64,
    Choice,
    Day,
    FileName,
    FileUrl,
    Identifier,
    Instant,
    Number,
    PageRange,
    Rows,
    Words,
    quick,
)
from emulator.vendors.ifax.profile import is_live

MISSING, INVALID = 11008, 12009
"""`missing data` and `Invalid parameter`, where no row of the table says it more closely."""


def field(
    kind: type[fields.Field[Any]],
    key: str,
    *args: Any,
    need: int | None = None,
    bad: int = INVALID,
    **options: Any,
) -> fields.Field[Any]:
    """Make a field named `key`: `need` is the code when a required one lacks, `bad` when one is wrong."""
    codes = {"missing": need or MISSING, "invalid": bad}
    return kind(*args, data_key=key, required=need is not None, metadata=codes, **options)


def text(key: str, *, bad: int = INVALID) -> fields.Field[Any]:
    """Make an optional text."""
    return field(fields.String, key, bad=bad, validate=validate.Length(max=10_000))


class Parameters(Schema):
    class Meta:
        unknown = EXCLUDE


class AttachmentSchema(Parameters):
    name = field(FileName, "fileName", need=120107, bad=120107)
    url = field(FileUrl, "fileUrl", bad=120108)
    content = field(Base64, "fileData", bad=-1004)
    pages = field(fields.List, "pages", PageRange(), validate=validate.Length(max=100))


class SendSchema(Parameters):
    to = field(Number, "faxNumber", need=12020, bad=120100)
    caller = field(Number, "callerId", bad=120103)
    template = text("templateId")
    subject = text("subject")
    from_name = text("from_name")
    to_name = text("to_name")
    message = text("message")
    send_at = field(Instant, "send_at")
    quality = field(Choice, "faxQuality", "Low", "Standard", "HD")
    attachments = field(Rows, "faxData", fields.Nested(AttachmentSchema), bad=-123)


class JobSchema(Parameters):
    job = field(Identifier, "jobId", need=-1005)


class ForwardSchema(JobSchema):
    to = field(Number, "faxNumber", need=12020, bad=120100)
    caller = field(Number, "callerId", need=120103, bad=120103)


class DownloadSchema(JobSchema):
    # Chunks are known by three codes alone; the parameter's name is assumed.
    chunk = field(Identifier, "chunkNumber", bad=12131)


class KindSchema(JobSchema):
    kind = field(Choice, "type", "outbound", "inbound", "document", need=MISSING)


class PageSchema(Parameters):
    start = field(Day, "startDate")
    end = field(Day, "endDate")
    order = field(Choice, "sortBy", "newest", "oldest")
    after = field(Identifier, "lastFaxId")


class NumberIdSchema(Parameters):
    number = field(Identifier, "numberId", need=12123)
    order_id = field(Identifier, "orderId", need=12137)


class NumberPageSchema(PageSchema, NumberIdSchema):
    pass


class ReceivedSchema(DownloadSchema):
    transaction = field(Identifier, "transactionId", need=MISSING)


class ExtractSchema(JobSchema):
    direction = field(Choice, "direction", "inbound", "outbound", need=MISSING)
    kind = field(Choice, "type", "OCR", "NLP")


class ExtractedSchema(ExtractSchema):
    kind = field(Choice, "type", "OCR", "NLP", need=MISSING)


class CountrySchema(Parameters):
    country = field(fields.String, "abbreviation", need=12108, validate=validate.Length(1, 10))


class AreaSchema(Parameters):
    area = field(Identifier, "id", need=12123)


class OfferSchema(Parameters):
    number = field(Number, "faxNumber", need=12124, bad=12090)


class BuySchema(OfferSchema):
    license = field(fields.Boolean, "addLicense")


class ReportSchema(Parameters):
    start = field(Day, "startDate", need=MISSING, also="%Y-%m-%d")
    end = field(Day, "endDate", need=MISSING, also="%Y-%m-%d")
    side = field(Choice, "direction", "OB", "IB")
    after = field(Identifier, "lastFaxId")


class FaxSchema(Parameters):
    fax = field(Identifier, "faxId", need=-1005)
    side = field(Choice, "faxType", "OB", "IB", need=MISSING)


class LabelSchema(FaxSchema):
    labels = field(Words, "labelId")


class CustomFieldSchema(Parameters):
    # The shape of an element is undocumented; a name with a text is assumed.
    name = field(fields.String, "name", need=INVALID, validate=validate.Length(max=200))
    value = text("value")


class CustomFieldsSchema(FaxSchema):
    fields_ = field(
        Rows, "custom_fields", fields.Nested(CustomFieldSchema), validate=validate.Length(max=100)
    )


def load(schema: Schema, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Load the parameters of a call; raise Failure with the documented code of the first that is wrong."""
    try:
        return quick(schema, parameters)
    except ValidationError:
        return _whole(schema, _filled(parameters))


def _whole(schema: Schema, parameters: Mapping[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(parameters)
        return loaded
    except ValidationError as wrong:
        raise _failure(schema, parameters, wrong.messages_dict) from None


def _filled(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is null or empty, in attachments too: it counts as not sent."""
    return {name: _entries(value) for name, value in parameters.items() if value is not None and value != ""}


def _entries(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [
        {key: each for key, each in row.items() if each is not None and each != ""}
        if isinstance(row, dict)
        else row
        for row in value
    ]


def _failure(schema: Schema, parameters: Mapping[str, Any], wrong: Mapping[Any, Any]) -> Failure:
    named = ((str(each.data_key), each) for each in schema.fields.values())
    key, bad = next((key, each) for key, each in named if key in wrong)
    value: Any = parameters.get(key)
    if key not in parameters:
        return _missing(schema, parameters, bad)
    inner = bad.inner if isinstance(bad, fields.List) else None
    if isinstance(inner, fields.Nested) and isinstance(wrong[key], dict):
        index, messages = min(wrong[key].items())
        if isinstance(value[index], dict):
            return _failure(inner.schema, value[index], messages)
    return Failure(bad.metadata.get("invalid", INVALID))


def _missing(schema: Schema, parameters: Mapping[str, Any], first: fields.Field[Any]) -> Failure:
    code = first.metadata.get("missing", INVALID)
    if not is_live():
        return Failure(code)
    asked = (str(each.data_key) for each in schema.fields.values() if each.required)
    missing = [key for key in asked if key not in parameters]
    return Failure(120012, "".join(f"The {key} field is required.," for key in missing))
