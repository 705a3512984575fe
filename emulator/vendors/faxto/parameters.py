"""What requests carry, and what each endpoint takes of it: query, form or a JSON object, as texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

from flask import request
from marshmallow import Schema, fields, validate
from marshmallow.exceptions import ValidationError

from emulator.core.faxes.numbers import is_number, normalise
from emulator.core.json_text import read_json
from emulator.vendors.faxto.errors import FaxtoError, found
from emulator.vendors.faxto.tables import MOST_ROWS, ROWS, SAMPLE_NUMBER
from emulator.vendors.reading import QuickSchema, schema_of

_NUMBER = re.compile(r"\s*\+?[0-9\s().-]{6,40}")
_DOCUMENT = re.compile(r"([0-9]{1,15})(?:\.0*)?")


def read_given() -> dict[str, Any]:
    """Read what the request carries, the body over the query; null counts as not given (assumed).

    Raises FaxtoError for JSON that is no object.
    """
    told = {name: values[-1] for name, values in (*request.args.lists(), *request.form.lists())}
    content = request.get_data() if request.method == "POST" and request.is_json else b""
    if content.strip():  # clients that send nothing still name its type (observed)
        try:
            body = read_json(content)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise FaxtoError(400, "The body must be a JSON object")
        told |= {name: _text(value) for name, value in body.items() if value is not None}
    return told


def _text(value: Any) -> Any:
    return str(value) if type(value) in (int, float) else value


def load(schema: type[Schema], **more: Any) -> dict[str, Any]:
    """Check what the request carries; raise FaxtoError with the first thing that is wrong."""
    try:
        return cast(dict[str, Any], schema_of(schema).load(read_given() | more))
    except ValidationError as wrong:
        messages = cast(dict[str, list[str]], wrong.messages)
        raise FaxtoError(400, next(iter(messages.values()))[0]) from None


def number_in_path(text: str) -> str:
    """Read a number that stands in a path or raise the documented 404."""
    return found(_DOCUMENT.fullmatch(text.strip()))[1]


@dataclass(frozen=True)
class RowsAsked:
    """Which rows of a list are asked for; `given` tells whether the client named the limit."""

    number: int
    limit: int
    given: bool

    @classmethod
    def read(cls, rows: int = ROWS) -> RowsAsked:
        """Read limit and page; what is no number from 1 up counts as not given (assumed)."""
        told = read_given()
        number, limit = _count(told.get("page")), _count(told.get("limit"))
        return cls(number or 1, min(limit or rows, MOST_ROWS), limit is not None)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.limit

    def meta(self, total: int, count: int) -> dict[str, Any]:
        """The documented `meta`; a link that would lead nowhere is null (assumed)."""
        pages = max(1, -(-total // self.limit))
        limit = f"&limit={self.limit}" if self.given else ""

        def link(number: int) -> str | None:
            return f"{request.base_url}?page={number}{limit}" if 1 <= number <= pages else None

        return {
            "pagination": {
                "total": total,
                "count": count,
                "per_page": self.limit,
                "current_page": self.number,
                "total_pages": pages,
                "links": {"previous": link(self.number - 1), "next": link(self.number + 1)},
            }
        }


def _count(text: Any) -> int | None:
    return int(text) or None if isinstance(text, str) and re.fullmatch("[0-9]{1,9}", text) else None


class FaxNumber(fields.String):
    """A number as `+44…`, ` 44…` (a plus that a form turned into a space), `44…`, `0044…` or `01144…`: all
    are one. Ten digits are North American (assumed).
    """

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs) or ""
        number = normalise(text)
        if not _NUMBER.fullmatch(text) or not (is_number(number) or number == SAMPLE_NUMBER):
            raise self.make_error("invalid")
        return number


WHOLE = {"type": "integer"}
"""How ids are answered, and described."""


class DocumentId(fields.String):
    """A whole number, which may be written 3.0 (observed)."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        number = _DOCUMENT.fullmatch((super()._deserialize(value, *args, **kwargs) or "").strip())
        if not number:
            raise self.make_error("invalid")
        return number[1]


def _wrong(name: str) -> dict[str, Any]:
    return {"required": f"The {name} is required", "invalid": f"The {name} is not valid"}


def _file() -> fields.Raw:
    """Files are read from their parts; this stands in a schema for the description alone."""
    return fields.Raw(metadata={"type": "string", "format": "binary"})


def _filter(name: str, most: int | None = None) -> fields.String:
    check = validate.Length(max=most, error=f"The {name} is not valid") if most else ()
    return fields.String(data_key=name, load_default="", validate=check)


class Paged(QuickSchema):
    limit = fields.String()
    page = fields.String()


class Send(QuickSchema):
    fax_number = FaxNumber(required=True, error_messages=_wrong("fax_number"))
    document_id = DocumentId(metadata=WHOLE, error_messages=_wrong("document_id"))
    file = _file()
    delete_file = fields.Boolean(
        falsy=fields.Boolean.falsy | {""},
        load_default=False,
        error_messages={"invalid": "The delete_file is 1 or 0"},
    )
    tsi_number = fields.String(load_default="", error_messages=_wrong("tsi_number"))


class SendOrHistory(Send, Paged):
    """What GET /fax takes, which lists when neither number nor document is named."""

    fax_number = FaxNumber(error_messages=_wrong("fax_number"))

    class Meta(QuickSchema.Meta):
        exclude = ("file",)


class Cost(QuickSchema):
    fax_number = FaxNumber(error_messages=_wrong("fax_number"))


class UploadFile(QuickSchema):
    file = _file()
    remote = fields.String(
        data_key="AddRemoteFile",
        validate=validate.Regexp(r"^https?://\S+$(?!\n)", error="The AddRemoteFile is not a URL"),
        error_messages={"invalid": "The AddRemoteFile is not a URL"},
    )


class WhichDocument(QuickSchema):
    document_id = DocumentId(required=True, metadata=WHOLE, error_messages=_wrong("document_id"))


_LENGTH = validate.Length(1, 200, error="The password is not valid")


class SubUser(QuickSchema):
    email = fields.Email(
        required=True,
        validate=validate.Length(max=254, error="The email is not valid"),
        error_messages=_wrong("email"),
    )
    password = fields.String(validate=_LENGTH, error_messages=_wrong("password"))


class User(SubUser):
    password = fields.String(required=True, validate=_LENGTH, error_messages=_wrong("password"))


class GroupFilter(QuickSchema):
    ids = _filter("didGroupIds", 2000)
    state = _filter("stateId")
    city = _filter("cityNamePattern", 100)
    area_code = _filter("areaCode")


class WhichGroup(QuickSchema):
    did_group_id = DocumentId(required=True, metadata=WHOLE, error_messages=_wrong("did_group_id"))
