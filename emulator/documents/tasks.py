"""What may be done with documents in a child process, by name, and what of it may be tried here first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from emulator.documents import pdf, picture, printout, raster

TASKS: dict[str, Callable[..., Iterable[bytes]]] = {
    "pdf_count": lambda content: [b"%d" % pdf.count(content)],
    "pdf_text": lambda content: [json.dumps(pdf.text(content)).encode()],
    "pdf_select": lambda content, pages: [pdf.select(content, pages)],
    "pdf_merge": lambda *contents: [pdf.merge(contents)],
    "picture_count": lambda content: [b"%d" % picture.count(content)],
    "picture_to_pdf": picture.to_pdf,
    "text_count": lambda content: [b"%d" % printout.count(content)],
    "text_to_pdf": lambda content, paper: [printout.to_pdf(content, paper)],
    "fax_to_pdf": picture.fax_to_pdf,
    "fax_tiff": raster.fax_tiff,
    "screen_png": raster.screen_png,
    "screen_jpeg": raster.screen_jpeg,
}
"""Functions of documents and options that give the result in pieces."""

QUICK = frozenset(
    {"pdf_count", "pdf_text", "pdf_select", "pdf_merge", "picture_count", "text_count", "text_to_pdf"}
)
"""Tasks that take milliseconds when their documents are small, or stop by themselves."""
