"""The documented table of codes, to the letter in codes.csv: 232 rows, 222 codes, 8 with several texts."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from emulator.core.faxes.outcomes import Outcome


@dataclass(frozen=True)
class Row:
    """A row: its text, our grouping, the outcome of a fax that ends so, its line in the document."""

    code: int
    text: str
    group: str
    outcome: Outcome | None
    line: int


def _read() -> tuple[Row, ...]:
    with (Path(__file__).parent / "codes.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Row(int(code), text, group, Outcome(outcome) if outcome else None, int(line))
            for code, text, group, outcome, line in list(csv.reader(file))[1:]
        )


ROWS = _read()

PREFERRED = {0: "NORMAL_CLEARING"}
"""The text of a code with several where it is not the first (observed live)."""

TEXTS: dict[int, str] = {row.code: row.text for row in reversed(ROWS)} | PREFERRED
"""Each code's usual text."""


def _named() -> dict[str, Row]:
    """Name the rows: `263`, or `6002/2` for the second text of a code that has several."""
    times = Counter(row.code for row in ROWS)
    named = {str(row.code): row for row in ROWS if row.text == TEXTS[row.code]}
    seen: Counter[int] = Counter()
    for row in ROWS:
        seen[row.code] += 1
        if times[row.code] > 1:
            named[f"{row.code}/{seen[row.code]}"] = row
    return named


NAMED = _named()
"""Every row by the name that a scenario uses for it."""

LIVE = {
    12004: "Professional plan isn't activated",
    12005: "Not enough credits",
    120012: "The faxNumber field is required.,",
    120033: "The fax does not exist",
}
"""Codes that the real service was seen to answer and its document does not have (observed)."""

BAD_KEY = "accessToken invalid"
"""The text of 12001 for an unknown key (observed); the document's USER_BLOCKED is for a blocked user."""


def meaning(name: str) -> tuple[int, str]:
    """Give code and text of a row by its name; a name outside the table is an internal error's."""
    row = NAMED.get(name)
    if row is not None:
        return row.code, row.text
    code = int(name) if name.lstrip("-").isdecimal() and len(name) < 12 else 256
    return code, LIVE.get(code, TEXTS[256])
