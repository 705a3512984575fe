"""Telephone numbers as people write them, brought to one form, and whether they can be numbers at all."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

_NOISE = re.compile(r"[^0-9]")
_NORTH_AMERICAN = re.compile(r"\+1[0-9]{10}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LONGEST = 40
"""Characters of a text that may be a number; what is longer is left as it is written."""


def normalise(text: str) -> str:
    """E.164 with its plus where the text allows it, else the text without outer space.

    A plus that a form turned into a space counts as a plus; 10 digits are North American; 00 and 011 are
    international prefixes; a trunk prefix goes: `+44 (0)20 …` has no 0. Nothing is validated here.
    """
    if _NORTH_AMERICAN.fullmatch(text):
        return text  # as most are
    return _normalise(text) if len(text) <= _LONGEST else text.strip()


@lru_cache(maxsize=4096)
def _normalise(text: str) -> str:
    digits = _NOISE.sub("", text)
    if not digits or any(letter.isalpha() or (letter.isdigit() and not letter.isascii()) for letter in text):
        return text.strip()
    return _without_trunk_prefix(_international(text, digits))


def _international(text: str, digits: str) -> str:
    for prefix in ("011", "00"):
        if digits.startswith(prefix) and len(digits) > 10 and not text.lstrip().startswith("+"):
            return "+" + digits[len(prefix) :]
    if len(digits) == 10 and not text.startswith(("+", " ")):
        return "+1" + digits
    return "+" + digits


def _without_trunk_prefix(number: str) -> str:
    if _NORTH_AMERICAN.fullmatch(number) or (read := _parse(number)) is None:
        return number
    library = _library()
    possible = library.is_possible_number(read)
    return str(library.format_number(read, library.PhoneNumberFormat.E164)) if possible else number


@lru_cache(maxsize=4096)
def is_number(number: str) -> bool:
    """Tell whether a number in E.164 has a length that its country has, ten digits in North America."""
    if _NORTH_AMERICAN.fullmatch(number):
        return True
    read = _parse(number)
    if read is None:
        return False
    library = _library()
    return bool(library.is_possible_number_with_reason(read) == library.ValidationResult.IS_POSSIBLE)


def is_in_use(number: str, country: str | None = None) -> bool:
    """Tell whether a country's plan has a number, as it is dialled in `country` (alpha-2) or in E.164.

    Letters and extensions are dialled by nobody who sends a fax.
    """
    known = country is None or country.upper() in _library().SUPPORTED_REGIONS
    dialled = number.isascii() and not any(each.isalpha() for each in number)
    read = _parse(number, country) if known and dialled else None
    return read is not None and not read.extension and bool(_library().is_valid_number(read))


def country_of(number: str) -> str | None:
    """Find the country (alpha-2) of a number in E.164; None when it tells none."""
    if (read := _parse(number)) is None:
        return None
    library = _library()
    found = library.region_code_for_number(read) or library.region_code_for_country_code(read.country_code)
    return found if found.isalpha() else None


def _parse(number: str, country: str | None = None) -> Any:
    if country is None and not _E164.fullmatch(number):
        return None
    try:
        return _library().parse(number, country and country.upper())
    except _library().NumberParseException:
        return None


@cache
def _library() -> Any:
    """The library of numbering plans is large, so it is imported when a number first needs it."""
    import phonenumbers

    return phonenumbers
