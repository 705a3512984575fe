"""What is done to one fax: download, update, delete, tag, preview, documents from URLs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from emulator import documents
from tests.conftest import Control
from tests.vendors.mfax.bodies import BODIES, MESSAGES, TAG, fax, listed, whole
from tests.vendors.mfax.conftest import NOWHERE, NUMBER, UNKNOWN, Mfax, error

FIRST = MESSAGES[0]
NO_FAX = error("NotFoundError", "Fax not found.")
NO_FILE = error("NotFoundError", "File not found.")


@pytest.mark.parametrize("as_json", [False, True])
def test_a_fax_is_archived_and_taken_back(mfax: Mfax, pdf: bytes, as_json: bool) -> None:
    mfax.send(pdf)
    path = f"/v1/fax/{FIRST}"
    for wanted in (True, False):
        form = {"json": {"isArchived": wanted}} if as_json else {"data": {"isArchived": str(wanted).lower()}}
        whole(mfax.call("PATCH", path, **form), fax("update", isArchived=wanted))
    whole(mfax.patch(path), fax("update"))
    whole(mfax.patch(path, subject="other"), fax("update"))


def test_a_fax_is_archived_with_true_or_false_only(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    answer = mfax.patch(f"/v1/fax/{FIRST}", isArchived="perhaps")
    whole(answer, error("InvalidInputError", "isArchived: Must be true or false."), 400)


@pytest.mark.parametrize("query", [{}, {"format": "pdf"}])
def test_a_fax_is_downloaded_as_pdf(mfax: Mfax, pdf: bytes, query: dict[str, str]) -> None:
    mfax.send(pdf)
    answer = mfax.get(f"/v1/fax/{FIRST}/download", **query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content == pdf


def test_other_formats_are_not_known(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    answer = mfax.get(f"/v1/fax/{FIRST}/download", format="docx")
    whole(answer, error("InvalidInputError", "format: Must be one of: pdf."), 400)


def test_a_document_that_was_not_rendered_is_not_there(mfax: Mfax) -> None:
    mfax.send(b"\0\1\2")
    whole(mfax.get(f"/v1/fax/{FIRST}/download"), NO_FILE, 404)
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", pagesCount=0))


def test_a_document_that_the_store_let_go_is_purged(forgetful: Control, pdf: bytes) -> None:
    mfax = Mfax(forgetful.create(**BODIES["sandbox"]))
    mfax.send(pdf)
    mfax.send(bytes(2**20))
    whole(mfax.get(f"/v1/fax/{FIRST}/download"), NO_FILE, 404)
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", isFilePurged=True))
    wrong = "InvalidInputError: No files and cover page in to send."
    listed_error = {"input": {"faxNumber": NUMBER}, "error": wrong}
    whole(mfax.post("/v1/fax/resend", messageId=FIRST), {"success": [], "errors": [listed_error]})


def test_a_deleted_fax_is_gone_from_every_answer(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    # The reference's table of this call has the parameters of a send, too.
    answer = mfax.call("DELETE", f"/v1/fax/{FIRST}", data={"coverPage": "false", "tags": "x"})
    whole(answer, "OK")
    for method, path in (("GET", "info"), ("GET", "download"), ("POST", "cancel")):
        whole(mfax.call(method, f"/v1/fax/{FIRST}/{path}"), NO_FAX, 404)
    whole(mfax.get("/v1/fax/history"), listed())
    whole(mfax.delete(f"/v1/fax/{FIRST}"), NO_FAX, 404)


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
@pytest.mark.parametrize("message", [UNKNOWN, "1", "%00", "é"])
def test_an_unknown_fax_is_not_found(mfax: Mfax, method: str, path: str, message: str) -> None:
    whole(mfax.call(method, path.format(message)), NO_FAX, 404)
    nowhere = mfax.call(method, path.format("..%2F.."))
    whole(nowhere, error("NotFoundError", NOWHERE), 404)


def test_preview_gives_the_pdf_that_would_be_sent(mfax: Mfax, document: Callable[[str], bytes]) -> None:
    content = document("three-pages.pdf")
    answer = mfax.upload(
        "/v1/fax/preview",
        ("a.pdf", content),
        coverPage="true",
        recipientName="Ada",
        senderName="Charles",
        subject="Engines",
        callerId="5094570000",
        notes="Read this.",
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    cover, *pages = documents.text_of(answer.content)
    assert cover.splitlines() == [
        "Fax Transmission",
        "To: Ada",
        "From: Charles",
        "Fax:",
        "Fax: 5094570000",
        "RE: Engines",
        "Date: 2026-03-02",
        "Pages: 4",
        "Comments: Read this.",
    ]
    assert pages == documents.text_of(content)
    assert mfax.control.faxes() == []


def test_preview_says_what_cannot_be_rendered(mfax: Mfax, document: Callable[[str], bytes]) -> None:
    answer = mfax.upload("/v1/fax/preview", ("a.pdf", document("encrypted.pdf")))
    whole(answer, error("InvalidInputError", "The file cannot be rendered: encrypted."), 400)
    nothing = error("InvalidInputError", "No files and cover page in to send.")
    whole(mfax.upload("/v1/fax/preview", subject="x"), nothing, 400)


def test_a_tag_is_put_on_a_fax(mfax: Mfax, pdf: bytes) -> None:
    mfax.send(pdf)
    whole(mfax.post("/v1/tags", name="Urgent"), TAG)
    path = f"/v1/fax/{FIRST}/tag"
    for _ in range(2):
        whole(mfax.post(path, tagId=TAG["uuid"]), fax("fax-tag", tags=[TAG]))
    whole(mfax.post(path, tagId=UNKNOWN), error("NotFoundError", "Tag not found."), 404)
    whole(mfax.delete(f"/v1/tag/{TAG['uuid']}"), "OK")
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info"))


FETCHED = {"pagesCount": 4, "pagesComplete": 4}


def test_documents_are_fetched_from_urls(mfax: Mfax, pdf: bytes, receiver: Any) -> None:
    receiver.answer(body=pdf, path="/one.pdf", times=None)
    receiver.answer(body=b"two", path="/two.txt", times=None)
    urls = f"{receiver.url}/one.pdf,{receiver.url}/two.txt"
    answer = mfax.upload(
        "/v1/faxes", ("first.txt", b"first"), faxNumber=NUMBER, coverPage="true", attachmentUrls=urls
    )
    whole(answer, fax("send", pagesCount=2))
    assert receiver.requests == []
    whole(mfax.get(f"/v1/fax/{FIRST}/download"), NO_FILE, 404)
    mfax.control.advance()
    end = {"duration": 69444, "resolvedDate": "2026-03-02T12:01:19.444Z", **FETCHED}
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "success", **end))
    cover, *pages = documents.text_of(mfax.get(f"/v1/fax/{FIRST}/download").content)
    assert cover.splitlines()[0] == "Fax Transmission"
    assert pages == ["first", *documents.text_of(pdf), "two"]


def test_a_document_that_cannot_be_fetched_fails_the_fax(mfax: Mfax, receiver: Any) -> None:
    receiver.answer(404, times=1)
    form = {"faxNumber": NUMBER, "attachmentUrls": f'["{receiver.url}/gone.txt"]'}
    whole(mfax.post("/v1/faxes", **form), fax("send", pagesCount=0))
    mfax.control.advance()
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "unrendered"))
    receiver.answer(body=b"there now", times=None)
    again = fax("resend", 2, pagesCount=0, createdAt="2026-03-02T12:00:01.500Z")
    whole(mfax.post("/v1/fax/resend", messageId=FIRST), {"success": [again], "errors": []})
    mfax.control.advance()
    assert documents.text_of(mfax.get(f"/v1/fax/{MESSAGES[1]}/download").content) == ["there now"]


def test_a_fetched_document_that_cannot_be_rendered_fails_the_fax(mfax: Mfax, receiver: Any) -> None:
    receiver.answer(body=b"\0\1\2", times=None)
    answer = mfax.post("/v1/faxes", faxNumber=NUMBER, attachmentUrls=f"{receiver.url}/x")
    whole(answer, fax("send", pagesCount=0))
    mfax.control.advance()
    whole(mfax.get(f"/v1/fax/{FIRST}/info"), fax("info", 1, "unrendered"))


@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        ("/x.pdf", "", "failed"),
        ("/x", "application/pdf; charset=binary", "failed"),
        ("/x.txt", "image/png", "failed"),
        ("/x.txt", "text/plain", "success"),
        ("/x", "", "success"),
    ],
)
def test_fetched_text_is_sent_unless_it_is_called_something_else(
    mfax: Mfax, receiver: Any, path: str, kind: str, status: str
) -> None:
    receiver.answer(body=b"not a pdf", headers={"Content-Type": kind} if kind else {})
    mfax.post("/v1/faxes", faxNumber=NUMBER, attachmentUrls=receiver.url + path)
    mfax.control.advance()
    assert mfax.get(f"/v1/fax/{FIRST}/info").json()["status"] == status
    problem = None if status == "success" else "text under the name of another type"
    assert mfax.control.faxes()[0]["document"]["problem"] == problem


def test_only_so_many_documents_are_fetched(mfax: Mfax) -> None:
    answer = mfax.post("/v1/faxes", faxNumber=NUMBER, attachmentUrls="http://127.0.0.1/," * 11)
    message = "attachmentUrls: at most 10 documents are fetched."
    whole(answer, error("InvalidInputError", message), 400)
