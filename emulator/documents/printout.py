"""Plain text printed as a PDF: lines in columns of one width, as a line printer would set them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

from emulator.documents.charset import decode
from emulator.documents.paper import Paper
from emulator.documents.problem import MAX_PAGES, MAX_TEXT, Problem, Unreadable
from emulator.documents.typeface import MONOSPACED, count_columns, draw_line

_MARGIN = 54.0
_SIZE = 10.0
_COLUMN = 6.0
_LEADING = 12.0
"""Points; ten-point Courier is six points wide."""

_PIECE = re.compile(r"\s*\S+")

Page = list[str]


def count(content: bytes) -> int:
    """Count the pages that the text fills on letter paper. Raises `Unreadable`."""
    return len(lay_out(content))


def to_pdf(content: bytes, paper: Paper = Paper.letter) -> bytes:
    """Print the text in ten-point Courier, byte for byte the same for the same text."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    width, height = paper.points
    canvas = Canvas(out, pagesize=paper.points, invariant=1, pageCompression=1)
    for lines in lay_out(content, paper):
        for number, line in enumerate(lines, start=1):
            y = height - _MARGIN - number * _LEADING
            draw_line(canvas, _MARGIN, y, line, font=MONOSPACED, size=_SIZE, room=width - 2 * _MARGIN)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lay_out(content: bytes, paper: Paper = Paper.letter) -> list[Page]:
    """Lay text out on `paper`: long lines wrap, a form feed begins a new page.

    Raises `Unreadable` when the text is longer than `MAX_TEXT` bytes or `MAX_PAGES` pages.
    """
    if len(content) > MAX_TEXT:
        raise Unreadable(Problem.too_large)
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n")
    pages: list[Page] = []
    for section in text.rstrip("\n\f").split("\f"):
        pages += _paginate(_lines(section, _columns(paper)), _rows(paper))
        if len(pages) > MAX_PAGES:
            raise Unreadable(Problem.too_large)
    return pages


def wrap(line: str, room: float, width: Callable[[str], float] = count_columns) -> Iterator[str]:
    """Break one line between words, and inside a word that is wider than `room` by itself."""
    current, filled = "", 0.0
    for piece in _PIECE.findall(line.rstrip()):
        wide = width(piece)
        if filled + wide <= room:
            current, filled = current + piece, filled + wide
            continue
        if current:
            yield current
        *full, current = _slices(piece.lstrip(), room, width)
        filled = width(current)
        yield from full
    yield current


def _slices(word: str, room: float, width: Callable[[str], float]) -> Iterator[str]:
    start, filled = 0, 0.0
    for index, letter in enumerate(word):
        filled += width(letter)
        if filled > room and index > start:
            yield word[start:index]
            start, filled = index, width(letter)
    yield word[start:]


def _lines(section: str, columns: int) -> Iterator[str]:
    for line in section.split("\n"):
        yield from wrap(line.expandtabs(8), columns)


def _paginate(lines: Iterator[str], rows: int) -> list[Page]:
    every = list(lines)
    return [every[start : start + rows] for start in range(0, len(every), rows)]


def _columns(paper: Paper) -> int:
    return int((paper.points[0] - 2 * _MARGIN) / _COLUMN)


def _rows(paper: Paper) -> int:
    return int((paper.points[1] - 2 * _MARGIN) / _LEADING)
