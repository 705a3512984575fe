"""Sending: by URL, by multipart, under each type that JSON may come as."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
import requests

from tests.receiver import Receiver
from tests.vendors.kazoo.client import (
    ASKED,
    BY_URL,
    INVALID_METHOD,
    NO_DATA,
    NOT_FOUND,
    NUMBER,
    UNTRIED,
    Kazoo,
    check,
    parts,
)
from tests.vendors.kazoo.expected import faxed, job, listed, made, sent
from tests.vendors.kazoo.rules import required

EXAMPLE = {
    "document": {"url": "http://myserver.com/fax.pdf", "method": "get"},
    "retries": 3,
    "from_name": "Test Fax",
    "from_number": NUMBER,
    "to_name": "To Name",
    "to_number": NUMBER,
}
URLENCODED = "application/x-www-form-urlencoded"


ANSWERED = {**EXAMPLE, "attempts": 0, "tx_result": UNTRIED, "fax_timezone": "undefined"}
"""What the example is answered with, but for its id."""


def assert_made(kazoo: Kazoo, answer: requests.Response, data: dict[str, Any] = ANSWERED) -> str:
    """Compare the whole answer of a create; give the job's id."""
    body = check(answer, kazoo.token)
    fax = str(body["data"]["id"])
    assert (answer.status_code, body["data"]) == (201, {**data, "id": fax})
    assert re.fullmatch(r"[0-9a-f]{32}", fax)
    assert re.fullmatch(r"1-[0-9a-f]{32}", body["revision"])
    assert answer.headers["Location"] == f"/kazoo/v2/accounts/{kazoo.account}/faxes/outgoing/{fax}"
    return fax


def test_the_documented_example_is_answered_as_documented(kazoo: Kazoo) -> None:
    answer = kazoo.call(
        "PUT", "/faxes", data=json.dumps({"data": EXAMPLE}), headers={"Content-Type": URLENCODED}
    )
    fax = assert_made(kazoo, answer)
    assert list(answer.json()) == ["data", "revision", "request_id", "status", "auth_token"]
    followed = requests.compat.urljoin(kazoo.base, answer.headers["Location"])
    assert kazoo.get(followed)["data"] == job(fax, kazoo.now(), **EXAMPLE)


def test_a_revision_stands_for_one_state_of_a_document(kazoo: Kazoo, one_page: bytes) -> None:
    def revision(path: str, method: str = "GET") -> str:
        return str(kazoo.answer(method, path)["revision"])

    made = kazoo.call("PUT", "/faxes", json={"data": EXAMPLE}).json()
    job = f"/faxes/outgoing/{made['data']['id']}"
    assert made["revision"] == revision(job) == revision(job)
    kazoo.control.advance(by=6)
    assert revision(job) != made["revision"]
    sent = f"/faxes/outbox/{kazoo.sent(one_page)['id']}"
    before = revision(sent)
    after = revision(f"{sent}/attachment", "DELETE")
    assert after == revision(sent) != before
    assert int(after.split("-")[0]) == int(before.split("-")[0]) + 1


@pytest.mark.parametrize("kind", [URLENCODED, "application/json", "application/x-json", None])
def test_json_is_taken_under_each_of_its_types(kazoo: Kazoo, kind: str | None) -> None:
    request = requests.Request("PUT", f"{kazoo.base}/faxes", data=json.dumps({"data": EXAMPLE})).prepare()
    request.headers.pop("Content-Type", None)
    own = {"X-Auth-Token": kazoo.token, "X-Request-ID": ASKED}
    request.headers.update({**own, **({"Content-Type": kind} if kind else {})})
    with requests.Session() as session:
        answer = session.send(request)
    assert_made(kazoo, answer)


def test_the_alias_makes_the_same_job(kazoo: Kazoo) -> None:
    fax = assert_made(kazoo, kazoo.call("PUT", "/faxes/outgoing", json={"data": EXAMPLE}))
    assert kazoo.get(f"/faxes/outgoing/{fax}")["data"] == job(fax, kazoo.now(), **EXAMPLE)


def test_the_documented_alias_line_without_a_body_is_told_what_is_missing(kazoo: Kazoo) -> None:
    kazoo.refused("PUT", "/faxes/outgoing", NO_DATA)


def test_unknown_keys_are_kept_and_the_system_keys_are_set_anew(kazoo: Kazoo) -> None:
    wanted = EXAMPLE | {"flags": ["a"], "attempts": 99, "tx_result": {"success": True}, "retries": "2"}
    answer = kazoo.call("PUT", "/faxes", json={"data": wanted})
    assert_made(kazoo, answer, {**ANSWERED, "flags": ["a"], "retries": 2})


def test_retries_default_to_one_and_the_method_to_get(kazoo: Kazoo) -> None:
    data = {"document": {"url": "http://x.test/a"}, "from_number": NUMBER, "to_number": NUMBER}
    fax = kazoo.put("/faxes", data)
    assert fax == made(fax["id"], document={"url": "http://x.test/a", "method": "get"})


def assert_uploaded(kazoo: Kazoo, answer: requests.Response, pages: int) -> None:
    """Compare the whole answer of an upload and the whole of what it becomes: a fax of so many pages."""
    created = kazoo.now()
    plain = {key: value for key, value in made("").items() if key != "id"}
    fax = assert_made(kazoo, answer, plain)
    assert kazoo.get(f"/faxes/outgoing/{fax}")["data"] == job(fax, created, "attaching_files")
    kazoo.control.advance()
    elapsed = {1: 43, 2: 63, 3: 83}[pages]
    result = faxed(elapsed=elapsed, pages=pages)
    assert kazoo.ended(fax) == listed(sent(f"201603-{fax}", created, result))


@pytest.mark.parametrize("order", [1, -1])
def test_parts_are_told_apart_by_their_types_in_any_order(kazoo: Kazoo, one_page: bytes, order: int) -> None:
    meta = {"data": {"from_number": NUMBER, "to_number": NUMBER}}
    assert_uploaded(kazoo, kazoo.call("PUT", "/faxes", files=parts(meta, one_page)[::order]), 1)


def multipart(*pieces: tuple[str, bytes], subtype: str = "mixed") -> dict[str, Any]:
    """Give a multipart body as curl writes it with its type set by hand."""
    lines = [f"--edge\r\n{head}\r\n\r\n".encode() + content for head, content in pieces]
    body = b"\r\n".join(lines) + b"\r\n--edge--\r\n"
    return {"data": body, "headers": {"Content-Type": f"multipart/{subtype}; boundary=edge"}}


META = json.dumps({"data": {"from_number": NUMBER, "to_number": NUMBER}}).encode()
JSON_HEAD = "Content-Type: application/json"


def test_multipart_mixed_is_taken_and_the_last_file_wins(
    kazoo: Kazoo, one_page: bytes, three_pages: bytes
) -> None:
    body = multipart(
        ("Content-Type: application/pdf", one_page),
        (JSON_HEAD, META),
        (
            'Content-Disposition: form-data; name="x"; filename="b.pdf"\r\nContent-Type: application/pdf',
            three_pages,
        ),
    )
    assert_uploaded(kazoo, kazoo.call("PUT", "/faxes", **body), 3)


@pytest.mark.parametrize(
    ("encoding", "encode"), [("base64", base64.encodebytes), ("BASE64", base64.b64encode), ("8bit", bytes)]
)
def test_a_part_in_a_transfer_encoding_is_decoded(
    kazoo: Kazoo, three_pages: bytes, encoding: str, encode: Any
) -> None:
    head = f"Content-Type: application/pdf\r\nContent-Transfer-Encoding: {encoding}"
    body = multipart((JSON_HEAD, META), (head, encode(three_pages)))
    assert_uploaded(kazoo, kazoo.call("PUT", "/faxes", **body), 3)


def test_a_part_without_a_type_is_the_envelope_when_it_is_json(kazoo: Kazoo, one_page: bytes) -> None:
    body = multipart(
        ('Content-Disposition: form-data; name="meta"', META),
        ('Content-Disposition: form-data; name="note"', b"neither JSON nor a file"),
        ('Content-Disposition: form-data; name="file"; filename="a.pdf"', one_page),
        subtype="form-data",
    )
    assert_uploaded(kazoo, kazoo.call("PUT", "/faxes", **body), 1)


def test_a_tiff_is_sent_with_its_pages(kazoo: Kazoo, document: Any) -> None:
    meta = {"data": {"from_number": NUMBER, "to_number": NUMBER}}
    files = parts(meta, document("scan.tiff"), "image/tiff")
    assert_uploaded(kazoo, kazoo.call("PUT", "/faxes", files=files), 2)


def test_a_bare_file_takes_its_numbers_from_the_query(kazoo: Kazoo, one_page: bytes) -> None:
    asked: dict[str, Any] = {"data": one_page, "headers": {"Content-Type": "application/pdf"}}
    numbers = {"from_number": NUMBER, "to_number": NUMBER}
    assert_uploaded(kazoo, kazoo.call("PUT", "/faxes", params=numbers, **asked), 1)
    rules = {name: required(name) for name in numbers}
    kazoo.refused("PUT", "/faxes", (400, "validation error", rules), **asked)


def test_a_document_is_fetched_with_the_headers_that_its_client_wants(
    kazoo: Kazoo, receiver: Receiver, three_pages: bytes
) -> None:
    receiver.answer(200, body=three_pages)
    document = {
        "url": f"{receiver.url}/fax",
        "method": "post",
        "host": "docs.example",
        "referer": "http://ref.example/",
        "content": "id=7",
        "content_type": "application/x-query",
    }
    created, fax = kazoo.now(), kazoo.put("/faxes", {**BY_URL, "document": document})["id"]
    kazoo.control.advance()
    asked = receiver.wait(1)[0]
    assert (asked.method, asked.path, asked.body) == ("POST", "/fax", b"id=7")
    shown = {name: asked.header(name) for name in ("Host", "Referer", "Content-Type")}
    assert shown == {
        "Host": "docs.example", "Referer": "http://ref.example/", "Content-Type": "application/x-query"
    }  # fmt: skip
    whole = sent(f"201603-{fax}", created, faxed(elapsed=83, pages=3), document=document)
    assert kazoo.ended(fax) == listed(whole)


def test_a_posted_fetch_without_a_type_is_plain_text(kazoo: Kazoo, receiver: Receiver) -> None:
    document = {"url": f"{receiver.url}/fax", "method": "post", "content": "x"}
    kazoo.put("/faxes", {"document": document, "from_number": NUMBER, "to_number": NUMBER})
    kazoo.control.advance()
    assert receiver.wait(1)[0].header("Content-Type") == "text/plain"


def test_a_fetched_tiff_stays_a_tiff_and_is_a_pdf_on_wish(
    kazoo: Kazoo, receiver: Receiver, document: Any
) -> None:
    receiver.answer(200, body=document("scan.tiff"))
    fax = kazoo.put("/faxes", {**BY_URL, "document": {"url": receiver.url}})["id"]
    kazoo.control.advance()
    path = f"/faxes/outbox/201603-{fax}/attachment"
    answer = kazoo.call("GET", path)
    assert (answer.headers["Content-Type"], answer.content) == ("image/tiff", document("scan.tiff"))
    answer = kazoo.call("GET", path, headers={"Accept": "application/pdf"})
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_post_that_names_its_method_is_taken_for_it(kazoo: Kazoo) -> None:
    first = assert_made(kazoo, kazoo.call("POST", "/faxes?verb=PUT", json={"data": EXAMPLE}))
    second = assert_made(kazoo, kazoo.call("POST", "/faxes", json={"data": EXAMPLE, "verb": "put"}))
    rows = kazoo.answer("POST", "/faxes/outgoing", json={"verb": "GET"})["data"]
    assert [row["id"] for row in rows] == [second, first]
    kazoo.refused("POST", "/faxes/nowhere", NOT_FOUND, token="", json={"verb": "GET"})
    kazoo.refused("POST", "/faxes", INVALID_METHOD, token="", json={"data": EXAMPLE, "verb": "TRACE"})
