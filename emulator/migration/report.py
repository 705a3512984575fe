"""What a move from one vendor to another changes, as text, plain data and one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from emulator.migration.beside import Migrated, SideBySide
from emulator.reports import Beside, Section, write_page

_WHAT, _SIDE = 24, 40
"""Columns of what is told, and of each vendor."""


def write_text(found: Sequence[Migrated], before: str, after: str) -> str:
    """Write both sides beside each other; lines that differ begin with a star."""
    blocks = []
    for each in found:
        head = _row("", each.name, before, after)
        blocks.append("\n".join([head, *(_line(line) for line in each.lines())]))
    return "\n\n".join([*blocks, _sum(found)]) + "\n"


def _line(line: SideBySide) -> str:
    return _row("*" if line.differs else "", line.what, line.ours, line.theirs)


def _row(mark: str, *cells: str) -> str:
    widths = (_WHAT, _SIDE, _SIDE)
    parts = [wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    rows = []
    for number in range(max(map(len, parts))):
        texts = [part[number] if number < len(part) else "" for part in parts]
        padded = "  ".join(f"{text:<{width}}" for text, width in zip(texts, widths, strict=True))
        rows.append(f"{mark if number == 0 else '':<2}{padded}".rstrip())
    return "\n".join(rows)


def _sum(found: Sequence[Migrated]) -> str:
    differing = sum(any(line.differs for line in each.lines()) for each in found)
    return f"{len(found)} scenarios, {differing} that an application sees differently."


def describe(found: Sequence[Migrated]) -> list[dict[str, Any]]:
    """Describe both sides as plain data."""
    return [
        {
            "scenario": each.name,
            "lines": [
                {
                    "what": one.what,
                    each.before.vendor: one.ours,
                    each.after.vendor: one.theirs,
                    "differs": one.differs,
                }
                for one in each.lines()
            ],
        }
        for each in found
    ]


def write_html(found: Sequence[Migrated], before: str, after: str) -> str:
    """Write one page that needs nothing else, a section for each scenario."""
    return write_page(f"From {before} to {after}", {}, [_section(each) for each in found], _sum(found))


def _section(each: Migrated) -> Section:
    rows = [(line.what, line.ours, line.theirs) for line in each.lines()]
    differing = sum(line.differs for line in each.lines())
    note = f"{each.before.vendor} beside {each.after.vendor}"
    return Section(each.name, None, note, [Beside(rows)], f"{differing} differ", each.purpose)
