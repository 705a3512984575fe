"""Type that never fails: a line is set in a font that has its letters, and what no font has becomes `?`."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from reportlab.pdfgen.canvas import Canvas

MONOSPACED = "Courier"
PROPORTIONAL = "Helvetica"
BOLD = "Helvetica-Bold"

_WIDER = "Vera"  # reportlab ships it; it covers the Latin alphabets, and is the same on every machine
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def typeset(text: str, font: str) -> tuple[str, str]:
    """Choose the font for one line, `font` or a wider one; return it and what it can print."""
    plain = unicodedata.normalize("NFC", _CONTROL.sub(" ", text))
    if _is_western(plain):
        return font, plain
    glyphs = _wider_glyphs()
    return _WIDER, "".join(_nearest(character, glyphs) for character in plain)


def measure(text: str, font: str, size: float) -> float:
    """Measure one line in points, as `draw_line` would set it."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    chosen, printable = typeset(text, font)
    return float(stringWidth(printable, chosen, size))


def draw_line(canvas: Canvas, x: float, y: float, text: str, *, font: str, size: float, room: float) -> None:
    """Draw one line at `x`, `y` (points from the lower left), narrowed when it is wider than `room`."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    chosen, printable = typeset(text, font)
    line = canvas.beginText(x, y)
    line.setFont(chosen, size)
    natural = stringWidth(printable, chosen, size)
    if natural > room:
        line.setHorizScale(100 * room / natural)
    line.textOut(printable)
    canvas.drawText(line)


def _is_western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _nearest(character: str, glyphs: Container[int]) -> str:
    if ord(character) in glyphs:
        return character
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if ord(part) in glyphs) or "?"


@cache
def _wider_glyphs() -> Container[int]:
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(_WIDER, "Vera.ttf")
    registerFont(font)
    glyphs: Container[int] = font.face.charToGlyph
    return glyphs
