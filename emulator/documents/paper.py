"""Sheets of paper and fax resolutions: what a page measures in points and in pixels."""

from __future__ import annotations

from enum import StrEnum

WIDTH = 1728
"""Pixels of a fax line, whatever the paper (documented: T.4, 1728 pels for A4 and letter)."""

LINE_WIDTHS = frozenset({1728, 2048, 2432, 2592, 3072, 3456, 3648, 4096, 4864})
"""Pixels of the lines of every fax: 204, 300 and 408 dots an inch of A4, B4 and A3 (documented: RFC 3949)."""


class Paper(StrEnum):
    """A paper size that a fax vendor offers."""

    letter = "letter"
    legal = "legal"
    a4 = "a4"

    @property
    def points(self) -> tuple[float, float]:
        """Width and height of the upright sheet, in points of 1/72 inch."""
        return _POINTS[self]

    def height(self, resolution: Resolution) -> int:
        """Lines of a whole page at that resolution."""
        return _HEIGHTS[self, resolution]

    @property
    def square_height(self) -> int:
        """Lines that give a page of `WIDTH` its true shape on a screen, whose pixels are square."""
        width, height = self.points
        return round(WIDTH * height / width)


class Resolution(StrEnum):
    """How finely a fax page is scanned."""

    standard = "standard"
    fine = "fine"

    @property
    def dpi(self) -> tuple[int, int]:
        """Dots per inch across and down (documented: TIFF-F, RFC 2306)."""
        return _DPI[self]


_POINTS = {Paper.letter: (612.0, 792.0), Paper.legal: (612.0, 1008.0), Paper.a4: (595.276, 841.89)}

_DPI = {Resolution.standard: (204, 98), Resolution.fine: (204, 196)}

# Inches times the vertical resolution; A4 as the drivers of fax cards have it (3.85 and 7.7 lines a mm).
_HEIGHTS = {
    (Paper.letter, Resolution.standard): 1078,
    (Paper.letter, Resolution.fine): 2156,
    (Paper.legal, Resolution.standard): 1372,
    (Paper.legal, Resolution.fine): 2744,
    (Paper.a4, Resolution.standard): 1143,
    (Paper.a4, Resolution.fine): 2287,
}
