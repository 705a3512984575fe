"""Sending: by URL, by multipart, under each type that JSON may come as."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
import requests

from tests.receiver import Receiver
from tests.vendors.kazoo.conftest import NUMBER, UNTRIED, Kazoo, parts

EXAMPLE = {
    "document": {"url": "http://myserver.com/fax.pdf", "method": "get"},
    "retries": 3,
    "from_name": "Test Fax",
    "from_number": NUMBER,
    "to_name": "To Name",
    "to_number": NUMBER,
}
URLENCODED = "application/x-www-form-urlencoded"


def test_the_documented_example_is_answered_as_documented(kazoo: Kazoo) -> None:
    answer = kazoo.call(
        "PUT", "/faxes", data=json.dumps({"data": EXAMPLE}), headers={"Content-Type": URLENCODED}
    )
    body = answer.json()
    job = body["data"]["id"]
    assert answer.status_code == 201
    assert body == {
        "data": {**EXAMPLE, "attempts": 0, "tx_result": UNTRIED, "fax_timezone": "undefined", "id": job},
        "revision": body["revision"],
        "request_id": body["request_id"],
        "status": "success",
        "auth_token": kazoo.token,
    }
    assert re.fullmatch(r"[0-9a-f]{32}", job)
    assert re.fullmatch(r"1-[0-9a-f]{32}", body["revision"])
    assert re.fullmatch(r"[0-9a-f]{32}", body["request_id"])
    assert answer.headers["ETag"] == f'"{body["revision"]}"'
    assert answer.headers["X-Request-ID"] == body["request_id"]
    assert answer.headers["Expires"] == "Fri, 01 Jan 1999 00:00:00 GMT"
    assert answer.headers["Location"].endswith(f"/v2/accounts/{kazoo.account}/faxes/outgoing/{job}")
    followed = requests.compat.urljoin(kazoo.base, answer.headers["Location"])
    assert kazoo.get(followed)["data"]["id"] == job


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
    request.headers.update({"X-Auth-Token": kazoo.token, **({"Content-Type": kind} if kind else {})})
    with requests.Session() as session:
        answer = session.send(request)
    assert (answer.status_code, answer.json()["data"]["to_name"]) == (201, "To Name")


def test_the_alias_makes_the_same_job(kazoo: Kazoo) -> None:
    made = kazoo.put("/faxes/outgoing", EXAMPLE)
    assert made == {
        **EXAMPLE, "attempts": 0, "tx_result": UNTRIED, "fax_timezone": "undefined", "id": made["id"]
    }  # fmt: skip
    assert kazoo.get(f"/faxes/outgoing/{made['id']}")["data"]["status"] == "pending"


def test_the_documented_alias_line_without_a_body_is_told_what_is_missing(kazoo: Kazoo) -> None:
    assert kazoo.answer("PUT", "/faxes/outgoing", 400)["data"] == {
        "data": {"required": {"message": "Field is required but missing", "value": "data"}}
    }


def test_a_queued_job_reads_as_documented(kazoo: Kazoo) -> None:
    job = kazoo.put("/faxes", EXAMPLE)["id"]
    body = kazoo.get(f"/faxes/outgoing/{job}")
    assert body == {
        "auth_token": kazoo.token,
        "data": {
            **EXAMPLE,
            "attempts": 0,
            "created": kazoo.now(),
            "delivered": "undefined",
            "fax_timezone": "undefined",
            "id": job,
            "status": "pending",
            "tx_result": UNTRIED,
        },
        "request_id": body["request_id"],
        "revision": body["revision"],
        "status": "success",
    }


def test_unknown_keys_are_kept_and_the_system_keys_are_set_anew(kazoo: Kazoo) -> None:
    made = kazoo.put(
        "/faxes", EXAMPLE | {"flags": ["a"], "attempts": 4, "tx_result": {"success": True}, "retries": "2"}
    )
    assert made == {
        **EXAMPLE,
        "flags": ["a"],
        "attempts": 0,
        "retries": 2,
        "tx_result": UNTRIED,
        "fax_timezone": "undefined",
        "id": made["id"],
    }


def test_retries_default_to_one_and_the_method_to_get(kazoo: Kazoo) -> None:
    made = kazoo.put(
        "/faxes", {"document": {"url": "http://x.test/a"}, "from_number": NUMBER, "to_number": NUMBER}
    )
    assert (made["retries"], made["document"]) == (1, {"url": "http://x.test/a", "method": "get"})


@pytest.mark.parametrize("order", [1, -1])
def test_parts_are_told_apart_by_their_types_in_any_order(kazoo: Kazoo, one_page: bytes, order: int) -> None:
    meta = {"data": {"from_number": NUMBER, "to_number": NUMBER}}
    answer = kazoo.call("PUT", "/faxes", files=parts(meta, one_page)[::order])
    assert answer.status_code == 201
    job = answer.json()["data"]["id"]
    assert kazoo.get(f"/faxes/outgoing/{job}")["data"]["status"] == "attaching_files"
    kazoo.control.advance()
    assert kazoo.control.faxes()[0]["pages"] == {"total": 1, "sent": 1}


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
    assert kazoo.call("PUT", "/faxes", **body).status_code == 201
    assert kazoo.control.faxes()[0]["pages"]["total"] == 3


@pytest.mark.parametrize(
    ("encoding", "encode"), [("base64", base64.encodebytes), ("BASE64", base64.b64encode), ("8bit", bytes)]
)
def test_a_part_in_a_transfer_encoding_is_decoded(
    kazoo: Kazoo, three_pages: bytes, encoding: str, encode: Any
) -> None:
    head = f"Content-Type: application/pdf\r\nContent-Transfer-Encoding: {encoding}"
    body = multipart((JSON_HEAD, META), (head, encode(three_pages)))
    assert kazoo.call("PUT", "/faxes", **body).status_code == 201
    assert kazoo.control.faxes()[0]["pages"]["total"] == 3


def test_a_part_without_a_type_is_the_envelope_when_it_is_json(kazoo: Kazoo, one_page: bytes) -> None:
    body = multipart(
        ('Content-Disposition: form-data; name="meta"', META),
        ('Content-Disposition: form-data; name="note"', b"neither JSON nor a file"),
        ('Content-Disposition: form-data; name="file"; filename="a.pdf"', one_page),
        subtype="form-data",
    )
    assert kazoo.call("PUT", "/faxes", **body).status_code == 201
    assert kazoo.control.faxes()[0]["pages"]["total"] == 1


def test_a_tiff_is_sent_with_its_pages(kazoo: Kazoo, document: Any) -> None:
    kazoo.send(document("scan.tiff"), kind="image/tiff")
    fax = kazoo.control.faxes()[0]
    assert fax["pages"]["total"] >= 1
    assert fax["document"]["problem"] is None


def test_a_bare_file_takes_its_numbers_from_the_query(kazoo: Kazoo, one_page: bytes) -> None:
    headers = {"Content-Type": "application/pdf"}
    numbers = {"from_number": NUMBER, "to_number": NUMBER}
    made = kazoo.answer("PUT", "/faxes", 201, data=one_page, headers=headers, params=numbers)["data"]
    assert (made["from_number"], made["to_number"]) == (NUMBER, NUMBER)
    wrong = kazoo.answer("PUT", "/faxes", 400, data=one_page, headers=headers)
    assert wrong["data"] == {
        name: {"required": {"message": "Field is required but missing", "value": name}} for name in numbers
    }


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
    kazoo.put("/faxes", {"document": document, "from_number": NUMBER, "to_number": NUMBER})
    kazoo.control.advance()
    asked = receiver.wait(1)[0]
    assert (asked.method, asked.path, asked.body) == ("POST", "/fax", b"id=7")
    shown = {name: asked.header(name) for name in ("Host", "Referer", "Content-Type")}
    assert shown == {
        "Host": "docs.example", "Referer": "http://ref.example/", "Content-Type": "application/x-query"
    }  # fmt: skip
    fax = kazoo.control.faxes()[0]
    assert (fax["state"], fax["pages"]) == ("delivered", {"total": 3, "sent": 3})


def test_a_posted_fetch_without_a_type_is_plain_text(kazoo: Kazoo, receiver: Receiver) -> None:
    document = {"url": f"{receiver.url}/fax", "method": "post", "content": "x"}
    kazoo.put("/faxes", {"document": document, "from_number": NUMBER, "to_number": NUMBER})
    kazoo.control.advance()
    assert receiver.wait(1)[0].header("Content-Type") == "text/plain"


def test_a_fetched_tiff_is_sent_as_pdf(kazoo: Kazoo, receiver: Receiver, document: Any) -> None:
    receiver.answer(200, body=document("scan.tiff"))
    made = kazoo.put(
        "/faxes", {"document": {"url": receiver.url}, "from_number": NUMBER, "to_number": NUMBER}
    )
    kazoo.control.advance()
    stored = next(row for row in kazoo.get("/faxes/outbox")["data"] if row["id"].endswith(made["id"]))
    answer = kazoo.call("GET", f"/faxes/outbox/{stored['id']}/attachment")
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_post_that_names_its_method_is_taken_for_it(kazoo: Kazoo) -> None:
    assert kazoo.call("POST", "/faxes?verb=PUT", json={"data": EXAMPLE}).status_code == 201
    assert kazoo.call("POST", "/faxes", json={"data": EXAMPLE, "verb": "put"}).status_code == 201
    assert kazoo.call("POST", "/faxes/outgoing", json={"verb": "GET"}).json()["page_size"] == 2
    assert kazoo.call("POST", "/faxes/nowhere", json={"verb": "GET"}).status_code == 404
    assert kazoo.call("POST", "/faxes", json={"data": EXAMPLE, "verb": "TRACE"}).status_code == 405
