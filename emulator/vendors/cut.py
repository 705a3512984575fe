"""What of a request the journal has room for, and how much it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

BODY_KEPT = 4096
"""Bytes of a request's and of an answer's body that the journal keeps, and characters of a header."""
FIELD_KEPT = 200
"""Characters of a form's field that the journal keeps."""
HEADERS_KEPT = 16 * 1024
"""Characters of all headers that the journal keeps."""
ROWS_KEPT = 200
"""Names and files of a form that the journal keeps."""

RowT = TypeVar("RowT")


class Cut:
    """Cuts what one entry keeps; `left_out` says how many bytes or characters of each part are missing.

    Of a form's names and files that are left out the number is told, as `rows`.
    """

    def __init__(self, left_out: dict[str, int] | None = None) -> None:
        self.left_out = {} if left_out is None else left_out

    def note(self, part: str, missing: int) -> None:
        """Note so many that are missing; none when that is not positive."""
        if missing > 0:
            self.left_out[part] = self.left_out.get(part, 0) + missing

    def text(self, part: str, value: str, most: int = BODY_KEPT) -> str:
        """Cut a text."""
        if len(value) <= most:
            return value
        self.note(part, len(value) - most)
        return value[:most]

    def headers(self, given: Mapping[str, str]) -> Mapping[str, str]:
        """Cut headers, the long ones first."""
        if sum(map(len, given.values())) + sum(map(len, given)) <= BODY_KEPT:
            return given
        kept, room = {}, HEADERS_KEPT
        for name, value in sorted(given.items(), key=lambda each: len(each[1])):
            kept[name] = self.text("headers", value, min(BODY_KEPT, max(0, room)))
            room -= len(name) + len(kept[name])
        return {name: kept[name] for name in given}

    def first(self, rows: Iterable[RowT]) -> Iterator[RowT]:
        """The first rows of a form."""
        for place, row in enumerate(rows):
            if place < ROWS_KEPT:
                yield row
            else:
                self.note("rows", 1)
