"""Forms as clients really write them: names in old code pages, with paths, and forms that are none."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from tests.conftest import Control, exchange
from tests.sending import pages

TO = "12125550123"
UPLOADS = {
    "kazoo": ("PUT", "/v2/accounts/{account}/faxes"),
    "ifax": ("POST", "/v1/customer/fax-send"),
    "mfax": ("POST", "/v1/faxes"),
    "faxto": ("POST", "/api/v2/fax"),
}
NAMES = {
    "UTF-8": ("счёт.pdf".encode(), "счёт.pdf"),
    "Latin-1": ("Müller.pdf".encode("latin-1"), "Müller.pdf"),
    "Windows-1251": ("счёт.pdf".encode("cp1251"), "счёт.pdf".encode("cp1251").decode("latin-1")),
    "GBK": ("传真.pdf".encode("gbk"), "传真.pdf".encode("gbk").decode("latin-1")),
    "Windows path": (rb"C:\Users\x\a.pdf", "a.pdf"),
    "Windows path, escaped": (rb"C:\\Users\\x\\a.pdf", "a.pdf"),
    "path to a share": (rb"\\server\faxes\a.pdf", "a.pdf"),
    "letters after a backslash that escape elsewhere": (rb"C:\new\table\u0041.pdf", "u0041.pdf"),
    "quotation mark": (rb"a\"b.pdf", 'a"b.pdf'),
    "Windows path in a code page": ("C:\\Büro\\Müller.pdf".encode("latin-1"), "Müller.pdf"),
    "climbing path": (b"../../a.pdf", "a.pdf"),
    "NUL": (b"a\0.pdf", "a.pdf"),
}


def part(head: bytes, content: bytes, *more: bytes) -> bytes:
    heads = b"\r\n".join((b"Content-Disposition: form-data; " + head, *more))
    return b"--xyz\r\n" + heads + b"\r\n\r\n" + content + b"\r\n"


def form(name: bytes) -> bytes:
    letter = json.dumps({"data": {"from_number": TO, "to_number": TO}}).encode()
    file = b'name="file"; filename="' + name + b'"'
    return b"".join(
        (
            part(b'name="letter"', letter, b"Content-Type: application/json"),
            part(b'name="faxNumber"', b"+" + TO.encode()),
            part(b'name="fax_number"', b"+" + TO.encode()),
            part(file, pages(1), b"Content-Type: application/pdf"),
            b"--xyz--\r\n",
        )
    )


def upload(
    control: Control, vendor: str, body: bytes, kind: str = "multipart/form-data; boundary=xyz"
) -> Any:
    method, path = UPLOADS[vendor]
    account = control.client.account(vendor)
    keys = dict(account.credentials)
    if vendor == "mfax":
        headers = {"Authorization": f"Basic {keys['apiKey']}"}
    else:
        headers = {name: value for name, value in keys.items() if name in ("accessToken", "X-Auth-Token")}
    url = account.base_url + path.format(**keys)
    query = keys if vendor == "faxto" else {}
    return exchange(method, url, data=body, params=query, headers=headers | {"Content-Type": kind})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("vendor", UPLOADS)
def test_a_file_keeps_its_base_name_in_any_code_page(control: Control, vendor: str, name: str) -> None:
    sent, kept = NAMES[name]
    answer = upload(control, vendor, form(sent))
    assert answer.ok, answer.text
    (fax,) = control.faxes()
    assert fax["pages"]["total"] == 1
    assert fax["document"]["name"] == kept


NO_FORMS = {
    "it names no boundary": (form(b"a.pdf"), "multipart/form-data"),
    "it has no closing boundary": (form(b"a.pdf")[:-9], "multipart/form-data; boundary=xyz"),
}


@pytest.mark.parametrize("wrong", NO_FORMS)
@pytest.mark.parametrize("vendor", ["ifax", "mfax", "faxto"])
def test_a_form_that_cannot_be_read_is_said_to_be_none(control: Control, vendor: str, wrong: str) -> None:
    answer = upload(control, vendor, *NO_FORMS[wrong])
    assert 400 <= answer.status_code < 500 or vendor == "ifax"
    (request,) = control.call("GET", f"/sandboxes/{control.id}/requests")["requests"]
    assert request["near_misses"] == [f"the form cannot be read: {wrong}"]
    assert control.faxes() == []


@pytest.mark.parametrize("vendor", ["ifax", "mfax"])
def test_a_form_of_too_many_parts_is_said_to_be_one(control: Control, vendor: str) -> None:
    body = part(b'name="a"', b"b") * 10_001 + b"--xyz--\r\n"
    assert upload(control, vendor, body).status_code < 500
    (request,) = control.call("GET", f"/sandboxes/{control.id}/requests")["requests"]
    assert "more than 10000 parts" in request["near_misses"][0]


PATHS = {r"C:\Users\x\a.pdf": "a.pdf", r"\\server\faxes\a.pdf": "a.pdf", "a.pdf": "a.pdf"}


@pytest.mark.parametrize("name", PATHS)
def test_a_file_that_is_named_in_json_keeps_its_base_name(control: Control, name: str) -> None:
    file = {"fileName": name, "fileData": b64encode(pages(1)).decode()}
    body = json.dumps({"faxNumber": "+" + TO, "faxData": [file]}).encode()
    assert upload(control, "ifax", body, "application/json").json()["status"] == 1
    assert control.faxes()[0]["document"]["name"] == PATHS[name]


def test_a_stored_document_of_faxto_keeps_its_base_name(control: Control) -> None:
    account = control.client.account("faxto")
    url, query = account.base_url + "/api/v2", dict(account.credentials)
    sent = form(rb"C:\Users\x\a.pdf")
    kind = {"Content-Type": "multipart/form-data; boundary=xyz"}
    made = exchange("POST", url + "/files", data=sent, params=query, headers=kind).json()
    assert made["document"]["filename_uploaded"] == "a.pdf"
    order = {"fax_number": "+" + TO, "document_id": made["document_id"]}
    exchange("POST", url + "/fax", data=order, params=query)
    assert exchange("GET", url + "/fax-history", params=query).json()["history"][0]["document"] == "a.pdf"
