"""Documents: told apart, counted, converted to PDF, and rendered as the receiving fax machine prints them."""

from __future__ import annotations

from emulator.documents.conversion import merge, select_pages, text_of, to_pdf
from emulator.documents.cover import Cover, draw_cover
from emulator.documents.facsimile import render_jpeg, render_png, render_tiff, tiff_to_pdf
from emulator.documents.inspection import Inspection, inspect
from emulator.documents.media_types import UNKNOWN, label_problem, sniff
from emulator.documents.paper import Paper, Resolution
from emulator.documents.problem import Problem, Unreadable
from emulator.documents.proof import Sizes, prove, seen
from emulator.documents.turns import Busy, ask_for, on_behalf_of

__all__ = [
    "UNKNOWN",
    "Busy",
    "Cover",
    "Inspection",
    "Paper",
    "Problem",
    "Resolution",
    "Sizes",
    "Unreadable",
    "ask_for",
    "draw_cover",
    "inspect",
    "label_problem",
    "merge",
    "on_behalf_of",
    "prove",
    "render_jpeg",
    "render_png",
    "render_tiff",
    "seen",
    "select_pages",
    "sniff",
    "text_of",
    "tiff_to_pdf",
    "to_pdf",
]
