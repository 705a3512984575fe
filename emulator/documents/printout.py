"""Plain text printed on sheets of paper as a PDF."""

from __future__ import annotations

import io

from emulator.documents.layout import LEADING, MARGIN, lay_out
from emulator.documents.paper import Paper
from emulator.documents.typeface import MONOSPACED, draw_line

_SIZE = 10.0


def count(content: bytes) -> int:
    """Count the pages that the text fills on letter paper."""
    return len(lay_out(content))


def to_pdf(content: bytes, paper: Paper = Paper.letter) -> bytes:
    """Print the text in ten-point Courier, byte for byte the same for the same text."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    width, height = paper.points
    canvas = Canvas(out, pagesize=paper.points, invariant=1, pageCompression=1)
    for lines in lay_out(content, paper):
        for number, line in enumerate(lines, start=1):
            y = height - MARGIN - number * LEADING
            draw_line(canvas, MARGIN, y, line, font=MONOSPACED, size=_SIZE, room=width - 2 * MARGIN)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
