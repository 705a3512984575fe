"""Type that never fails: a line is set in fonts that have its letters, and what none has becomes `?`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.documents.direction import is_plain, order
from emulator.documents.syllables import as_drawn

if TYPE_CHECKING:
    from collections.abc import Container

    from reportlab.pdfgen.canvas import Canvas

MONOSPACED = "Courier"
PROPORTIONAL = "Helvetica"
BOLD = "Helvetica-Bold"

_ALPHABETS, _FURTHER = "alphabets", ("scripts", "ideographs")
_FOLDER = Path(__file__).parent / "fonts"
"""Latin, Greek, Cyrillic, Hebrew and Arabic; Thai, Lao and nine Indian scripts; Chinese, Japanese and Korean.

Whose the fonts are says LICENSES.txt.
"""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_TONE = re.compile(
    "((?<=[\u0e31\u0e34-\u0e37\u0e47\u0e4d\u0eb1\u0eb4-\u0eb7\u0ebb\u0ecd])[\u0e48-\u0e4c\u0ec8-\u0ecc]"
    "|[\u0e48-\u0e4b\u0ec8-\u0ecb](?=[\u0e33\u0eb3]))"
)
"""The tones of Thai and Lao that stand above a sign that is above a letter itself."""

_LIFT = 0.22
_WIDE, _MARKS = frozenset({"W", "F"}), frozenset({"Mn", "Me"})

TypeRun = tuple[str, str]
"""A font's name and what is set in it."""


def typeset(text: str, font: str) -> list[TypeRun]:
    """Choose fonts for one line, in the order of drawing: `font` alone where it has all, or wider ones."""
    plain = unicodedata.normalize("NFC", _CONTROL.sub(" ", text))
    if _is_western(plain):
        return [(font, plain)]
    set_in = [(_font_of(each), each) for each in _printable(as_drawn(order(plain)[0]))]
    return [
        (name, "".join(letter for _, letter in run)) for name, run in groupby(set_in, lambda each: each[0])
    ]


def measure(text: str, font: str, size: float) -> float:
    """Measure one line in points, as `draw_line` would set it."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return sum(float(stringWidth(letters, name, size)) for name, letters in typeset(text, font))


def count_columns(text: str) -> int:
    """Count the columns of a line printer that a text takes: two for an ideograph, none for a mark."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def draw_line(canvas: Canvas, x: float, y: float, text: str, *, font: str, size: float, room: float) -> None:
    """Draw one line at `x`, `y` (points from the lower left), narrowed when it is wider than `room`.

    A line that runs from right to left ends where the room does.
    """
    runs, natural = typeset(text, font), measure(text, font, size)
    if natural < room and not is_plain(text) and order(text)[1]:
        x += room - natural
    line = canvas.beginText(x, y)
    if natural > room:
        line.setHorizScale(100 * room / natural)
    for name, letters in runs:
        line.setFont(name, size)
        for place, part in enumerate(_TONE.split(letters)):  # every second one is a tone
            if place:
                line.setRise(size * _LIFT if place % 2 else 0)
            line.textOut(part)
    canvas.drawText(line)


@lru_cache(maxsize=4096)
def _columns_of(letter: str) -> int:
    if unicodedata.category(letter) in _MARKS:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in _WIDE else 1


def _is_western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _printable(text: str) -> Iterator[str]:
    for letter in text:
        if _font_of(letter):
            yield letter
        else:
            parts = unicodedata.normalize("NFKD", letter)
            yield from "".join(part for part in parts if _has(_ALPHABETS, part)) or "?"


def _font_of(letter: str) -> str:
    """The first font that has a letter; nothing where none has."""
    return next((name for name in (_ALPHABETS, *_FURTHER) if _has(name, letter)), "")


def _has(font: str, letter: str) -> bool:
    return ord(letter) in _glyphs(font)


@cache
def _glyphs(name: str) -> Container[int]:
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(name, str(_FOLDER / f"{name}.ttf"))
    registerFont(font)
    glyphs: Container[int] = font.face.charToGlyph
    return glyphs
