"""What may be wrong with a document, and the limits that keep reading one bounded."""

from __future__ import annotations

from enum import StrEnum

MAX_PAGES = 5_000
"""Pages of one document; far above what any vendor takes."""

MAX_PIXELS = 40_000_000
"""Pixels of one image frame: A4 at 600 dpi is 35 million."""

MAX_TEXT = 4_000_000
"""Bytes of a plain text document, about a thousand full pages."""


class Problem(StrEnum):
    """Why a document cannot be faxed."""

    empty = "empty"
    encrypted = "encrypted"
    broken = "broken"
    no_pages = "no_pages"
    unsupported = "unsupported"
    too_large = "too_large"
    too_slow = "took too long"
    mislabelled = "text under the name of another type"
    no_doc = "no converter for doc here: install LibreOffice"
    no_docx = "no converter for docx here: install LibreOffice"
    no_odp = "no converter for odp here: install LibreOffice"
    no_ods = "no converter for ods here: install LibreOffice"
    no_odt = "no converter for odt here: install LibreOffice"
    no_ppt = "no converter for ppt here: install LibreOffice"
    no_pptx = "no converter for pptx here: install LibreOffice"
    no_rtf = "no converter for rtf here: install LibreOffice"
    no_xls = "no converter for xls here: install LibreOffice"
    no_xlsx = "no converter for xlsx here: install LibreOffice"


NO_CONVERTER = {problem.name[3:]: problem for problem in Problem if problem.startswith("no converter")}
"""What an office file says where nothing converts it, by the ending of its name."""


class TooMuchWork(Exception):
    """The document is more work than may be done in the server's own process."""


class Unreadable(Exception):
    """The document cannot be turned into fax pages; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem
