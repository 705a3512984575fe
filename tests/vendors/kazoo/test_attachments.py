"""The document of a fax: its types, its name, parts of it, and its end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vendors.kazoo.conftest import NUMBER, Kazoo

PDF, TIFF = "application/pdf", "image/tiff"


def attachment(kazoo: Kazoo, fax: str, folder: str = "outbox", **options: Any) -> Any:
    return kazoo.call("GET", f"/faxes/{folder}/{fax}/attachment", **options)


def test_a_pdf_comes_back_as_it_was_uploaded(kazoo: Kazoo, three_pages: bytes) -> None:
    fax = kazoo.sent(three_pages)["id"]
    answer = attachment(kazoo, fax)
    assert (answer.status_code, answer.content) == (200, three_pages)
    assert answer.headers["Content-Type"] == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=original_file.pdf"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert len(answer.headers["X-Request-ID"]) == 32


def test_a_tiff_comes_back_as_it_was_uploaded(kazoo: Kazoo, document: Any) -> None:
    scan = document("scan.tiff")
    fax = kazoo.sent(scan, kind=TIFF)["id"]
    answer = attachment(kazoo, fax)
    assert (answer.headers["Content-Type"], answer.content) == (TIFF, scan)
    assert answer.headers["Content-Disposition"] == "attachment; filename=original_file.tiff"
    assert attachment(kazoo, fax, headers={"Accept": PDF}).content[:5] == b"%PDF-"


@pytest.mark.parametrize(("name", "kind"), [("letter.txt", "text/plain"), ("photo.png", "image/png")])
def test_what_is_neither_pdf_nor_tiff_comes_back_as_pdf(
    kazoo: Kazoo, document: Any, name: str, kind: str
) -> None:
    fax = kazoo.sent(document(name), kind=kind)
    assert fax["status"] == "completed"
    answer = attachment(kazoo, fax["id"])
    assert (answer.headers["Content-Type"], answer.content[:5]) == (PDF, b"%PDF-")
    assert attachment(kazoo, fax["id"], headers={"Accept": TIFF}).content[:4] == b"II*\0"


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("*/*", 200, PDF),
        ("application/*", 200, PDF),
        (PDF, 200, PDF),
        (TIFF, 200, TIFF),
        ("image/*", 200, TIFF),
        (f"{PDF};q=0.1, {TIFF}", 200, TIFF),
        ("text/html", 406, None),
        ("application/json", 406, None),
    ],
)
def test_the_type_that_is_asked_for_is_given(
    kazoo: Kazoo, one_page: bytes, accept: str, status: int, kind: str | None
) -> None:
    fax = kazoo.sent(one_page)["id"]
    for options in ({"headers": {"Accept": accept}}, {"params": {"accept": accept}}):
        answer = attachment(kazoo, fax, **options)
        assert (answer.status_code, answer.headers.get("Content-Type")) == (status, kind)
    beginning = {PDF: b"%PDF", TIFF: b"II*\0", None: b""}
    assert answer.content[:4] == beginning[kind]


def test_the_disposition_is_inline_on_wish(kazoo: Kazoo, one_page: bytes) -> None:
    fax = kazoo.sent(one_page)["id"]
    said = attachment(kazoo, fax, params={"disposition": "inline"}).headers["Content-Disposition"]
    assert said == "inline; filename=original_file.pdf"
    said = attachment(kazoo, fax, params={"disposition": "<script>"}).headers["Content-Disposition"]
    assert said == "attachment; filename=original_file.pdf"


def test_a_part_is_given_on_wish(kazoo: Kazoo, one_page: bytes) -> None:
    fax = kazoo.sent(one_page)["id"]
    answer = attachment(kazoo, fax, headers={"Range": "bytes=0-4"})
    assert (answer.status_code, answer.content) == (206, b"%PDF-")
    assert answer.headers["Content-Range"] == f"bytes 0-4/{len(one_page)}"
    answer = attachment(kazoo, fax, headers={"Range": "bytes=9999999-"})
    assert (answer.status_code, answer.json()["message"]) == (416, "range not satisfiable")


def test_a_deleted_document_leaves_the_fax(kazoo: Kazoo, one_page: bytes) -> None:
    fax = kazoo.sent(one_page)["id"]
    assert kazoo.answer("DELETE", f"/faxes/outbox/{fax}/attachment")["data"] == {}
    body = attachment(kazoo, fax).json()
    assert (body["message"], body["data"]) == ("bad_identifier", {"cause": fax, "message": "bad identifier"})
    assert kazoo.get(f"/faxes/outbox/{fax}")["data"]["tx_result"]["success"] is True
    assert kazoo.answer("DELETE", f"/faxes/outbox/{fax}/attachment")["data"] == {}


def test_a_fax_without_a_document_has_none_to_give(kazoo: Kazoo, document: Any) -> None:
    broken = kazoo.sent(document("not-a-pdf.pdf"))["id"]
    assert attachment(kazoo, broken).status_code == 404
    unfetched = kazoo.put(
        "/faxes", {"document": {"url": "http://127.0.0.1:1"}, "from_number": NUMBER, "to_number": NUMBER}
    )
    kazoo.control.advance()
    fax = next(row["id"] for row in kazoo.get("/faxes/outbox")["data"] if row["id"].endswith(unfetched["id"]))
    assert attachment(kazoo, fax).status_code == 404
