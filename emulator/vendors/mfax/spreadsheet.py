"""The recipients of a blast, read from an Excel file, new or old, under limits that hold for hostile ones.

No layout is published. Taken here: the first sheet; a heading such as "Fax" in its first row names the
column of numbers, one such as "Recipient Name" that of names; without headings numbers stand in the first
column. Rows without a number are passed over.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.tables import MOST_RECIPIENTS

_MOST_BYTES = 5 * 2**20
_MOST_UNPACKED = 8 * 2**20
_MOST_PARTS = 200
_MOST_MARKUP = 150_000
"""XML tags and attributes of all parts together; a thousand rows of ten columns have about 110,000."""
_LONGEST_CELL = 100

_MOST_COLUMNS = 50
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the file of an Excel before 2007 begins."""
_MOST_OLD_BYTES = 2**20
"""An old file is not packed; a thousand rows of fifty columns have half of this."""
_NAMES = ("recipientname", "name", "fullname", "contactname")
_HEADINGS = ("recipientfax", "faxnumber", "fax", "recipient", "number", "phone", "phonenumber")

_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]{0,300}?\br=[\"'](\d{1,9})")
_NOT_EXCEL = "recipient: not an Excel file that can be read."
_TOO_LARGE = f"recipient: the file is too large; at most {MOST_RECIPIENTS} recipients."


def read_recipients(content: bytes) -> list[tuple[str, str]]:
    """Read numbers and names as they are written; raise InvalidInputError for what is no list of them."""
    if not content:
        raise invalid("recipient: an Excel file with the recipients is required.")
    rows = _old_rows(content) if content.startswith(_OLD) else _rows(_repacked(_unpacked(content)))
    found = list(_recipients(rows))
    if not found:
        raise invalid("recipient: the file has no recipients.")
    return found


def _old_rows(content: bytes) -> list[tuple[Any, ...]]:
    if len(content) > _MOST_OLD_BYTES:
        raise invalid(_TOO_LARGE)
    from xlrd import open_workbook

    try:
        with open_workbook(
            file_contents=content, logfile=io.StringIO(), on_demand=True, ragged_rows=True
        ) as book:
            sheet = book.sheet_by_index(0)
            rows = range(min(sheet.nrows, MOST_RECIPIENTS + 2))
            return [tuple(sheet.row_values(row, 0, _MOST_COLUMNS)) for row in rows]
    except Exception as error:
        # xlrd leaks nearly any error on a broken or hostile file.
        raise invalid(_NOT_EXCEL) from error


def _unpacked(content: bytes) -> dict[str, bytes]:
    """Unpack a file; refuse one that has more than a list of recipients, before anything reads its XML."""
    if len(content) > _MOST_BYTES:
        raise invalid(_TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise invalid(_TOO_LARGE)
            unpacked = {part.filename: _part(archive, part) for part in parts}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise invalid(_NOT_EXCEL) from error
    if sum(part.count(b"<") + part.count(b"=") for part in unpacked.values()) > _MOST_MARKUP:
        raise invalid(_TOO_LARGE)
    if any(int(row[1]) > MOST_RECIPIENTS + 1 for part in unpacked.values() for row in _ROW.finditer(part)):
        raise invalid(_TOO_LARGE)
    return unpacked


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as packed:
        # With a size to read no more is inflated, whatever the part says of itself.
        return packed.read(part.file_size + 1)


def _repacked(parts: Mapping[str, bytes]) -> bytes:
    """Pack again what was looked at: a reader of the file as it came may find more in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _rows(content: bytes) -> list[tuple[Any, ...]]:
    from openpyxl import load_workbook

    # It warns of a workbook without styles, which is one all the same.
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            # A sheet may claim any dimension; what its rows say counts.
            sheet.reset_dimensions()
            # A heading, the recipients, and one more that tells of too many: rows need not say their number.
            return list(sheet.iter_rows(max_row=MOST_RECIPIENTS + 2, max_col=_MOST_COLUMNS, values_only=True))
        finally:
            book.close()
    except Exception as error:
        # openpyxl and the XML parsers below it leak nearly any error on a broken or hostile file.
        raise invalid(_NOT_EXCEL) from error


def _recipients(rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    headings = [_text(cell).lower().replace(" ", "").replace("_", "") for cell in rows[0]] if rows else []
    number, name = _column(headings, _HEADINGS), _column(headings, _NAMES)
    for row in rows if number is None else rows[1:]:
        if text := _cell(row, number or 0):
            yield text, "" if name is None or number is None else _cell(row, name)


def _column(headings: list[str], words: tuple[str, ...]) -> int | None:
    return next((headings.index(word) for word in words if word in headings), None)


def _cell(row: tuple[Any, ...], place: int) -> str:
    return _text(row[place]) if place < len(row) else ""


def _text(cell: Any) -> str:
    """Read a cell as text; Excel keeps a number that was typed as one as a float."""
    whole = isinstance(cell, float) and cell.is_integer()
    return (str(int(cell)) if whole else str(cell or "").strip())[:_LONGEST_CELL]
