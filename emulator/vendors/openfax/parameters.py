"""What requests carry, and what each endpoint takes of it. A field's error is the `Response` word itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast

from flask import request
from marshmallow import fields, validate
from marshmallow.exceptions import ValidationError

from emulator.core.faxes.numbers import is_in_use, is_number
from emulator.vendors.forms import note
from emulator.vendors.openfax.errors import OpenfaxError
from emulator.vendors.openfax.tables import (
    FAX_NUMBER,
    MOST_ROWS,
    PAPERS,
    PRIORITIES,
    RESOLUTIONS,
    WITHOUT_ITS_1,
)
from emulator.vendors.reading import QuickSchema, schema_of

_MISSING = "InvalidMissingValue"
_BAD_NUMBER = "InvalidFaxNumberLength"
_MOST_TOLD = 40
"""Characters of a wrong value that the journal tells."""


def read_given() -> dict[str, str]:
    """Read what the request carries: form over query, the last of equal names, as PHP does."""
    lists = (*request.args.lists(), *request.form.lists())
    return {name: values[-1] for name, values in lists}


def _text(name: str, missing: str, *checks: Callable[[str], Any]) -> fields.String:
    return fields.String(data_key=name, required=True, validate=checks, error_messages={"required": missing})


def _one_of(name: str, words: Iterable[str], wrong: str) -> fields.String:
    return _text(name, wrong, validate.OneOf(words, error=wrong))


def _dialable(number: str) -> None:
    """Refuse lengths that the country does not have, and North American numbers without their 1 (assumed)."""
    abroad = f"+{number}"
    bare = WITHOUT_ITS_1.fullmatch(number) and not is_in_use(abroad)
    if bare or not is_number(abroad):
        raise ValidationError(_BAD_NUMBER)


def _number(name: str, least: int | None = None, **options: Any) -> fields.Integer:
    wrong: dict[str, Any] = {"invalid": "Failed", "too_large": "Failed", "required": _MISSING}
    checks = [] if least is None else [validate.Range(min=least, error="Failed")]
    return fields.Integer(data_key=name, validate=checks, error_messages=wrong, **options)


class Day(fields.String):
    """A day like 2019-11-14. Some pairs of marshmallow and apispec describe marshmallow's own Date wrong."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except (TypeError, ValueError):
            raise self.make_error("invalid") from None


def _day(name: str) -> Day:
    wrong: dict[str, Any] = {"required": _MISSING, "invalid": "Failed"}
    return Day(data_key=name, required=True, error_messages=wrong, metadata={"format": "date"})


class Keyed(QuickSchema):
    account_id = _text("AccountID", _MISSING)
    api_key = _text("APIKey", _MISSING)


class Send(Keyed):
    fax_number = _text("FaxNumber", _BAD_NUMBER, validate.Regexp(FAX_NUMBER, error=_BAD_NUMBER), _dialable)
    resolution = _one_of("faxResolution", RESOLUTIONS, "InvalidFaxResolution")
    paper = _one_of("paperSize", PAPERS, "InvalidPapersize")
    priority = _one_of("Priority", PRIORITIES, "InvalidPriority")
    pdf = _text("PDF_encode", "Failed")
    to_header = fields.String(data_key="toHeader", load_default="")
    from_header = fields.String(data_key="fromHeader")  # the documented example's name
    fr_header = fields.String(data_key="frHeader", load_default="")  # the documented table's name


class History(Keyed):
    from_date = _day("FromDate")
    to_date = _day("ToDate")
    detail = _text("DetailType", _MISSING, validate.OneOf(("0", "1"), error="Failed"))
    after = _number("LastHistoryID", load_default=0)
    limit = _number("Limit", 1, load_default=MOST_ROWS)


class NewFaxes(Keyed):
    fax_type = _text("FaxType", _MISSING, validate.OneOf(("PDF", "Multipage TIFF"), error=_MISSING))
    limit = _number("Limit", 1, load_default=MOST_ROWS)
    did = fields.String(data_key="DID", load_default="")


class ReadUnread(Keyed):
    first = _number("FromInTransID", required=True)
    last = _number("ToInTransID", required=True)
    flag = _text("ReadUnreadFlag", _MISSING, validate.OneOf(("0", "1"), error="Failed"))


def load(schema: type[QuickSchema]) -> dict[str, Any]:
    """Check the request's parameters; raise OpenfaxError with the word of the first that is wrong.

    What is empty counts as not given: PHP clients send an unset variable so (assumed).
    """
    made, given = schema_of(schema), read_given()
    told = {name: value for name, value in given.items() if value}
    try:
        return cast(dict[str, Any], made.load(told))
    except ValidationError as wrong:
        messages = cast(dict[str, list[str]], wrong.messages)
        first = next(name for field in made.fields.values() if (name := str(field.data_key)) in messages)
        if first in given:
            what = (
                f"cannot be {told[first][:_MOST_TOLD]!r}"
                if first in told
                else "is empty, which counts as missing"
            )
            note(f"field `{first}` {what}")
        raise OpenfaxError(messages[first][0]) from None
