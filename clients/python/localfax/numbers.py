"""Telephone numbers as people write them, compared as the server compares them."""

from __future__ import annotations

import re

_NOISE = re.compile(r"[^0-9]")
_LONGEST = 40


def is_same_number(one: str, other: str) -> bool:
    """Tell whether two texts are the same number: +1 212 555-0123, 12125550123 and (212) 555-0123 are."""
    return one == other or normalise(one) == normalise(other)


def normalise(text: str) -> str:
    """Bring a number to E.164 with its plus; what is none stays as it is.

    00 and 011 are international prefixes, ten digits North American; a trunk prefix in brackets goes.
    """
    digits = _NOISE.sub("", text.replace("(0)", ""))
    if not digits or len(text) > _LONGEST or any(letter.isalpha() for letter in text):
        return text.strip()
    for prefix in ("011", "00"):
        if digits.startswith(prefix) and len(digits) > 10 and not text.lstrip().startswith("+"):
            return "+" + digits[len(prefix) :]
    north_american = len(digits) == 10 and not text.startswith(("+", " "))
    return f"+1{digits}" if north_american else f"+{digits}"
