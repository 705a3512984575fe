"""The cover page that goes before a fax."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.documents.paper import Paper
from emulator.documents.printout import wrap
from emulator.documents.typeface import BOLD, PROPORTIONAL, draw_line, measure

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_MARGIN = 72.0
_LABELS = 72.0
_SIZE = 11.0
_LEADING = 15.0
_MAX_FIELD = 300
_MAX_MESSAGE = 20_000  # characters; it keeps the wrapping short
_MAX_PAGES = 20
_GAP = re.compile(r"\n(?:[^\S\n]*\n){3,}")  # more than two empty lines


@dataclass(frozen=True)
class Cover:
    """What a cover page says; empty fields are left out."""

    to_name: str = ""
    to_number: str = ""
    from_name: str = ""
    from_number: str = ""
    subject: str = ""
    message: str = ""
    date: str = ""
    """As it shall appear."""
    pages: int | None = None
    """Of the whole fax."""
    following: int | None = None
    """Pages of the fax that follow the cover: instead of `pages`, for the cover's own are counted here."""

    def rows(self, own: int = 1) -> list[tuple[str, str]]:
        """List label and text of each field above the message, without the empty ones, on so many pages."""
        pages = self.pages if self.following is None else self.following + own
        rows = (
            ("To", _joined(self.to_name, self.to_number)),
            ("From", _joined(self.from_name, self.from_number)),
            ("Date", self.date),
            ("Pages", "" if pages is None else str(pages)),
            ("Subject", self.subject),
        )
        return [(label, text[:_MAX_FIELD]) for label, text in rows if text]


def draw_cover(cover: Cover, paper: Paper = Paper.letter) -> bytes:
    """Draw a PDF, byte for byte the same for the same cover; a long message flows on to further pages."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    width, height = paper.points
    room, top = width - 2 * _MARGIN, height - _MARGIN
    lines = list(_wrapped(_GAP.sub("\n\n\n", cover.message[:_MAX_MESSAGE].rstrip()), room))
    below = _height_of(cover.rows(), room)
    first = max(0, int((top - 64 - below - 2 * _LEADING - _MARGIN) / _LEADING) + 1)
    each = int((top - _LEADING - _MARGIN) / _LEADING) + 1
    pages = [lines[:first], *(lines[start : start + each] for start in range(first, len(lines), each))]
    pages = pages[:_MAX_PAGES]
    canvas = Canvas(out, pagesize=paper.points, invariant=1)
    canvas.setTitle("Fax cover page")
    canvas.setFont(BOLD, 28)
    canvas.drawString(_MARGIN, top - 28, "FAX")
    y = _draw_rows(canvas, cover.rows(len(pages)), top - 64, room)
    canvas.line(_MARGIN, y, width - _MARGIN, y)
    y -= 2 * _LEADING
    for page in pages:
        _draw_message(canvas, page, y, room)
        canvas.showPage()
        y = top - _LEADING
    canvas.save()
    return out.getvalue()


def _height_of(rows: list[tuple[str, str]], room: float) -> float:
    return sum(_LEADING * (len(list(_wrapped(text, room - _LABELS))) + 1 / 3) for _, text in rows)


def _draw_rows(canvas: Canvas, rows: list[tuple[str, str]], y: float, room: float) -> float:
    for label, text in rows:
        canvas.setFont(BOLD, _SIZE)
        canvas.drawString(_MARGIN, y, f"{label}:")
        for line in _wrapped(text, room - _LABELS):
            _draw(canvas, _MARGIN + _LABELS, y, line, room - _LABELS)
            y -= _LEADING
        y -= _LEADING / 3
    return y


def _draw_message(canvas: Canvas, lines: list[str], y: float, room: float) -> None:
    for line in lines:
        _draw(canvas, _MARGIN, y, line, room)
        y -= _LEADING


def _draw(canvas: Canvas, x: float, y: float, line: str, room: float) -> None:
    draw_line(canvas, x, y, line, font=PROPORTIONAL, size=_SIZE, room=room)


def _wrapped(text: str, room: float) -> Iterator[str]:
    for line in text.splitlines():
        yield from wrap(line.expandtabs(8), room, lambda words: measure(words, PROPORTIONAL, _SIZE))


def _joined(name: str, number: str) -> str:
    return ", ".join(part for part in (name, number) if part)
