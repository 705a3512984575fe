"""What the endpoints take; texts, as query and form carry them."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate
from marshmallow.exceptions import ValidationError

from emulator.vendors.faxto.errors import FaxtoError

_SEPARATORS = re.compile(r"[\s().-]")
_NUMBER = re.compile(r"\+?[0-9]{6,15}")
_DOCUMENT = re.compile(r"([0-9]{1,15})(?:\.0*)?")

BAD_NUMBER = "The fax_number is not valid"
NO_NUMBER = "The fax_number is required"
NO_DOCUMENT = "The document_id or a file is required"
FILE = {"type": "string", "format": "binary"}
"""Files are read from their parts; a field of this kind stands in a schema for the description alone."""


class FaxNumber(fields.String):
    """A number as `+44…`, ` 44…` (a plus that a form turned into a space), `44…` or `0044…`: all are one."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = _SEPARATORS.sub("", super()._deserialize(value, *args, **kwargs) or "")
        if not _NUMBER.fullmatch(text):
            raise self.make_error("invalid")
        return "+" + text.lstrip("+").removeprefix("00")


class DocumentId(fields.String):
    """A whole number, which may be written 3.0 (observed)."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        found = _DOCUMENT.fullmatch((super()._deserialize(value, *args, **kwargs) or "").strip())
        if not found:
            raise self.make_error("invalid")
        return found[1]


class Switch(fields.Boolean):
    """1 or 0; an empty one is not set."""

    falsy = fields.Boolean.falsy | {""}


def number_in_path(text: str) -> str:
    """Read a number that stands in a path or raise the documented 404."""
    try:
        return str(DocumentId().deserialize(text))
    except ValidationError:
        raise FaxtoError(404) from None


class Fields(Schema):
    """Base of all: fields that are not known are ignored."""

    class Meta:
        unknown = EXCLUDE


class Paged(Fields):
    limit = fields.String()
    page = fields.String()


class Send(Fields):
    fax_number = FaxNumber(required=True, error_messages={"required": NO_NUMBER, "invalid": BAD_NUMBER})
    document_id = DocumentId(error_messages={"invalid": "The document_id is not valid"})
    file = fields.Raw(metadata=FILE)
    delete_file = Switch(load_default=False, error_messages={"invalid": "The delete_file is 1 or 0"})
    tsi_number = fields.String(load_default="", error_messages={"invalid": "The tsi_number is not valid"})


class SendOrHistory(Send, Paged):
    """What GET /fax takes, which lists when neither number nor document is named."""

    fax_number = FaxNumber(error_messages={"invalid": BAD_NUMBER})

    class Meta(Fields.Meta):
        exclude = ("file",)


class Cost(Fields):
    fax_number = FaxNumber(error_messages={"invalid": BAD_NUMBER})


class Upload(Fields):
    file = fields.Raw(metadata=FILE)
    remote = fields.String(
        data_key="AddRemoteFile",
        validate=validate.Regexp(r"^https?://\S+$(?!\n)", error="The AddRemoteFile is not a URL"),
        error_messages={"invalid": "The AddRemoteFile is not a URL"},
    )


class WhichDocument(Fields):
    document_id = DocumentId(
        required=True,
        error_messages={"required": "The document_id is required", "invalid": "The document_id is not valid"},
    )


_EMAIL = {"required": "The email is required", "invalid": "The email is not valid"}
_PASSWORD = {"required": "The password is required", "invalid": "The password is not valid"}
_LENGTH = validate.Length(1, 200, error="The password is not valid")


class SubUser(Fields):
    email = fields.Email(
        required=True,
        validate=validate.Length(max=254, error=_EMAIL["invalid"]),
        error_messages=dict(_EMAIL),
    )
    password = fields.String(validate=_LENGTH, error_messages=dict(_PASSWORD))


class User(SubUser):
    password = fields.String(required=True, validate=_LENGTH, error_messages=dict(_PASSWORD))


class GroupFilter(Fields):
    ids = fields.String(
        data_key="didGroupIds",
        load_default="",
        validate=validate.Length(max=2000, error="The didGroupIds is not valid"),
    )
    state = fields.String(data_key="stateId", load_default="")
    city = fields.String(
        data_key="cityNamePattern",
        load_default="",
        validate=validate.Length(max=100, error="The cityNamePattern is not valid"),
    )
    area_code = fields.String(data_key="areaCode", load_default="")


class WhichGroup(Fields):
    did_group_id = DocumentId(
        required=True,
        error_messages={
            "required": "The did_group_id is required",
            "invalid": "The did_group_id is not valid",
        },
    )
