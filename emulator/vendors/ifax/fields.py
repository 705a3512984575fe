"""How iFax's parameters are read, each by a function that raises ValueError for what it cannot take."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from math import inf
from typing import Any
from urllib.parse import urlsplit

from marshmallow import fields, missing

from emulator.core.faxes.numbers import normalise
from emulator.core.sandbox import LATEST
from emulator.vendors.reading import read_base64

_ID = re.compile(r"\s*([0-9]{1,20})\s*")
_E164 = re.compile(r"\+(?:1[2-9][0-9]{9}|[2-9][0-9]{6,14})")
_RANGE = re.compile(r"\s*(([0-9]{1,5})(?:-([0-9]{1,5}))?)\s*")
MOST_FIELDS, LONGEST_FIELDS = 100, 20_000
"""Custom fields of a fax, and their characters as JSON (assumed)."""
_NAME = re.compile(r"(?!\.{1,2}$)[^/\\\x00-\x1f\x7f]{1,255}")


class Read(fields.String):
    """A field that the function `read` reads, and nobody checks again: this is the hot path."""

    def __init__(self, *, read: Callable[[Any], Any], **options: Any) -> None:
        super().__init__(**options)
        self.read = read

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if value is None or value is missing:
            return super().deserialize(value, *args, **kwargs)
        try:
            return self.read(value)
        except (ValueError, OverflowError):
            raise self.make_error("invalid") from None


def _text(value: Any, longest: float = inf) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError
    return value


def _spelt(value: Any) -> Any:
    """Spell out a number: the document says Integer in some tables and String in others."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else value


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    if (found := pattern.fullmatch(text)) is None:
        raise ValueError
    return found


def read_identifier(value: Any) -> str:
    """Take an id."""
    return _match(_ID, _text(_spelt(value)))[1]


def read_number(value: Any) -> str:
    """Take a telephone number in E.164, or as people write it; give it in E.164."""
    number = normalise(_text(value, 40))
    if not _E164.fullmatch(number):
        raise ValueError
    return number


def read_file_name(value: Any) -> str:
    """Take a file's name without any path; of one on Windows, as clients there send it, the last part."""
    return _match(_NAME, _text(value).rpartition("\\")[2])[0]


def read_file_url(value: Any) -> str:
    """Take an http or https address, with user and password if need be."""
    url = _text(value, 2048)
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and url.isprintable():
        return url
    raise ValueError


def read_content(value: Any) -> bytes:
    """Take a file's content in base64, or the bytes of a file part."""
    if isinstance(value, bytes):
        return value
    text = _text(value)
    if not text:  # it counts as none at all, see parameters.load
        raise ValueError
    return read_base64(text)


def read_page_range(value: Any) -> str:
    """Take `2` or `1-5`, counted from 1; whether the document has so many pages is not known here."""
    text, first, last = _match(_RANGE, _text(_spelt(value))).groups()
    if not 1 <= int(first) <= int(last or first):
        raise ValueError
    return text


def read_instant(value: Any) -> float:
    """Take a DateTime in UTC like 2019-11-14T00:55:31.820Z; give seconds since 1970."""
    at = datetime.fromisoformat(_text(value))
    seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    if seconds > LATEST:
        raise ValueError
    return seconds


def read_day(value: Any, also: str = "%m/%d/%Y") -> float:
    """Take a day as MM/DD/YYYY (observed) or in one form more; give the seconds at which it begins in UTC."""
    for form in ("%m/%d/%Y", also):
        with suppress(ValueError):
            return datetime.strptime(_text(value), form).replace(tzinfo=UTC).timestamp()
    raise ValueError


def read_words(value: Any) -> tuple[str, ...]:
    """Take the words of a comma list."""
    words = (word.strip() for word in _text(_spelt(value), 1000).split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def read_array(value: Any) -> list[Any]:
    """Take any array of plain data that is not too long."""
    text = json.dumps(value)
    if not isinstance(value, list) or len(value) > MOST_FIELDS or len(text) > LONGEST_FIELDS:
        raise ValueError
    return list(json.loads(text, parse_int=_bounded, parse_constant=_bounded))


def _bounded(text: str) -> int:
    """Read a whole number that every store can keep; NaN and the infinities are none."""
    if abs(number := int(text)) > 2**53:
        raise ValueError
    return number


def read_choice(known: Mapping[str, str], value: Any) -> str:
    """Take one of a few words, in any case; give it as it is documented."""
    if (word := known.get(_text(value).lower())) is None:
        raise ValueError
    return word
