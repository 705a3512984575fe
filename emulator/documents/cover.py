"""The cover page that goes before a fax."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.documents.paper import Paper
from emulator.documents.printout import wrap
from emulator.documents.trust import trust
from emulator.documents.typeface import BOLD, PROPORTIONAL, draw_line, measure

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_MARGIN = 72.0
_LABELS = 72.0
_SIZE = 11.0
_LEADING = 15.0
_MAX_FIELD = 300
_MAX_MESSAGE = 10_000  # characters; more than fits, and it keeps the wrapping short


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

    def rows(self) -> list[tuple[str, str]]:
        """List label and text of each field above the message, without the empty ones."""
        rows = (
            ("To", _joined(self.to_name, self.to_number)),
            ("From", _joined(self.from_name, self.from_number)),
            ("Date", self.date),
            ("Pages", "" if self.pages is None else str(self.pages)),
            ("Subject", self.subject),
        )
        return [(label, text[:_MAX_FIELD]) for label, text in rows if text]


def draw_cover(cover: Cover, paper: Paper = Paper.letter) -> bytes:
    """Draw a one-page PDF, byte for byte the same for the same cover. What does not fit is cut off."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    width, height = paper.points
    canvas = Canvas(out, pagesize=paper.points, invariant=1)
    canvas.setTitle("Fax cover page")
    canvas.setFont(BOLD, 28)
    canvas.drawString(_MARGIN, height - _MARGIN - 28, "FAX")
    top = _draw_rows(canvas, cover.rows(), height - _MARGIN - 64, width - 2 * _MARGIN)
    canvas.line(_MARGIN, top, width - _MARGIN, top)
    _draw_message(canvas, cover.message[:_MAX_MESSAGE], top - 2 * _LEADING, width - 2 * _MARGIN)
    canvas.showPage()
    canvas.save()
    return trust(out.getvalue())


def _draw_rows(canvas: Canvas, rows: list[tuple[str, str]], y: float, room: float) -> float:
    for label, text in rows:
        canvas.setFont(BOLD, _SIZE)
        canvas.drawString(_MARGIN, y, f"{label}:")
        for line in _wrapped(text, room - _LABELS):
            _draw(canvas, _MARGIN + _LABELS, y, line, room - _LABELS)
            y -= _LEADING
        y -= _LEADING / 3
    return y


def _draw_message(canvas: Canvas, message: str, y: float, room: float) -> None:
    for line in _wrapped(message, room):
        if y < _MARGIN:
            return
        _draw(canvas, _MARGIN, y, line, room)
        y -= _LEADING


def _draw(canvas: Canvas, x: float, y: float, line: str, room: float) -> None:
    draw_line(canvas, x, y, line, font=PROPORTIONAL, size=_SIZE, room=room)


def _wrapped(text: str, room: float) -> Iterator[str]:
    for line in text.splitlines():
        yield from wrap(line.expandtabs(8), room, lambda words: measure(words, PROPORTIONAL, _SIZE))


def _joined(name: str, number: str) -> str:
    return ", ".join(part for part in (name, number) if part)
