"""What is done to one fax: preview, download, cancel, update, info, delete, tag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from emulator.core import documents
from tests.vendors.mfax.conftest import NUMBER, UNKNOWN, Mfax, error, fresh, refused

NOT_CANCELLED = error("InvalidInputError", "Only processing or scheduled faxes can be cancelled.")


KEYS = (
    "accountId channelType direction createdAt deletedAt deliveryId duration faxAttempt faxbridgeId "
    "faxCallerId faxCsid faxDetected faxECM faxNumber faxProtocol faxSpeed isArchived isFilePurged isRead "
    "messageId messageNumber pagesComplete pagesCount status resolvedDate resultCode resultInfo contacts "
    "tags users faxbridge"
)
"""What cancel and update show, in order."""


def test_a_processing_fax_is_cancelled(mfax: Mfax, pdf: bytes) -> None:
    sent = mfax.send(pdf)
    answer = mfax.post(f"/v1/fax/{sent['messageId']}/cancel")
    nothing: dict[str, Any] = dict.fromkeys(("pagesComplete", "resultCode", "resultInfo"))
    expected = fresh(sent, KEYS, status="cancelled", **nothing)
    assert (answer.status_code, answer.json()) == (200, expected)
    assert list(answer.json()) == list(expected)
    mfax.control.advance()
    assert mfax.info(sent["messageId"])["status"] == "cancelled"


def test_a_scheduled_fax_is_cancelled(mfax: Mfax, pdf: bytes) -> None:
    sent = mfax.send(pdf, scheduledDate="2099-01-01")
    assert mfax.post(f"/v1/fax/{sent['messageId']}/cancel").json()["status"] == "cancelled"


def test_a_transmitting_or_ended_fax_is_not_cancelled(mfax: Mfax, pdf: bytes) -> None:
    sent = mfax.send(pdf)
    fax, path = mfax.control.faxes()[0]["id"], f"/v1/fax/{sent['messageId']}/cancel"
    mfax.control.advance(until={"fax": fax, "state": "transmitting"})
    answer = mfax.post(path)
    assert (answer.status_code, answer.json()) == (400, NOT_CANCELLED)
    mfax.control.advance()
    assert mfax.info(sent["messageId"])["status"] == "success"
    assert mfax.post(path).json() == NOT_CANCELLED
    again = mfax.send(pdf)["messageId"]
    mfax.post(f"/v1/fax/{again}/cancel")
    assert mfax.post(f"/v1/fax/{again}/cancel").json() == NOT_CANCELLED


@pytest.mark.parametrize("as_json", [False, True])
def test_a_fax_is_archived_and_taken_back(mfax: Mfax, pdf: bytes, as_json: bool) -> None:
    sent = mfax.send(pdf)
    path = f"/v1/fax/{sent['messageId']}"
    for wanted in (True, False):
        form = {"json": {"isArchived": wanted}} if as_json else {"data": {"isArchived": str(wanted).lower()}}
        answer = mfax.call("PATCH", path, **form)
        expected = fresh(sent, KEYS, isArchived=wanted)
        assert (answer.status_code, answer.json()) == (200, expected)
    assert list(answer.json()) == list(expected)
    assert mfax.patch(path).json() == expected
    assert mfax.patch(path, subject="other").json() == expected


def test_a_fax_is_archived_with_true_or_false_only(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.patch(f"/v1/fax/{mfax.send(pdf)['messageId']}", isArchived="perhaps")
    assert refused(answer) == (400, "InvalidInputError", "isArchived: Must be true or false.")


@pytest.mark.parametrize("query", [{}, {"format": "pdf"}])
def test_a_fax_is_downloaded_as_pdf(mfax: Mfax, pdf: bytes, query: dict[str, str]) -> None:
    answer = mfax.get(f"/v1/fax/{mfax.send(pdf)['messageId']}/download", **query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content == pdf


def test_other_formats_are_not_known(mfax: Mfax, pdf: bytes) -> None:
    answer = mfax.get(f"/v1/fax/{mfax.send(pdf)['messageId']}/download", format="docx")
    assert refused(answer) == (400, "InvalidInputError", "format: Must be one of: pdf.")


def test_a_document_that_was_not_rendered_is_not_there(mfax: Mfax) -> None:
    message = mfax.send(b"\0\1\2")["messageId"]
    answer = mfax.get(f"/v1/fax/{message}/download")
    assert refused(answer) == (404, "NotFoundError", "File not found.")
    assert mfax.info(message)["isFilePurged"] is False


def test_a_document_that_the_store_let_go_is_purged(mfax: Mfax, pdf: bytes, app: Any) -> None:
    message = mfax.send(pdf)["messageId"]
    app.store.drop_blob(mfax.control.id, mfax.control.faxes()[0]["document"]["digest"])
    assert refused(mfax.get(f"/v1/fax/{message}/download")) == (404, "NotFoundError", "File not found.")
    assert mfax.info(message)["isFilePurged"] is True
    answer = mfax.post("/v1/fax/resend", messageId=message)
    wrong = "InvalidInputError: No files and cover page in to send."
    assert answer.json() == {"success": [], "errors": [{"input": {"faxNumber": NUMBER}, "error": wrong}]}


def test_a_deleted_fax_is_gone_from_every_answer(mfax: Mfax, pdf: bytes) -> None:
    message = mfax.send(pdf)["messageId"]
    # The reference's table of this call has the parameters of a send, too.
    answer = mfax.call("DELETE", f"/v1/fax/{message}", data={"coverPage": "false", "tags": "x"})
    assert (answer.status_code, answer.text) == (200, "OK")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    for method, path in (("GET", "info"), ("GET", "download"), ("POST", "cancel")):
        again = mfax.call(method, f"/v1/fax/{message}/{path}")
        assert refused(again) == (404, "NotFoundError", "Fax not found.")
    assert mfax.get("/v1/fax/history").json()["rows"] == []
    assert refused(mfax.delete(f"/v1/fax/{message}")) == (404, "NotFoundError", "Fax not found.")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/fax/{}/info"),
        ("GET", "/v1/fax/{}/download"),
        ("POST", "/v1/fax/{}/cancel"),
        ("PATCH", "/v1/fax/{}"),
        ("DELETE", "/v1/fax/{}"),
    ],
)
@pytest.mark.parametrize("message", [UNKNOWN, "1", "%00", "..%2F..", "é"])
def test_an_unknown_fax_is_not_found(mfax: Mfax, method: str, path: str, message: str) -> None:
    answer = mfax.call(method, path.format(message))
    assert answer.status_code == 404
    assert answer.json()["error"]["name"] == "NotFoundError"


def test_preview_gives_the_pdf_that_would_be_sent(mfax: Mfax, document: Callable[[str], bytes]) -> None:
    answer = mfax.upload(
        "/v1/fax/preview",
        ("a.pdf", document("three-pages.pdf")),
        coverPage="true",
        recipientName="Ada",
        senderName="Charles",
        subject="Engines",
        callerId="5094570000",
        notes="Read this.",
    )
    pages = documents.text_of(answer.content)
    assert (answer.status_code, answer.headers["Content-Type"], len(pages)) == (200, "application/pdf", 4)
    for words in (
        "To: Ada",
        "From: Charles",
        "Fax: 5094570000",
        "RE: Engines",
        "Pages: 4",
        "Comments: Read this.",
    ):
        assert words in pages[0]
    assert mfax.control.faxes() == []


def test_preview_says_what_cannot_be_rendered(mfax: Mfax, document: Callable[[str], bytes]) -> None:
    answer = mfax.upload("/v1/fax/preview", ("a.pdf", document("encrypted.pdf")))
    message = "The file cannot be rendered: encrypted."
    assert (answer.status_code, answer.json()) == (400, error("InvalidInputError", message))
    nothing = error("InvalidInputError", "No files and cover page in to send.")
    assert mfax.upload("/v1/fax/preview", subject="x").json() == nothing


def test_a_tag_is_put_on_a_fax(mfax: Mfax, pdf: bytes) -> None:
    sent = mfax.send(pdf)
    tag = mfax.post("/v1/tags", name="Urgent").json()
    path = f"/v1/fax/{sent['messageId']}/tag"
    for _ in range(2):
        answer = mfax.post(path, tagId=tag["uuid"])
        assert (answer.status_code, answer.json()) == (200, fresh(sent, KEYS, tags=[tag]))
    assert refused(mfax.post(path, tagId=UNKNOWN)) == (404, "NotFoundError", "Tag not found.")
    mfax.delete(f"/v1/tag/{tag['uuid']}")
    assert mfax.info(sent["messageId"])["tags"] == []


def test_documents_are_fetched_from_urls(mfax: Mfax, pdf: bytes, receiver: Any) -> None:
    receiver.answer(body=pdf, path="/one.pdf", times=None)
    receiver.answer(body=b"two", path="/two.txt", times=None)
    urls = f"{receiver.url}/one.pdf,{receiver.url}/two.txt"
    answer = mfax.upload(
        "/v1/faxes", ("first.txt", b"first"), faxNumber=NUMBER, coverPage="true", attachmentUrls=urls
    )
    sent = answer.json()
    assert (answer.status_code, sent["pagesCount"], receiver.requests) == (200, 2, [])
    assert refused(mfax.get(f"/v1/fax/{sent['messageId']}/download"))[0] == 404
    mfax.control.advance()
    fax = mfax.info(sent["messageId"])
    assert (fax["status"], fax["pagesCount"], fax["pagesComplete"]) == ("success", 4, 4)
    pages = documents.text_of(mfax.get(f"/v1/fax/{sent['messageId']}/download").content)
    assert pages[0].startswith("Fax Transmission")
    assert (pages[1].strip(), pages[3].strip()) == ("first", "two")


def test_a_document_that_cannot_be_fetched_fails_the_fax(mfax: Mfax, receiver: Any) -> None:
    receiver.answer(404, times=1)
    form = {"faxNumber": NUMBER, "attachmentUrls": f'["{receiver.url}/gone.pdf"]'}
    message = mfax.post("/v1/faxes", **form).json()["messageId"]
    mfax.control.advance()
    fax = mfax.info(message)
    assert (fax["status"], fax["resultCode"]) == ("failed", "5200")
    receiver.answer(body=b"there now", times=None)
    again = mfax.post("/v1/fax/resend", messageId=message).json()["success"][0]["messageId"]
    mfax.control.advance()
    assert mfax.info(again)["status"] == "success"


def test_a_fetched_document_that_cannot_be_rendered_fails_the_fax(mfax: Mfax, receiver: Any) -> None:
    receiver.answer(body=b"\0\1\2", times=None)
    message = mfax.post("/v1/faxes", faxNumber=NUMBER, attachmentUrls=f"{receiver.url}/x").json()["messageId"]
    mfax.control.advance()
    assert mfax.info(message)["resultCode"] == "5200"


def test_only_so_many_documents_are_fetched(mfax: Mfax) -> None:
    answer = mfax.post("/v1/faxes", faxNumber=NUMBER, attachmentUrls="http://127.0.0.1/," * 11)
    message = "attachmentUrls: at most 10 documents are fetched."
    assert refused(answer) == (400, "InvalidInputError", message)
