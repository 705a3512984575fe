"""The fax as its receiver sees it: black and white, in fax resolution, as TIFF, PNG or JPEG."""

from __future__ import annotations

from emulator.documents import child
from emulator.documents.conversion import SECONDS_PER_PAGE, require_pdf, require_readable
from emulator.documents.media_types import TIFF
from emulator.documents.paper import Paper, Resolution
from emulator.documents.problem import Problem, Unreadable


def render_tiff(
    content: bytes, paper: Paper = Paper.letter, resolution: Resolution = Resolution.fine
) -> bytes:
    """Render a PDF as a multipage Group 4 TIFF, 1728 pixels wide; equal input gives equal bytes.

    Raises `Unreadable`.
    """
    pages = require_pdf(content).pages
    seconds = child.TASK_SECONDS + pages * SECONDS_PER_PAGE
    return child.run("fax_tiff", content, seconds=seconds, pages=pages, paper=paper, resolution=resolution)


def render_png(
    content: bytes, page: int = 1, resolution: Resolution = Resolution.fine, paper: Paper = Paper.letter
) -> bytes:
    """Render one page, counted from 1, in its true shape for a screen.

    Raises `Unreadable`; `ValueError` when there is no such page.
    """
    return _screen("screen_png", content, page, paper, resolution)


def render_jpeg(
    content: bytes, page: int = 1, resolution: Resolution = Resolution.fine, paper: Paper = Paper.letter
) -> bytes:
    """Do what `render_png` does, as a grey JPEG."""
    return _screen("screen_jpeg", content, page, paper, resolution)


def tiff_to_pdf(content: bytes) -> bytes:
    """Wrap a fax TIFF in a PDF, each page as large as its frame; Group 4 bits stay. Raises `Unreadable`."""
    if require_readable(content).media_type != TIFF:
        raise Unreadable(Problem.unsupported)
    return child.run("fax_to_pdf", content)


def _screen(task: str, content: bytes, page: int, paper: Paper, resolution: Resolution) -> bytes:
    pages = require_pdf(content).pages
    if not 1 <= page <= pages:
        raise ValueError(f"page {page} of {pages}")
    return child.run(task, content, page=page - 1, paper=paper, resolution=resolution)
