"""Documents that cannot be had or cannot be sent: the job fails later, and says why."""

from __future__ import annotations

from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.client import BY_URL, NUMBER, Kazoo, unknown
from tests.vendors.kazoo.expected import failed, faxed, listed, sent


def by_url(receiver: Receiver, **more: Any) -> dict[str, Any]:
    return {**BY_URL, "document": {"url": f"{receiver.url}/fax.pdf"}, **more}


def compare(kazoo: Kazoo, job: str, created: int, result: dict[str, Any], **doc: Any) -> None:
    """Compare the whole row of the outbox that a job has become."""
    assert kazoo.ended(job) == listed(sent(f"201603-{job}", created, result, **doc))


def shown(document: dict[str, Any]) -> dict[str, Any]:
    return {"method": "get", **document}


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_document_that_the_server_refuses_fails_with_the_documented_text(
    kazoo: Kazoo, receiver: Receiver, status: int
) -> None:
    receiver.answer(status, times=None)
    wanted, created = by_url(receiver, retries=2), kazoo.now()
    job = kazoo.put("/faxes", wanted)["id"]
    kazoo.control.advance()
    result = failed(0, f"could not retrieve file, HTTP response {status}", elapsed=302, pages=0)
    compare(kazoo, job, created, result, attempts=2, retries=2, document=shown(wanted["document"]))
    assert len(receiver.wait(2)) == 2


def test_a_document_is_fetched_again_for_the_next_try(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    receiver.answer(503).answer(200, body=one_page)
    wanted, created = by_url(receiver, retries=2), kazoo.now()
    job = kazoo.put("/faxes", wanted)["id"]
    kazoo.control.advance()
    result = faxed(elapsed=341)
    compare(kazoo, job, created, result, attempts=2, retries=2, document=shown(wanted["document"]))


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://127.0.0.1:1/x", "could not connect to document URL"),
        ("http://", "could not connect to document URL: bad_url"),
        ("http://169.254.169.254/", "could not connect to document URL: refused"),
        ("https://[::", "could not connect to document URL: bad_url"),
    ],
)
def test_a_url_that_cannot_be_reached_is_told_with_its_cause(kazoo: Kazoo, url: str, text: str) -> None:
    created, document = kazoo.now(), {"url": url}
    job = kazoo.put("/faxes", {**BY_URL, "document": document})["id"]
    kazoo.control.advance()
    compare(kazoo, job, created, failed(0, text, elapsed=1, pages=0), document=shown(document))


def test_a_header_that_would_smuggle_a_request_makes_the_fetch_fail(kazoo: Kazoo, receiver: Receiver) -> None:
    created, document = kazoo.now(), {"url": receiver.url, "host": "a\r\nX-Evil: 1", "referer": "b\n"}
    job = kazoo.put("/faxes", {**BY_URL, "document": document})["id"]
    kazoo.control.advance()
    result = failed(0, "could not connect to document URL: bad_message", elapsed=1, pages=0)
    compare(kazoo, job, created, result, document=shown(document))
    assert receiver.requests == []


@pytest.mark.parametrize("name", ["encrypted.pdf", "not-a-pdf.pdf", "truncated.pdf", "zero-pages.pdf"])
def test_a_document_that_cannot_be_sent_fails_later(kazoo: Kazoo, document: Any, name: str) -> None:
    created = kazoo.now()
    job = kazoo.send(document(name))["id"]
    kazoo.control.advance()
    compare(kazoo, job, created, failed(0, "TIFF/F file cannot be opened", elapsed=1, pages=0))


@pytest.mark.parametrize("kind", ["application/pdf", "application/x-pdf", "image/tiff"])
def test_a_file_that_is_not_what_its_type_says_fails_later(kazoo: Kazoo, document: Any, kind: str) -> None:
    for content in (b"this is not a PDF", document("photo.png")):
        created = kazoo.now()
        job = kazoo.send(content, kind=kind)["id"]
        kazoo.control.advance()
        compare(kazoo, job, created, failed(0, "TIFF/F file cannot be opened", elapsed=1, pages=0))
        kazoo.refused("GET", f"/faxes/outbox/201603-{job}/attachment", unknown(f"201603-{job}"))


def test_a_tiff_that_is_called_a_pdf_is_sent(kazoo: Kazoo, document: Any) -> None:
    assert kazoo.sent(document("scan.tiff"), kind="application/pdf")["status"] == "completed"


FETCHED = [
    ("/fax.pdf", None, False),
    ("/fax.pdf", "application/octet-stream", False),
    ("/fax", "application/pdf", False),
    ("/fax", "image/png", False),
    ("/fax.txt", None, True),
    ("/fax.pdf", "text/plain", True),
]
"""Where a text lies, its type, and whether it is one: its name counts where the type says nothing."""


@pytest.mark.parametrize(("path", "kind", "is_text"), FETCHED)
def test_a_fetched_file_is_what_its_answer_says_and_a_text_under_another_type_fails(
    kazoo: Kazoo, receiver: Receiver, path: str, kind: str | None, is_text: bool
) -> None:
    receiver.answer(200, body=b"not a pdf", headers={"Content-Type": kind} if kind else {})
    wanted, created = {**BY_URL, "document": {"url": receiver.url + path}}, kazoo.now()
    job = kazoo.put("/faxes", wanted)["id"]
    kazoo.control.advance()
    bad = failed(0, "TIFF/F file cannot be opened", elapsed=1, pages=0)
    result = faxed(elapsed=43) if is_text else bad
    compare(kazoo, job, created, result, document=shown(wanted["document"]))


def test_a_caller_id_that_is_not_owned_fails_later(kazoo: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    kazoo.control.vendor("kazoo", numbers=["12125550100"])
    wanted, created = by_url(receiver, retries=2), kazoo.now()
    fetching, holding = kazoo.put("/faxes", wanted)["id"], kazoo.send(one_page)["id"]
    kazoo.control.advance()
    text = f"invalid fax cid number: {NUMBER}"
    document = shown(wanted["document"])
    compare(kazoo, holding, created, failed(400, text, elapsed=1))
    result = failed(400, text, elapsed=302, pages=0)
    compare(kazoo, fetching, created, result, attempts=2, retries=2, document=document)
    assert receiver.requests == []
    receiver.answer(200, body=one_page)
    mine = {"from_number": "+1 212 555 0100", "document": wanted["document"]}
    created, job = kazoo.now(), kazoo.put("/faxes", {**BY_URL, **mine})["id"]
    kazoo.control.advance()
    result = faxed(elapsed=43, sender="+12125550100")
    compare(kazoo, job, created, result, from_number=mine["from_number"], document=document)
