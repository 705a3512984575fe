"""Blasts: the recipients of an Excel file, and files that are none or are made to do harm."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from emulator import documents
from tests.conftest import FIXTURES
from tests.vendors.mfax.bodies import fax, listed, whole
from tests.vendors.mfax.conftest import NUMBER, Mfax, error
from tests.vendors.mfax.world import workbook

NO_FILES = "InvalidInputError: No files and cover page in to send."
OTHER = "+12125550124"
LONGEST = 3.0
"""Seconds of processor time that a file may take which is refused."""
MOST_MEMORY = 64 * 2**20
"""Bytes of memory that it may take, with what client and server hold of it."""


def blast(mfax: Mfax, content: bytes, *files: tuple[str, bytes], **form: str) -> Any:
    parts: list[Any] = [("recipient", ("list.xlsx", content))]
    parts += [("attachments", each) for each in files]
    parts += [(name, (None, value)) for name, value in form.items()]
    return mfax.call("POST", "/v1/fax/blast", files=parts)


def test_a_blast_goes_to_everybody_in_the_excel_file(mfax: Mfax) -> None:
    content = workbook(("Name", "Fax Number"), ("Ada", 12125550123), ("", None), ("Bob", OTHER), ("C", "x"))
    wrong = {"error": "InvalidInputError: Invalid fax number.", "recipientFax": "x"}
    body = {"success": [fax("blast"), fax("blast", 2, faxNumber=OTHER)], "errors": [wrong]}
    whole(blast(mfax, content, coverPage="true"), body)
    whole(mfax.get("/v1/fax/history"), listed(fax("history", 2, faxNumber=OTHER), fax("history")))


@pytest.mark.parametrize("heading", ["recipientName", "Recipient Name", "name"])
def test_a_blast_names_each_recipient_on_its_cover_page(mfax: Mfax, heading: str) -> None:
    content = workbook(("company", "recipientFax", heading), ("x", NUMBER, "Ada"), ("y", OTHER, None))
    whole(blast(mfax, content, coverPage="true", recipientName="Everybody"), {
        "success": [fax("blast"), fax("blast", 2, faxNumber=OTHER)], "errors": []
    })  # fmt: skip
    assert named(mfax) == [["To: Ada", f"Fax: {NUMBER}"], ["To: Everybody", f"Fax: {OTHER}"]]


def named(mfax: Mfax) -> list[list[str]]:
    """Give whom the cover page of each fax names, the first fax first."""
    found = []
    for each in reversed(mfax.control.faxes()):
        content = mfax.get(f"/v1/fax/{each['vendor_view']['id']}/download").content
        lines = documents.text_of(content)[0].splitlines()
        found.append([lines[1].strip(), lines[3].strip()])
    return found


def test_an_old_excel_file_is_read(mfax: Mfax) -> None:
    content = (FIXTURES / "mfax" / "recipients.xls").read_bytes()
    wrong = {"error": "InvalidInputError: Invalid fax number.", "recipientFax": "x"}
    body = {"success": [fax("blast"), fax("blast", 2, faxNumber=OTHER)], "errors": [wrong]}
    whole(blast(mfax, content, coverPage="true"), body)
    names = [["To: Ada Lovelace", f"Fax: {NUMBER}"], ["To: Charles Babbage", f"Fax: {OTHER}"]]
    assert named(mfax) == names


def test_a_blast_without_headings_reads_the_first_column(mfax: Mfax, pdf: bytes) -> None:
    answer = blast(mfax, workbook((12125550123.0, "Ada"), ("12125550124",)), ("a.pdf", pdf))
    whole(answer, {"success": [fax("blast"), fax("blast", 2, faxNumber=OTHER)], "errors": []})


def test_a_blast_without_a_document_is_an_error_of_each_recipient(mfax: Mfax) -> None:
    answer = blast(mfax, workbook((NUMBER,)))
    whole(answer, {"success": [], "errors": [{"error": NO_FILES, "recipientFax": NUMBER}]})


def test_a_blast_takes_a_thousand_recipients(mfax: Mfax) -> None:
    numbers = [f"+1212555{line:04d}" for line in range(1000)]
    rows = [(int(number), *["filler"] * 5) for number in numbers]
    body = blast(mfax, workbook(*rows), coverPage="true").json()
    first = body["success"][0]
    assert body == {
        "success": [
            {**fax("blast"), "faxNumber": number, "messageId": made["messageId"]}
            for number, made in zip(numbers, body["success"], strict=True)
        ],
        "errors": [],
    }
    assert len({made["messageId"] for made in body["success"]}) == 1000
    assert first["messageId"] == fax("blast")["messageId"]


def test_a_workbook_without_styles_is_read(mfax: Mfax) -> None:
    content = archive(
        styles=b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    )
    whole(blast(mfax, content, coverPage="true"), {"success": [fax("blast")], "errors": []})


def test_a_refusal_of_the_whole_call_leaves_nothing_sent(mfax: Mfax) -> None:
    content = workbook((NUMBER,), ("15005550021",))
    message = "Too many requests, please try again later."
    whole(blast(mfax, content, coverPage="true"), error("TooManyRequestsError", message), 429)
    assert mfax.control.faxes() == []


def archive(**parts: bytes) -> bytes:
    """Put XML into the places of a real workbook."""
    places = {
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
        "extra": "xl/extra.xml",
        "styles": "xl/styles.xml",
    }
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(("Fax",), (NUMBER,)))) as known:
        kept = {name: known.read(name) for name in known.namelist()}
    kept |= {places[name]: xml for name, xml in parts.items()}
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, xml in kept.items():
            made.writestr(name, xml)
    return content.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
HEADING = b'<row><c t="inlineStr"><is><t>Fax</t></is></c></row>'
UNNUMBERED = b"<row><c><v>12125550123</v></c></row>"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
NOT_EXCEL = "recipient: not an Excel file that can be read."
TOO_LARGE = "recipient: the file is too large; at most 1000 recipients."
EMPTY = "recipient: the file has no recipients."
NEEDED = "recipient: an Excel file with the recipients is required."
TOO_MANY = "A call takes at most 1000 recipients."


TOLD = 10
"""Bytes that a lying workbook says its sheet has."""


def lying(xml: bytes, *, checked: bool) -> bytes:
    """Make a workbook that says of its sheet that it is short, and whose checksum may fit that."""
    content = archive(sheet=xml)
    true, told = (struct.pack("<I", number) for number in (len(xml), TOLD))
    sums = [struct.pack("<I", zlib.crc32(each)) for each in (xml, xml[:TOLD])]
    content = content.replace(true, told)
    return content.replace(*sums) if checked else content


def crowded(parts: int) -> bytes:
    """Make a workbook of so many more parts."""
    content = io.BytesIO(workbook(("Fax",), (NUMBER,)))
    with zipfile.ZipFile(content, "a") as made:
        for each in range(parts):
            made.writestr(f"xl/{each}.xml", b"")
    return content.getvalue()


OLD = (FIXTURES / "mfax" / "recipients.xls").read_bytes()
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", NEEDED),
    "csv": (lambda: b"fax\n12125550123\n", NOT_EXCEL),
    "broken archive": (lambda: b"PK\x03\x04" + b"\0" * 1000, NOT_EXCEL),
    "cut archive": (lambda: workbook(("Fax",), (NUMBER,))[:-200], NOT_EXCEL),
    "no rows": (workbook, EMPTY),
    "broken xml": (lambda: archive(sheet=b"<worksheet"), NOT_EXCEL),
    "entities": (lambda: archive(sheet=LAUGHS + SHEET % b"<row><c><v>&b;</v></c></row>"), NOT_EXCEL),
    "million rows": (lambda: archive(sheet=SHEET % (b"<row/>" * 1_000_000)), TOO_LARGE),
    "far row": (
        lambda: archive(sheet=SHEET % b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        TOO_LARGE,
    ),
    "strings": (lambda: archive(strings=b"<sst>" + b"<si/>" * 400_000 + b"</sst>"), TOO_LARGE),
    "bomb": (lambda: archive(extra=b" " * 300_000_000), TOO_LARGE),
    "lying bomb": (lambda: lying(b" " * 300_000_000, checked=False), NOT_EXCEL),
    "lying bomb with its checksum": (lambda: lying(b" " * 300_000_000, checked=True), NOT_EXCEL),
    "many parts": (lambda: crowded(5_000), TOO_LARGE),
    "attributes": (lambda: archive(sheet=SHEET % (b"<row" + b' a="1"' * 500_000 + b"/>")), TOO_LARGE),
    "cut old file": (lambda: OLD[:1500], NOT_EXCEL),
    "old file of nothing": (lambda: OLD[:8] + bytes(5000), NOT_EXCEL),
    "old file of noise": (lambda: OLD[:512] + bytes(range(256)) * 20, NOT_EXCEL),
    "large old file": (lambda: OLD + bytes(2**20), TOO_LARGE),
    "1001 rows": (lambda: workbook(*[(NUMBER,)] * 1001), TOO_MANY),
    "unnumbered rows": (lambda: archive(sheet=SHEET % (HEADING + UNNUMBERED * 1500)), TOO_MANY),
}


@pytest.fixture(scope="module")
def hostile() -> Callable[[str], bytes]:
    """Make a hostile file, once."""
    return cache(lambda name: HOSTILE[name][0]())


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_list_of_recipients_is_refused_quickly(
    mfax: Mfax, hostile: Callable[[str], bytes], name: str
) -> None:
    content, message = hostile(name), HOSTILE[name][1]
    began = time.process_time()
    answer = blast(mfax, content, coverPage="true")
    assert time.process_time() - began < LONGEST
    whole(answer, error("InvalidInputError", message), 400)
    assert mfax.control.faxes() == []


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_list_of_recipients_takes_little_memory(
    mfax: Mfax, hostile: Callable[[str], bytes], name: str
) -> None:
    content, message = hostile(name), HOSTILE[name][1]
    tracemalloc.start()
    try:
        answer = blast(mfax, content, coverPage="true")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY
    whole(answer, error("InvalidInputError", message), 400)


def test_a_blast_needs_its_file(mfax: Mfax) -> None:
    whole(mfax.upload("/v1/fax/blast", coverPage="true"), error("InvalidInputError", NEEDED), 400)
