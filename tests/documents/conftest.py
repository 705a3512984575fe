from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

SAMPLES = Path(__file__).parents[2] / "fixtures" / "documents"


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(data), data)


def _build(objects: Mapping[int, bytes]) -> bytes:
    """Write a PDF of these objects, by number; 1 is the catalogue."""
    out, offsets = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size, start = max(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number]
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


def _page(entries: bytes = b"/MediaBox[0 0 612 792]", content: bytes = b"", **objects: bytes) -> bytes:
    """Write a PDF of one page with these entries and content stream; more objects are named `o5`, `o6`..."""
    return _build(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%b>>" % entries,
            4: content or _stream(b""),
            **{int(name[1:]): body for name, body in objects.items()},
        }
    )


@pytest.fixture
def raw() -> SimpleNamespace:
    """PDF syntax by hand, for files that no library would write."""
    return SimpleNamespace(build=_build, page=_page, stream=_stream)


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    return lambda name: (SAMPLES / name).read_bytes()


@pytest.fixture
def letters() -> Callable[[int], bytes]:
    """A PDF of so many text pages, each of which says its number."""

    def make(pages: int, lines: int = 1, size: tuple[float, float] = (612, 792)) -> bytes:
        from reportlab.pdfgen.canvas import Canvas

        out = io.BytesIO()
        canvas = Canvas(out, pagesize=size, invariant=1)
        for number in range(1, pages + 1):
            for line in range(lines):
                canvas.drawString(72, size[1] - 72 - 24 * line, f"Page {number}, line {line + 1}")
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    return make
