"""Documents that cannot be had or cannot be sent: the job fails later, and says why."""

from __future__ import annotations

from typing import Any

import pytest

from tests.receiver import Receiver
from tests.vendors.kazoo.conftest import BY_URL, NUMBER, UNTRIED, Kazoo


def by_url(receiver: Receiver, **more: Any) -> dict[str, Any]:
    return {**BY_URL, "document": {"url": f"{receiver.url}/fax.pdf"}, **more}


def test_a_document_that_the_server_refuses_fails_with_the_documented_text(
    kazoo: Kazoo, receiver: Receiver
) -> None:
    receiver.answer(404, times=None)
    job = kazoo.put("/faxes", by_url(receiver, retries=2))["id"]
    kazoo.control.advance()
    row = kazoo.ended(job)
    text = "could not retrieve file, HTTP response 404"
    assert (row["status"], row["attempts"]) == ("failed", 2)
    assert row["tx_result"] == {
        **UNTRIED, "error_message": text, "time_elapsed": row["tx_result"]["time_elapsed"], "result_code": 0,
        "result_text": text, "total_pages": 0, "transferred_pages": 0,
    }  # fmt: skip
    assert len(receiver.wait(2)) == 2


def test_a_document_is_fetched_again_for_the_next_try(
    kazoo: Kazoo, receiver: Receiver, one_page: bytes
) -> None:
    receiver.answer(503).answer(200, body=one_page)
    job = kazoo.put("/faxes", by_url(receiver, retries=2))["id"]
    kazoo.control.advance()
    row = kazoo.ended(job)
    assert (row["status"], row["attempts"], row["tx_result"]["total_pages"]) == ("completed", 2, 1)


def test_a_server_that_is_not_there_is_told(kazoo: Kazoo) -> None:
    job = kazoo.put("/faxes", {**BY_URL, "document": {"url": "http://127.0.0.1:1/x"}})["id"]
    kazoo.control.advance()
    assert kazoo.ended(job)["tx_result"]["result_text"] == "could not connect to document URL"


@pytest.mark.parametrize(
    ("url", "cause"),
    [("http://", "bad_url"), ("http://169.254.169.254/", "refused"), ("https://[::", "bad_url")],
)
def test_a_url_that_cannot_be_reached_is_told_with_its_cause(kazoo: Kazoo, url: str, cause: str) -> None:
    job = kazoo.put("/faxes", {**BY_URL, "document": {"url": url}})["id"]
    kazoo.control.advance()
    assert kazoo.ended(job)["tx_result"]["result_text"] == f"could not connect to document URL: {cause}"


def test_a_header_that_would_smuggle_a_request_makes_the_fetch_fail(kazoo: Kazoo, receiver: Receiver) -> None:
    document = {"url": receiver.url, "host": "a\r\nX-Evil: 1", "referer": "b\n"}
    job = kazoo.put("/faxes", {**BY_URL, "document": document})["id"]
    kazoo.control.advance()
    assert kazoo.ended(job)["status"] == "failed"
    assert receiver.requests == []


@pytest.mark.parametrize("name", ["encrypted.pdf", "not-a-pdf.pdf", "truncated.pdf", "zero-pages.pdf"])
def test_a_document_that_cannot_be_sent_fails_later(kazoo: Kazoo, document: Any, name: str) -> None:
    row = kazoo.sent(document(name))
    elapsed = row["tx_result"]["time_elapsed"]
    assert row["status"] == "failed"
    assert row["tx_result"] == {
        **UNTRIED, "error_message": "TIFF/F file cannot be opened", "time_elapsed": elapsed, "result_code": 0,
        "result_text": "TIFF/F file cannot be opened", "total_pages": 0, "transferred_pages": 0,
    }  # fmt: skip


def test_a_caller_id_that_is_not_owned_fails_later(kazoo: Kazoo, receiver: Receiver, one_page: bytes) -> None:
    kazoo.control.vendor("kazoo", numbers=["12125550100"])
    job = kazoo.put("/faxes", by_url(receiver, retries=2))["id"]
    row = kazoo.sent(one_page)
    assert (row["tx_result"]["result_code"], row["tx_result"]["result_text"]) == (
        400, f"invalid fax cid number: {NUMBER}"
    )  # fmt: skip
    assert kazoo.ended(job)["attempts"] == 2
    assert receiver.requests == []
    meta = {**BY_URL, "from_number": "+1 212 555 0100", "document": {"url": f"{receiver.url}/x"}}
    receiver.answer(200, body=one_page)
    job = kazoo.put("/faxes", meta)["id"]
    kazoo.control.advance()
    assert kazoo.ended(job)["status"] == "completed"
