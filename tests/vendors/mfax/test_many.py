"""One document to many: send multiple, resend, blast."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from tests.vendors.mfax.conftest import NUMBER, Mfax, error, fresh, refused, texts

NO_FILES = "InvalidInputError: No files and cover page in to send."


SHARED = (
    "faxCallerId faxCsid faxDetected faxECM faxNumber faxProtocol faxSpeed isArchived isFilePurged messageId "
    "messageNumber pagesComplete pagesCount status resolvedDate resultCode resultInfo contacts tags users"
)
START = "accountId channelType direction createdAt deletedAt deliveryId duration faxAttempt"
LISTED = f"{START} faxbridge faxbridgeId {SHARED} cf"
RESENT = f"{START} faxbridgeId {SHARED} faxbridge cf"
SHORT = (
    "messageId pagesComplete isArchived isFilePurged status faxNumber faxCsid faxCallerId direction "
    "accountId channelType country pagesCount createdAt"
)


def test_multiple_sends_one_fax_to_each_destination(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload(
        "/v1/faxes/multiple", ("a.pdf", pdf), recipientFax="12125550123,+12125550124", cf='{"case": "7"}'
    )
    body = answer.json()
    first, second = body["success"]
    assert answer.status_code == 200
    assert body == {
        "success": [
            fresh(first, LISTED, cf={"case": "7"}),
            fresh(second, LISTED, cf={"case": "7"}, faxNumber="+12125550124"),
        ],
        "errors": [],
    }
    assert [list(each) for each in body["success"]] == [list(fresh(first, LISTED))] * 2
    mfax.control.advance()
    assert {fax["vendor_view"]["state"] for fax in mfax.control.faxes()} == {"success"}


def test_multiple_lists_what_is_wrong_with_a_recipient(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.vendor("mfax", restricted_numbers=["+12125550199"], profile={"international": False})
    numbers = "12,12125550199,442079460123,15005550006,15005550013,12125550123"
    answer = mfax.upload(
        "/v1/faxes/multiple", ("a.pdf", pdf), recipientFax=numbers, recipientContacts="nobody"
    )
    body = answer.json()
    assert answer.status_code == 200
    assert [fax["faxNumber"] for fax in body["success"]] == [NUMBER]
    blocked = "NotAllowedError: Faxing to this number is blocked."
    assert body["errors"] == [
        {"error": "InvalidInputError: Invalid fax number.", "recipientFax": "12"},
        {"error": blocked, "recipientFax": "12125550199"},
        {
            "error": "NotAllowedError: International fax was disabled for account",
            "recipientFax": "442079460123",
        },
        {
            "error": "NotAllowedError: Not enough pages left in the plan of the account.",
            "recipientFax": "15005550006",
        },
        {"error": blocked, "recipientFax": "15005550013"},
        {"error": "InvalidInputError: Contact nobody not found.", "recipientFax": ""},
    ]


def test_multiple_without_a_document_is_an_error_of_each_recipient(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes/multiple", recipientFax="12015234232,12015234233")
    assert answer.status_code == 200
    assert answer.json() == {
        "success": [],
        "errors": [
            {"error": NO_FILES, "recipientFax": "12015234232"},
            {"error": NO_FILES, "recipientFax": "12015234233"},
        ],
    }


def test_multiple_goes_to_contacts_too(mfax: Mfax) -> None:
    contact = mfax.post("/v1/contacts", lastName="Lovelace", faxNumber="12125550124").json()
    answer = mfax.upload(
        "/v1/faxes/multiple", recipientFax=NUMBER, recipientContacts=contact["uuid"], coverPage="true"
    )
    first, second = answer.json()["success"]
    assert (first["contacts"], second["contacts"]) == ([], [contact])
    assert "Fax: +12125550123, +12125550124" in texts(mfax)[0]


def test_multiple_needs_a_recipient(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload("/v1/faxes/multiple", ("a.pdf", pdf), recipientFax=" , ")
    assert refused(answer) == (400, "InvalidInputError", "Recipient fax number is required.")


def test_a_refusal_of_the_whole_call_is_the_answer_of_multiple(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.upload("/v1/faxes/multiple", ("a.pdf", pdf), recipientFax=f"{NUMBER},15005550021")
    message = "Too many requests, please try again later."
    assert (answer.status_code, answer.json()) == (429, error("TooManyRequestsError", message))


def test_resend_makes_a_new_fax_and_leaves_the_old_one(mfax: Mfax, pdf: bytes) -> None:
    sent = mfax.send(pdf, "15005550002", cf='{"case": "7"}', subject="Engines")
    mfax.control.advance()
    before = mfax.info(sent["messageId"])
    answer = mfax.post("/v1/fax/resend", messageId=sent["messageId"], recipientFax="2125550123")
    body = answer.json()
    (again,) = body["success"]
    expected = fresh(again, RESENT, cf={"case": "7"})
    assert answer.status_code == 200
    assert body == {"success": [expected], "errors": []}
    assert list(again) == list(expected)
    assert again["accountId"] == mfax.me()["accountId"]
    assert again["messageId"] != sent["messageId"]
    assert mfax.info(sent["messageId"]) == before
    mfax.control.advance()
    assert mfax.info(again["messageId"])["status"] == "success"


def test_resend_goes_to_the_same_number_unless_told_otherwise(mfax: Mfax, pdf: bytes) -> None:
    sent = mfax.send(pdf)
    again = mfax.post("/v1/fax/resend", messageId=sent["messageId"]).json()["success"][0]
    assert (again["faxNumber"], again["pagesCount"]) == (NUMBER, 1)


def test_resend_lists_what_forbids_it(mfax: Mfax, pdf: bytes) -> None:
    sent = mfax.send(pdf)
    mfax.control.vendor("mfax", profile={"international": False})
    answer = mfax.post("/v1/fax/resend", messageId=sent["messageId"], recipientFax="+442079460123")
    assert answer.status_code == 200
    assert answer.json() == {
        "success": [],
        "errors": [
            {
                "input": {"faxNumber": "+442079460123"},
                "error": "NotAllowedError: International fax was disabled for account",
            }
        ],
    }


def test_with_the_switch_resend_answers_the_short_object(mfax: Mfax, pdf: bytes) -> None:
    sent = mfax.send(pdf)
    mfax.control.vendor("mfax", profile={"resend_short": True})
    answer = mfax.post("/v1/fax/resend", messageId=sent["messageId"])
    (again,) = answer.json()["success"]
    assert answer.json() == {"success": [fresh(again, SHORT, country="US")], "errors": []}
    assert list(again) == SHORT.split()


@pytest.mark.parametrize(
    ("form", "status", "name", "message"),
    [
        ({}, 400, "InvalidInputError", "messageId: Missing data for required field."),
        ({"messageId": "7"}, 400, "InvalidInputError", "messageId: Not a valid UUID."),
        ({"messageId": "d1077489-5ea1-4db1-9760-853f175e8288"}, 404, "NotFoundError", "Fax not found."),
    ],
)
def test_resend_needs_a_fax(mfax: Mfax, form: dict[str, str], status: int, name: str, message: str) -> None:
    answer = mfax.post("/v1/fax/resend", **form)
    assert (answer.status_code, answer.json()) == (status, error(name, message))


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def test_a_workbook_without_styles_is_read(mfax: Mfax) -> None:
    content = archive(
        styles=b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    )
    assert len(blast(mfax, content, coverPage="true").json()["success"]) == 1


def blast(mfax: Mfax, content: bytes, *files: tuple[str, bytes], **form: str) -> Any:
    parts: list[Any] = [("recipient", ("list.xlsx", content))]
    parts += [("attachments", each) for each in files]
    parts += [(name, (None, value)) for name, value in form.items()]
    return mfax.call("POST", "/v1/fax/blast", files=parts)


def test_a_blast_goes_to_everybody_in_the_excel_file(mfax: Mfax) -> None:
    content = workbook(
        ("Name", "Fax Number"), ("Ada", 12125550123), ("", None), ("Bob", "+12125550124"), ("C", "x")
    )
    answer = blast(mfax, content, coverPage="true")
    body = answer.json()
    first, second = body["success"]
    assert answer.status_code == 200
    assert body == {
        "success": [fresh(first, LISTED), fresh(second, LISTED, faxNumber="+12125550124")],
        "errors": [{"error": "InvalidInputError: Invalid fax number.", "recipientFax": "x"}],
    }


def test_a_blast_without_headings_reads_the_first_column(mfax: Mfax, pdf: bytes) -> None:
    answer = blast(mfax, workbook((12125550123.0, "Ada"), ("12125550124",)), ("a.pdf", pdf))
    assert [fax["faxNumber"] for fax in answer.json()["success"]] == [NUMBER, "+12125550124"]


def test_a_blast_without_a_document_is_an_error_of_each_recipient(mfax: Mfax) -> None:
    answer = blast(mfax, workbook((NUMBER,)))
    assert answer.json() == {"success": [], "errors": [{"error": NO_FILES, "recipientFax": NUMBER}]}


def test_a_blast_takes_a_thousand_recipients(mfax: Mfax) -> None:
    rows = [(12125550000 + number, *["filler"] * 5) for number in range(1000)]
    assert len(blast(mfax, workbook(*rows), coverPage="true").json()["success"]) == 1000


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
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "recipient: an Excel file with the recipients is required."),
        (b"fax\n12125550123\n", NOT_EXCEL),
        (b"PK\x03\x04" + b"\0" * 1000, NOT_EXCEL),
        (workbook(("Fax",), (NUMBER,))[:-200], NOT_EXCEL),
        (workbook(), EMPTY),
        (archive(sheet=b"<worksheet"), NOT_EXCEL),
        (archive(sheet=LAUGHS + SHEET % b"<row><c><v>&b;</v></c></row>"), NOT_EXCEL),
        (archive(sheet=SHEET % (b"<row/>" * 1_000_000)), TOO_LARGE),
        (archive(sheet=SHEET % b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), TOO_LARGE),
        (archive(strings=b"<sst>" + b"<si/>" * 400_000 + b"</sst>"), TOO_LARGE),
        (archive(extra=b" " * 300_000_000), TOO_LARGE),
        (archive(sheet=SHEET % (b"<row" + b' a="1"' * 500_000 + b"/>")), TOO_LARGE),
        (workbook(*[(NUMBER,)] * 1001), "A call takes at most 1000 recipients."),
        (archive(sheet=SHEET % (HEADING + UNNUMBERED * 1500)), "A call takes at most 1000 recipients."),
    ],
    ids=[
        "nothing", "csv", "broken archive", "cut archive", "no rows", "broken xml", "entities", 
        "million rows", "far row", "strings", "bomb", "attributes", "1001 rows",
        "unnumbered rows",
    ],
)  # fmt: skip
def test_what_is_no_list_of_recipients_is_refused_quickly(mfax: Mfax, content: bytes, message: str) -> None:
    began = time.monotonic()
    answer = blast(mfax, content, coverPage="true")
    assert refused(answer) == (400, "InvalidInputError", message)
    assert time.monotonic() - began < 3
    assert mfax.control.faxes() == []


def test_a_blast_needs_its_file(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/fax/blast", coverPage="true")
    message = "recipient: an Excel file with the recipients is required."
    assert (answer.status_code, answer.json()) == (400, error("InvalidInputError", message))
