"""Reports for people: one self-contained HTML page, in the looks of the web page."""

from __future__ import annotations

from emulator.reports.page import look, write_page
from emulator.reports.sections import (
    Beside,
    Exchange,
    Facts,
    Folded,
    Grid,
    Picture,
    Pictures,
    Pre,
    ReportPart,
    Section,
)

__all__ = [
    "Beside",
    "Exchange",
    "Facts",
    "Folded",
    "Grid",
    "Picture",
    "Pictures",
    "Pre",
    "ReportPart",
    "Section",
    "look",
    "write_page",
]  # fmt: skip
