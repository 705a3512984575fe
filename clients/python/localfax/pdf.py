"""A plain PDF: pages of text in a letter's size, for faxes of which only the number of pages matters."""

from __future__ import annotations

from collections.abc import Iterable

_WIDTH, _HEIGHT, _MARGIN, _SIZE, _LEADING = 612, 792, 72, 12, 15
_FIRST = 4
"""The number of the first page's object; before it stand the catalogue, the list of pages, the font."""


def write_pdf(pages: Iterable[str]) -> bytes:
    """Write a PDF with a page for each text; what is outside of Latin-1 becomes a question mark."""
    texts = list(pages)
    kids = " ".join(f"{_FIRST + 2 * place} 0 R" for place in range(len(texts)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for place, text in enumerate(texts):
        objects += [_page(_FIRST + 2 * place + 1), _content(text)]
    return _file(objects)


def _page(content: int) -> bytes:
    box = f"/MediaBox [0 0 {_WIDTH} {_HEIGHT}]"
    font = "/Resources << /Font << /F1 3 0 R >> >>"
    return f"<< /Type /Page /Parent 2 0 R {box} {font} /Contents {content} 0 R >>".encode()


def _content(text: str) -> bytes:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    lines = " ".join(f"({line}) Tj T*" for line in escaped.splitlines())
    begin = f"BT /F1 {_SIZE} Tf {_LEADING} TL {_MARGIN} {_HEIGHT - _MARGIN} Td"
    drawn = f"{begin} {lines} ET".encode("latin-1", "replace")
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn)


def _file(objects: list[bytes]) -> bytes:
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    foot = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + head + table + foot
