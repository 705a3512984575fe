"""Kinds of parameters as mFax's clients write them: everything is text in a form."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from marshmallow import ValidationError, fields, validate

from emulator.core.json_text import read_json
from emulator.vendors.mfax.tables import DEEPEST_OBJECT, LONGEST_ITEM, LONGEST_OBJECT, MOST_ITEMS

_DEEPEST_READ = 900
"""Deeper JSON is called none; what has too many levels but fewer is told so."""
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_LAST_YEAR = 9000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Pattern(validate.Regexp):
    """A regular expression that the whole of a text fits, written so that other languages read it too."""

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self.error)
        return value


class Uuid(fields.String):
    """A UUID in its usual spelling, given in lower case."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, *args, **kwargs)).lower()
        with suppress(ValueError):
            if str(uuid.UUID(text)) == text:
                return text
        raise ValidationError("Not a valid UUID.")


class Flag(fields.Boolean):
    """true or false, as JSON or as text."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        return _flag(value)


def _flag(value: Any) -> bool:
    known = _FLAGS.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(known, bool):
        raise ValidationError("Must be true or false.")
    return known


class WholeNumber(fields.Integer):
    """A whole number from `least` to `most`, as a number or as text."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs, metadata={"minimum": least, "maximum": most})
        self.least = least
        self.most = most

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
        text = text.strip()
        digits = text.isascii() and text.isdigit() and len(text) < 10
        if not digits or not self.least <= int(text) <= self.most:
            raise ValidationError(f"Must be a whole number from {self.least} to {self.most}.")
        return int(text)


class CommaList(fields.Raw):
    """Texts separated by commas, or a JSON array of texts, or the field several times; `most` of them.

    PHP numbers the fields of a list: `name[0]`, `name[1]`.
    """

    def __init__(self, most: int = MOST_ITEMS, **kwargs: Any) -> None:
        super().__init__(**kwargs, metadata={"type": "string", "description": "separated by commas"})
        self.most = most

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[str]:
        if isinstance(value, Mapping) and all(key.isdigit() for key in value):
            value = list(value.values())
        given = value if isinstance(value, list) else [value]
        if not all(isinstance(each, str) for each in given):
            raise ValidationError("Must be a comma separated list.")
        items = [text.strip() for each in given for text in _split(each) if text.strip()]
        if len(items) > self.most:
            raise ValidationError(f"Has more than {self.most} items.")
        if any(len(item) > LONGEST_ITEM for item in items):
            raise ValidationError(f"Has an item longer than {LONGEST_ITEM} characters.")
        return items


def _split(text: str) -> list[str]:
    if text.lstrip().startswith("["):
        listed = parse_json(text)
        if isinstance(listed, list) and all(isinstance(each, str) for each in listed):
            return listed
        raise ValidationError("Must be a JSON array of texts.")
    return text.split(",")


class JsonObject(fields.Raw):
    """An object, given as one, as JSON text, or as `name[key]` fields."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs, metadata={"type": "string", "description": "a JSON object"})

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = parse_json(value) if isinstance(value, str) else value
        if not isinstance(found, Mapping):
            raise ValidationError("Must be a JSON object.")
        if _is_deeper(found, DEEPEST_OBJECT):
            raise ValidationError(f"Must be at most {DEEPEST_OBJECT} levels deep.")
        if len(json.dumps(found)) > LONGEST_OBJECT:
            raise ValidationError(f"Must be at most {LONGEST_OBJECT} characters of JSON.")
        return dict(found)


def _is_deeper(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return bool(inner) and (levels == 0 or any(_is_deeper(each, levels - 1) for each in inner))


class ObjectText(JsonObject):
    """The same, kept as the JSON text that it came as."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        found = super()._deserialize(value, *args, **kwargs)
        return value if isinstance(value, str) else json.dumps(found, separators=(",", ":"))


class Choices(JsonObject):
    """A map of some of `names` to true or false."""

    def __init__(self, names: Collection[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names = names

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = super()._deserialize(value, *args, **kwargs)
        if (unknown := next((name for name in found if name not in self.names), None)) is not None:
            raise ValidationError(f"There is no {unknown[:100]}.")
        return {name: _flag(on) for name, on in found.items()}


class IsoInstant(fields.Raw):
    """An ISO date, or date and time, UTC when it names no zone; given in seconds since 1970.

    `day_ends` adds a day to a date without a time: an upper bound then holds the whole day.
    """

    def __init__(self, *, day_ends: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs, metadata={"type": "string", "description": "an ISO date"})
        self.day_ends = day_ends

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> float:
        if not isinstance(value, str):
            raise ValidationError("Must be an ISO date.")
        text = value.strip()
        try:
            # A plus that a form turned into a space begins the zone.
            moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        except ValueError:
            raise ValidationError("Must be an ISO date.") from None
        if moment.year > _LAST_YEAR:
            raise ValidationError("Must be an ISO date of this age.")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - _EPOCH) / timedelta(seconds=1)
        return seconds + 86_400 if self.day_ends and len(text) <= len("2012-04-23") else seconds


def parse_json(text: str) -> Any:
    """Read strict JSON: no NaN, no numbers or nesting beyond reason; raise ValidationError."""
    try:
        return read_json(text, deepest=_DEEPEST_READ, parse_constant=_refuse)
    except ValueError:
        raise ValidationError("Not valid JSON.") from None


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
