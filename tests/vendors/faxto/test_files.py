"""Documents: upload, list, delete, clean, preview."""

from __future__ import annotations

import io
from typing import Any

import pytest
import requests
from PIL import Image

from tests.conftest import WAIT, Control
from tests.receiver import Receiver
from tests.vendors.faxto.conftest import Faxto


def test_upload_answers_with_the_documented_object(faxto: Faxto) -> None:
    faxto.control.advance(to="2100-08-03T12:00:00Z")
    content = faxto.document("three-pages.pdf")
    body = faxto.call("POST", "/files", files={"file": ("Letter.PDF", content, "application/octet-stream")})
    document = body["document_id"]
    stem = body["document"]["orig_filename"].removesuffix(".pdf")
    user = body["document"]["user_id"]
    assert (len(stem), type(user), type(document)) == (13, int, int)
    assert body == {
        "status": "Success",
        "document_id": document,
        "total_pages": 3,
        "document": {
            "filename": f"{stem}.pdf.tiff",
            "filename_uploaded": "Letter.PDF",
            "orig_filename": f"{stem}.pdf",
            "file_extension": "pdf",
            "total_pages": 3,
            "filesize": len(content),
            "preview_in_storage": 0,
            "preview_file": f"{stem}.pdf.preview.jpg",
            "preview_image": None,
            "s3": None,
            "user_id": user,
            "updated_at": "2100-08-03 12:00:00",
            "created_at": "2100-08-03 12:00:00",
            "id": document,
        },
    }


def test_profile_has_the_upload_say_success_in_lower_case(faxto: Faxto) -> None:
    faxto.control.vendor("faxto", profile={"upload_status": "success"})
    assert faxto.call("POST", "/files", files={"file": ("a.pdf", b"x")})["status"] == "success"


@pytest.mark.parametrize(
    ("name", "pages", "extension"),
    [("photo.png", 1, "png"), ("photo.jpg", 1, "jpg"), ("scan.tiff", 2, "tiff"), ("letter.txt", 1, "txt")],
)
def test_pictures_and_text_become_pages(faxto: Faxto, name: str, pages: int, extension: str) -> None:
    body = faxto.call("POST", "/files", files={"file": (name, faxto.document(name))})
    assert body["document"]["file_extension"] == extension
    job = faxto.send(document=body["document_id"])
    faxto.control.advance()
    assert faxto.status(job)[0] == "success"
    assert faxto.control.faxes()[0]["pages"]["sent"] == body["total_pages"] >= pages


def test_remote_file_is_fetched(faxto: Faxto, receiver: Receiver) -> None:
    receiver.answer(200, faxto.document("three-pages.pdf"))
    body = faxto.call("POST", "/files", data={"AddRemoteFile": f"{receiver.url}/some/My%20letter.pdf?x=1"})
    assert body["total_pages"] == 3
    assert body["document"]["filename_uploaded"] == "My letter.pdf"
    assert receiver.requests[0].path == "/some/My%20letter.pdf"


@pytest.mark.parametrize(
    ("path", "kind", "outcome"),
    [
        ("/x.pdf", "", "conversion_failed"),
        ("/x", "application/pdf", "conversion_failed"),
        ("/x.txt", "image/png", "conversion_failed"),
        ("/x.txt", "text/plain", "delivered"),
        ("/x", "", "delivered"),
    ],
)
def test_remote_text_is_sent_unless_it_is_called_something_else(
    faxto: Faxto, receiver: Receiver, path: str, kind: str, outcome: str
) -> None:
    receiver.answer(200, b"not a pdf", headers={"Content-Type": kind} if kind else {})
    body = faxto.call("POST", "/files", data={"AddRemoteFile": receiver.url + path})
    faxto.send(document=body["document_id"])
    faxto.control.advance()
    assert faxto.control.faxes()[0]["outcome"] == outcome


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "x", "", "http://169.254.169.254/latest", "http://127.0.0.1:1/x"]
)
def test_remote_file_that_cannot_be_had_is_a_bad_request(faxto: Faxto, url: str) -> None:
    message = faxto.fail("POST", "/files", 400, data={"AddRemoteFile": url})
    assert message in ("The AddRemoteFile is not a URL", "The AddRemoteFile could not be fetched")


def test_remote_answer_that_is_no_success_is_a_bad_request(faxto: Faxto, receiver: Receiver) -> None:
    receiver.answer(404, b"gone")
    message = faxto.fail("POST", "/files", 400, data={"AddRemoteFile": f"{receiver.url}/x"})
    assert message == "The AddRemoteFile could not be fetched"
    assert faxto.get("/files") == []


def test_upload_without_anything_is_a_bad_request(faxto: Faxto) -> None:
    for options in (
        {},
        {"data": {}},
        {"files": {"document": ("a.pdf", b"x")}},
        {"data": b"%PDF-"},
        {"json": {}},
    ):
        assert faxto.fail("POST", "/files", 400, **options) == "A file or AddRemoteFile is required"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "x" * 500 + ".pdf", "a\\b<c>.exe.verylongextension", "ü📠.pdf", "."]
)
def test_odd_file_names_do_no_harm(faxto: Faxto, name: str) -> None:
    body = faxto.call("POST", "/files", files={"file": (name, faxto.document("one-page.pdf"))})
    assert len(body["document"]["filename_uploaded"]) <= 200
    assert body["document"]["filename"].endswith(".pdf.tiff")
    assert faxto.send(document=body["document_id"])


def test_list_is_a_bare_array_newest_first_and_paged(faxto: Faxto) -> None:
    documents = [faxto.upload("three-pages.pdf") for _ in range(3)][::-1]
    rows = faxto.get("/files")
    size = len(faxto.document("three-pages.pdf"))
    assert [row["id"] for row in rows] == documents
    name = rows[0]["filename"]
    day = faxto.control.now()[:10]
    assert rows[0] == {"id": documents[0], "filename": name, "pages": 3, "size": size, "uploaded": day}
    assert [row["id"] for row in faxto.get("/files", limit=2, page=2)] == documents[2:]


def test_deleted_document_is_gone_and_its_fax_goes_on(faxto: Faxto) -> None:
    document = faxto.upload()
    job = faxto.send(document=document)
    assert faxto.call("DELETE", f"/files/{document}") == {"status": "success"}
    assert faxto.get("/files") == []
    assert faxto.fail("DELETE", f"/files/{document}", 404) == "Resource not found"
    faxto.control.advance()
    assert faxto.status(job)[0] == "success"


@pytest.mark.parametrize("carrier", ["params", "headers"])
def test_cleaned_document_is_flat_with_its_own_spelling(faxto: Faxto, carrier: str) -> None:
    faxto.control.advance(to="2100-08-03T12:00:00Z")
    uploaded = faxto.call("POST", "/files", files={"file": ("a.pdf", faxto.document("one-page.pdf"))})[
        "document"
    ]
    faxto.control.advance(by="1h")
    body = faxto.call("GET", "/file-clean", **{carrier: {"document_id": str(uploaded["id"])}})
    assert body == {
        "status": "success",
        **{name: value for name, value in uploaded.items() if name != "created_at"},
        "filesize": str(uploaded["filesize"]),
        "updated_at": "2100-08-03 13:00:00",
        "created date": "2100-08-03 12:00:00",
        "server_document_id": None,
        "team_user_id": None,
    }


@pytest.mark.parametrize("carrier", ["params", "headers"])
def test_preview_is_a_picture_that_exists(faxto: Faxto, carrier: str) -> None:
    document = faxto.upload("three-pages.pdf")
    body = faxto.call("GET", "/file-generate-preview", **{carrier: {"document_id": str(document)}})
    assert list(body) == ["status", "url"]
    answer = requests.get(body["url"], timeout=WAIT)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.width) == ("JPEG", 1728)
    cleaned = faxto.get("/file-clean", document_id=document)
    assert (cleaned["preview_in_storage"], body["url"].rpartition("/")[2]) == (1, cleaned["preview_file"])


def test_preview_links_cannot_be_guessed(faxto: Faxto, server: Control) -> None:
    document = faxto.upload()
    url = faxto.get("/file-generate-preview", document_id=document)["url"]
    token = url.split("/")[-3]
    assert len(token) == 32
    for wrong in (url.replace(token, "0" * 32), url.replace(str(document), "1"), url.replace(".jpg", ".png")):
        answer = requests.get(wrong, timeout=WAIT)
        assert (answer.status_code, answer.json()["status"]) == (404, "failed")
    faxto.key = token
    assert faxto.fail("GET", "/balance", 401) == "Unauthorized"


def test_preview_of_an_unreadable_document_is_not_found(faxto: Faxto) -> None:
    document = faxto.upload("encrypted.pdf")
    assert (
        faxto.fail("GET", "/file-generate-preview", 404, params={"document_id": document})
        == "Resource not found"
    )


@pytest.mark.parametrize("path", ["/file-clean", "/file-generate-preview"])
def test_unknown_or_missing_document_is_told(faxto: Faxto, path: str) -> None:
    assert faxto.fail("GET", path, 400) == "The document_id is required"
    assert faxto.fail("GET", path, 404, params={"document_id": "1"}) == "Resource not found"
    assert faxto.fail("GET", path, 400, params={"document_id": "x"}) == "The document_id is not valid"
    options: dict[str, Any] = {"headers": {"document_id": "x"}}
    assert faxto.fail("GET", path, 400, **options) == "The document_id is not valid"
