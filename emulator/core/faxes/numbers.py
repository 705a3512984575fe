"""Telephone numbers as people write them, brought to one form for matching."""

from __future__ import annotations

import re

_NOISE = re.compile(r"[^\d]")


def normalise(text: str) -> str:
    """E.164 with its plus where the text allows it, else the text without outer space.

    A plus that a form turned into a space counts as a plus; 10 digits are North American; 00 and 011 are
    international prefixes. Nothing is validated here.
    """
    if text[:1] == "+" and text.isascii() and text[1:].isdecimal():
        return text  # it is E.164 already, as most are
    digits = _NOISE.sub("", text)
    if not digits or any(letter.isalpha() for letter in text):
        return text.strip()
    for prefix in ("011", "00"):
        if digits.startswith(prefix) and len(digits) > 10 and not text.lstrip().startswith("+"):
            return "+" + digits[len(prefix) :]
    if len(digits) == 10 and not text.startswith(("+", " ")):
        return "+1" + digits
    return "+" + digits
