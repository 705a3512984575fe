"""PDF pages as a fax machine scans them: pdfium draws, a threshold makes them black and white.

Runs in the child process only: pdfium is not thread-safe, and hostile files make it eat memory or crash.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from emulator.documents import pdf, pdfium
from emulator.documents.paper import WIDTH, Paper, Resolution
from emulator.documents.problem import Unreadable
from emulator.documents.shade import bilevel
from emulator.documents.tiff import encode_strip, write_tiff

if TYPE_CHECKING:
    from PIL.Image import Image

_QUARTER_TURN = 1
_JPEG_QUALITY = 75
_PROOF = (WIDTH // 4, 539)
_MEASURED = 20
"""Pages of a document that are coded to see how large they are; what follows is taken to be like them."""


def fax_tiff(content: bytes, pages: int, paper: Paper, resolution: Resolution) -> Iterator[bytes]:
    """Scan so many pages and write the fax as one TIFF, a page at a time.

    The number is given because pdfium believes what the file says about it (observed).
    """
    with _opened(content, range(pages)) as document:
        strips = (encode_strip(_scan(document, page, paper, resolution)) for page in range(pages))
        yield from write_tiff(strips, pages, resolution)


def proof(content: bytes, pages: int) -> Iterator[bytes]:
    """Draw every page, so that what can be drawn is known before anything is faxed.

    Gives the coded bytes of the first pages at standard resolution; the others are drawn small.
    """
    with _opened(content, range(pages)) as document:
        sizes = [_coded_size(document, page) for page in range(min(pages, _MEASURED))]
        for page in range(_MEASURED, pages):
            _draw(document, page, Paper.letter, _PROOF)
    yield json.dumps(sizes).encode()


def _coded_size(document: Any, page: int) -> int:
    return len(encode_strip(_scan(document, page, Paper.letter, Resolution.standard)).bits)


def screen_png(content: bytes, page: int, paper: Paper, resolution: Resolution) -> Iterator[bytes]:
    """Scan one page, counted from 0, and stretch it to square pixels."""
    with _opened(content, (page,)) as document:
        scan = _scan(document, page, paper, resolution)
    yield _saved(_squared(scan, paper), "PNG")


def screen_jpeg(content: bytes, page: int, paper: Paper, resolution: Resolution) -> Iterator[bytes]:
    """Do what `screen_png` does, as a grey JPEG."""
    with _opened(content, (page,)) as document:
        scan = _scan(document, page, paper, resolution)
    yield _saved(_squared(scan, paper).convert("L"), "JPEG", quality=_JPEG_QUALITY)


def _scan(document: Any, number: int, paper: Paper, resolution: Resolution) -> Image:
    """Draw one page upright on the sheet; whatever its box claims, the picture is as large as a fax page."""
    return bilevel(_draw(document, number, paper, (WIDTH, paper.height(resolution))))


def _draw(document: Any, number: int, paper: Paper, size: tuple[int, int]) -> Image:
    """Draw one page grey on a sheet that has so many pixels across and down."""
    from PIL import Image as Images
    from pypdfium2 import PdfBitmap, raw

    page = _page(document, number)
    width, height = size
    bitmap = PdfBitmap.new_native(width, height, raw.FPDFBitmap_Gray)
    try:
        # By their names: with version 5 the colour moved to the front.
        bitmap.fill_rect(left=0, top=0, width=width, height=height, color=(255, 255, 255, 255))
        across, down = page.get_size()
        turn = _QUARTER_TURN if across > down else 0
        box = _fit(*((down, across) if turn else (across, down)), paper, size)
        drawing = (bitmap, page, *box, turn, raw.FPDF_ANNOT | raw.FPDF_GRAYSCALE)
        raw.FPDF_RenderPageBitmap(*drawing)
        if document.formenv:  # what was typed into the fields of a form
            raw.FPDF_FFLDraw(document.formenv, *drawing)
        buffer = bytes(bitmap.buffer)
        return Images.frombuffer("L", size, buffer, "raw", "L", bitmap.stride, 1)
    finally:
        bitmap.close()
        page.close()


def _page(document: Any, number: int) -> Any:
    """Load a page; one that is cropped to what lies outside it is whole, as other readers take it.

    pdfium draws the space between the two, upside down (observed).
    """
    page = document[number]
    left, bottom, right, top = page.get_mediabox()
    from_left, from_bottom, to_right, to_top = page.get_cropbox()
    if max(left, from_left) < min(right, to_right) and max(bottom, from_bottom) < min(top, to_top):
        return page
    page.set_cropbox(left, bottom, right, top)
    page.close()
    return document[number]


def _fit(across: float, down: float, paper: Paper, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, width and height in pixels of a page that is made as large as the sheet lets it."""
    sheet_across, sheet_down = paper.points
    across, down = max(across, 1.0), max(down, 1.0)
    scale = min(sheet_across / across, sheet_down / down)
    width = max(1, round(size[0] * across * scale / sheet_across))
    return ((size[0] - width) // 2, 0, width, max(1, round(size[1] * down * scale / sheet_down)))


def _squared(scan: Image, paper: Paper) -> Image:
    from PIL.Image import Resampling

    return scan.resize((WIDTH, paper.square_height), Resampling.NEAREST)


def _saved(image: Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@contextmanager
def _opened(content: bytes, pages: Sequence[int]) -> Iterator[Any]:
    """Open a PDF of which these pages are to be drawn, as it is or else as pypdf writes it anew."""
    with ExitStack() as stack:
        try:
            document = stack.enter_context(pdfium.opened(content, pages))
        except Unreadable:
            document = stack.enter_context(pdfium.opened(pdf.merge((content,)), pages))
        document.init_forms()
        yield document
