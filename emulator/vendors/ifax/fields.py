"""Marshmallow fields of iFax's parameters; the code that a wrong value means stands in the schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields

from emulator.core.faxes.numbers import normalise
from emulator.core.sandboxes.clock import LATEST
from emulator.vendors.reading import read_base64

_E164 = re.compile(r"\+(?:1[2-9][0-9]{9}|[2-9][0-9]{6,14})")
_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,255}")
LONGEST_URL = 2048


class Identifier(fields.Integer):
    """An id: the document says Integer in some tables and String in others, so both are taken; gives text."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise self.make_error("invalid")
        text = str(value).strip() if isinstance(value, str) or abs(value) < 10**20 else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 20):
            raise self.make_error("invalid")
        return text


class Number(fields.String):
    """A telephone number in E.164, or as people write it; gives E.164."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        number = normalise(value) if isinstance(value, str) and len(value) <= 40 else ""
        if not _E164.fullmatch(number):
            raise self.make_error("invalid")
        return number


class FileName(fields.String):
    """A file's name without any path."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value) or value in (".", ".."):
            raise self.make_error("invalid")
        return value


class FileUrl(fields.String):
    """An http or https address, with user and password if need be."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or len(value) > LONGEST_URL or not _fetchable(value):
            raise self.make_error("invalid")
        return value


def _fetchable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and url.isprintable()
        )
    except ValueError:
        return False


class Base64(fields.String):
    """A file's content in base64, or the bytes of a file part; gives bytes."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, bytes):
            return value
        if not isinstance(value, str) or not value:  # an empty text counts as none at all, see schemas.load
            raise self.make_error("invalid")
        # Some clients leave the head of a data URL in.
        text = value.partition(",")[2] if value.startswith("data:") else value
        try:
            return read_base64(text)
        except ValueError:
            raise self.make_error("invalid") from None


def quick(schema: Schema, given: Any) -> dict[str, Any]:
    """Load the fields that are given as `Schema.load` would, in less time: fax-send is measured.

    Raises ValidationError, without saying all that is wrong.
    """
    required, known = _fields(type(schema))
    if not isinstance(given, dict) or not required <= given.keys():
        raise ValidationError("incomplete")
    loaded = {}
    for key, value in given.items():
        if key in known:
            name, read = known[key]
            loaded[name] = read(value)
    return loaded


@lru_cache(maxsize=100)
def _fields(kind: type[Schema]) -> tuple[frozenset[str], dict[str, tuple[str, Callable[[Any], Any]]]]:
    """Give the keys that must be there, and how each is read; a null is left to the field's own rule."""
    own = kind().fields
    required = frozenset(str(each.data_key) for each in own.values() if each.required)
    return required, {str(each.data_key): (name, _reader(each)) for name, each in own.items()}


def _reader(field: fields.Field[Any]) -> Callable[[Any], Any]:
    if field.validators:
        return field.deserialize

    def read(value: Any) -> Any:
        return field.deserialize(value) if value is None else field._deserialize(value, None, None)

    return read


class Rows(fields.List):  # type: ignore[type-arg]  # marshmallow 3 knows no List[Any]
    """A list of objects; what List and Nested do, in less time."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        schema = cast(fields.Nested, self.inner).schema
        rows, wrong = [], {}
        for place, row in enumerate(value):
            try:
                rows.append(quick(schema, row))
            except ValidationError:
                wrong[place] = schema.validate(row)
        if wrong:
            raise ValidationError(wrong)
        return rows


class PageRange(fields.String):
    """`2` or `1-5`, counted from 1; whether the document has so many pages is not known here."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = str(value) if isinstance(value, int) and abs(value) < 10**5 else value
        found = _RANGE.fullmatch(text.strip()) if isinstance(text, str) else None
        if found is None or not 1 <= int(found[1]) <= int(found[2] or found[1]):
            raise self.make_error("invalid")
        return found[0]


class Instant(fields.String):
    """A DateTime in UTC like 2019-11-14T00:55:31.820Z; gives seconds since 1970."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            at = datetime.fromisoformat(value)
            seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
        except (TypeError, ValueError, OverflowError):
            raise self.make_error("invalid") from None
        if seconds > LATEST:
            raise self.make_error("invalid")
        return seconds


class Day(fields.String):
    """A day as MM/DD/YYYY (observed), and in the form `also`; gives the seconds at which it begins in UTC."""

    def __init__(self, *, also: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.forms = ("%m/%d/%Y", *filter(None, (also,)))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        for form in self.forms:
            try:
                return datetime.strptime(value, form).replace(tzinfo=UTC).timestamp()
            except (TypeError, ValueError):
                continue
        raise self.make_error("invalid")


class Words(fields.String):
    """A comma list; gives the words."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else value
        if not isinstance(text, str) or len(text) > 1000:
            raise self.make_error("invalid")
        return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


class Choice(fields.String):
    """One of a few words, in any case; gives the word as it is documented."""

    def __init__(self, *words: str, **options: Any) -> None:
        metadata = {"enum": list(words)} | options.pop("metadata", {})
        super().__init__(metadata=metadata, **options)
        self.words = {word.lower(): word for word in words}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or value.lower() not in self.words:
            raise self.make_error("invalid")
        return self.words[value.lower()]
