"""The document of a fax: its types, its name, parts of it, and its end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.client import ASKED, BY_URL, Kazoo, refusal, unknown
from tests.vendors.kazoo.expected import faxed, sent

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
    assert answer.headers["X-Request-ID"] == ASKED
    assert answer.headers["Expires"] == "Fri, 01 Jan 1999 00:00:00 GMT"


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
    refusal(answer, 416, "range not satisfiable", {}, token=kazoo.token)


def test_a_deleted_document_leaves_the_fax(kazoo: Kazoo, one_page: bytes) -> None:
    created, fax = kazoo.now(), kazoo.sent(one_page)["id"]
    path = f"/faxes/outbox/{fax}/attachment"
    assert kazoo.answer("DELETE", path)["data"] == {}
    kazoo.refused("GET", path, unknown(fax))
    assert kazoo.get(f"/faxes/outbox/{fax}")["data"] == sent(fax, created, faxed(elapsed=43))
    assert kazoo.answer("DELETE", path)["data"] == {}


def test_a_deleted_document_with_a_url_is_not_fetched_again(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    receiver.answer(200, body=one_page, times=None)
    job = kazoo.put("/faxes", {**BY_URL, "document": {"url": receiver.url}})["id"]
    kazoo.control.advance()
    path = f"/faxes/outbox/201603-{job}/attachment"
    assert kazoo.call("GET", path).content == one_page
    assert kazoo.answer("DELETE", path)["data"] == {}
    kazoo.refused("GET", path, unknown(f"201603-{job}"))
    assert len(receiver.requests) == 1


def test_a_fax_without_a_document_has_none_to_give(kazoo: Kazoo, document: Any) -> None:
    broken = kazoo.sent(document("not-a-pdf.pdf"))["id"]
    job = kazoo.put("/faxes", {**BY_URL, "document": {"url": "http://127.0.0.1:1"}})["id"]
    kazoo.control.advance()
    for fax in (broken, f"201603-{job}"):
        kazoo.refused("GET", f"/faxes/outbox/{fax}/attachment", unknown(fax))
