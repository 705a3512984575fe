"""Indian writing as it is drawn: some signs stand before the letter behind which they are read.

They are drawn with codes of private use, which the font has for the same pictures, so that text that is read
off a page can be put back in order. Letters are set one by one: a consonant without its vowel shows the sign
for that (virama) and is not joined with the next, which is unusual but read by everybody.
"""

from __future__ import annotations

import re
import unicodedata

_FIRST, _LAST, _BLOCK = 0x0900, 0x0D80, 0x80  # nine scripts, laid out alike (documented: Unicode, chapter 12)
_SIGNS = "\u093f\u09bf\u09c7\u09c8\u0a3f\u0abf\u0b47\u0bc6\u0bc7\u0bc8\u0d46\u0d47\u0d48"
_PRIVATE = 0xE000

_DRAWN = {sign: chr(_PRIVATE + ord(sign) - _FIRST) for sign in _SIGNS}
_READ = {drawn: sign for sign, drawn in _DRAWN.items()}


def _each(first: int, last: int) -> str:
    """Write a range of letters of each script as a regular expression has it."""
    starts = range(_FIRST, _LAST, _BLOCK)
    return "".join(f"{chr(start + first)}-{chr(start + last)}" for start in starts)


_LETTER = f"[{_each(0x15, 0x39)}{_each(0x58, 0x5F)}][{_each(0x3C, 0x3C)}]?"
_AS_READ = re.compile(f"({_LETTER})([{_SIGNS}])")
_AS_DRAWN = re.compile(f"([{''.join(_READ)}])({_LETTER})")
_IN_PARTS = re.compile("[\u09cb\u09cc\u0b48\u0b4b\u0b4c\u0bca-\u0bcc\u0d4a-\u0d4c]")
"""Signs that stand on both sides of their letter."""


def as_drawn(text: str) -> str:
    """Put each sign where it is drawn."""
    if text.isascii() or not any("\u0900" <= letter < "\u0d80" for letter in text):
        return text
    parts = _IN_PARTS.sub(lambda sign: unicodedata.normalize("NFD", sign[0]), text)
    return _AS_READ.sub(lambda found: _DRAWN[found[2]] + found[1], parts)


def as_read(text: str) -> str:
    """Put each sign back behind its letter, and together what stands on both sides of it."""
    if text.isascii() or not any(drawn in text for drawn in _READ):
        return text
    return unicodedata.normalize("NFC", _AS_DRAWN.sub(lambda found: found[2] + _READ[found[1]], text))
