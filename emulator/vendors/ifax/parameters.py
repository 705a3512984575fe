"""What each operation takes, and the code for what is wrong with it. Unknown parameters are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Request
from marshmallow import Schema, ValidationError, fields, validate

from emulator.core.json_text import read_json
from emulator.vendors.dialect import context
from emulator.vendors.ifax import fields as own
from emulator.vendors.ifax.errors import IfaxError
from emulator.vendors.ifax.fields import Read
from emulator.vendors.ifax.forms import FORM, MULTIPART, unfold
from emulator.vendors.ifax.tables import QUALITIES
from emulator.vendors.ifax.words import is_live
from emulator.vendors.notes import present
from emulator.vendors.reading import QuickSchema, schema_of

_MISSING, _INVALID = 11008, 12009  # where no row of the table says it more closely


def body() -> dict[str, Any]:
    """The request's parameters, read once; raise IfaxError 12009 for what is no object."""
    notes = present.get()
    if notes.read is None:
        notes.read = _read_body(notes.request)
    told: dict[str, Any] = notes.read
    return told


def _read_body(asked: Request) -> dict[str, Any]:
    kind = (asked.content_type or "").partition(";")[0].strip().lower()
    if kind == MULTIPART:
        return unfold(asked.form.items(multi=True), asked.files.items(multi=True))
    raw = asked.get_data()
    # curl -d declares a form, whatever it sends.
    if kind == FORM and raw.lstrip()[:1] not in (b"{", b"["):
        return unfold(asked.form.items(multi=True))
    try:
        value = read_json(raw) if raw.strip() else {}
    except ValueError:
        raise IfaxError(_INVALID) from None
    if value == []:  # observed: what PHP makes of an empty object
        return {}
    if not isinstance(value, dict):
        raise IfaxError(_INVALID)
    return value


def _field(kind: Any, key: str, *args: Any, need: int | None = None, bad: int = _INVALID, **more: Any) -> Any:
    """Make a field named `key`: `need` is the code when a required one lacks, `bad` when one is wrong."""
    metadata = {"missing": need or _MISSING, "invalid": bad, **more.pop("metadata", {})}
    return kind(*args, data_key=key, required=need is not None, metadata=metadata, **more)


def _choice(key: str, *words: str, need: int | None = None) -> Any:
    read = partial(own.read_choice, {word.lower(): word for word in words})
    return _field(Read, key, read=read, need=need, metadata={"enum": list(words)})


def _text(key: str, longest: int = 10_000, **codes: int) -> Any:
    return _field(fields.String, key, validate=validate.Length(max=longest), **codes)


_read = partial(_field, Read)
_id = partial(_read, read=own.read_identifier, metadata={"type": "integer"})
_text_id = partial(_read, read=own.read_identifier, metadata={"type": "string"})
_number = partial(_read, read=own.read_number)
_day = partial(_read, read=own.read_day)
_report_day = partial(_read, read=partial(own.read_day, also="%Y-%m-%d"), need=_MISSING)
_list = partial(_field, fields.List)


class IfaxSchema(QuickSchema):
    """Takes no parameter, and ignores those that are not known."""


class Attachment(QuickSchema):
    name = _read("fileName", read=own.read_file_name, need=120107, bad=120107)
    url = _read("fileUrl", read=own.read_file_url, bad=120108)
    content = _read("fileData", read=own.read_content, bad=-1004)
    pages = _list("pages", Read(read=own.read_page_range), validate=validate.Length(max=100))


class Send(QuickSchema):
    to = _number("faxNumber", need=12020, bad=120100)
    caller = _number("callerId", bad=120103)
    template = _text("templateId")
    subject = _text("subject")
    from_name = _text("from_name")
    to_name = _text("to_name")
    message = _text("message")
    send_at = _read("send_at", read=own.read_instant)
    quality = _choice("faxQuality", *QUALITIES)
    attachments = _list("faxData", fields.Nested(Attachment), bad=-123)


class WhichJob(QuickSchema):
    job = _id("jobId", need=-1005)


class Forward(WhichJob):
    to = _number("faxNumber", need=12020, bad=120100)
    caller = _number("callerId", need=120103, bad=120103)


class Download(WhichJob):
    # Chunks are known by three codes alone; the parameter's name is assumed.
    chunk = _id("chunkNumber", bad=12131)


class TypedJob(WhichJob):
    kind = _choice("type", "outbound", "inbound", "document", need=_MISSING)


class FaxPage(QuickSchema):
    start = _day("startDate")
    end = _day("endDate")
    order = _choice("sortBy", "newest", "oldest")
    after = _id("lastFaxId")


class NumberId(QuickSchema):
    number = _text_id("numberId", need=12123)
    order_id = _text_id("orderId", need=12137)


class NumberPage(FaxPage, NumberId):
    pass


class DownloadReceived(Download):
    transaction = _id("transactionId", need=_MISSING)


class Extract(WhichJob):
    direction = _choice("direction", "inbound", "outbound", need=_MISSING)
    kind = _choice("type", "OCR", "NLP")


class Extracted(Extract):
    kind = _choice("type", "OCR", "NLP", need=_MISSING)


class OfCountry(QuickSchema):
    country = _field(fields.String, "abbreviation", need=12108, validate=validate.Length(1, 10))


class OfArea(QuickSchema):
    area = _text_id("id", need=12123)


class Offer(QuickSchema):
    number = _number("faxNumber", need=12124, bad=12090)


class Buy(Offer):
    license = _field(fields.Boolean, "addLicense")


class Report(QuickSchema):
    start = _report_day("startDate")
    end = _report_day("endDate")
    side = _choice("direction", "OB", "IB")
    after = _id("lastFaxId")


class OneFax(QuickSchema):
    fax = _id("faxId", need=-1005)
    side = _choice("faxType", "OB", "IB", need=_MISSING)


class SetLabels(OneFax):
    labels = _read("labelId", read=own.read_words)


class SetFields(OneFax):
    # The shape of an element is undocumented, so an array may hold anything.
    rows = _read("custom_fields", read=own.read_array, metadata={"type": "array", "items": {}})


def load(kind: type[QuickSchema]) -> dict[str, Any]:
    """Read the request's parameters; raise IfaxError with the documented code of the first that is wrong.

    What is null or empty counts as not sent where it cannot be read.
    """
    schema, told = schema_of(kind), body()
    try:
        return dict(schema.load(told))
    except ValidationError:
        told = {name: _filled(value) for name, value in _filled(told).items()}
    try:
        return dict(schema.load(told))
    except ValidationError as wrong:
        raise _error(schema, told, wrong.messages_dict) from None


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if each is not None and each != ""}
    return [_filled(row) for row in value] if isinstance(value, list) else value


def _error(schema: Schema, told: Mapping[str, Any], wrong: Mapping[Any, Any]) -> IfaxError:
    named = ((str(each.data_key), each) for each in schema.fields.values())
    key, bad = next((key, each) for key, each in named if key in wrong)
    if key not in told:
        return _missing(schema, told, bad)
    inner = bad.inner if isinstance(bad, fields.List) else None
    if isinstance(inner, fields.Nested) and isinstance(wrong[key], dict):
        index, messages = min(wrong[key].items())
        if isinstance(told[key][index], dict):
            return _error(inner.schema, told[key][index], messages)
    return IfaxError(bad.metadata.get("invalid", _INVALID))


def _missing(schema: Schema, told: Mapping[str, Any], first: fields.Field[Any]) -> IfaxError:
    if not is_live(context().settings):
        return IfaxError(first.metadata["missing"])
    asked = (str(each.data_key) for each in schema.fields.values() if each.required)
    return IfaxError(120012, "".join(f"The {key} field is required.," for key in asked if key not in told))
