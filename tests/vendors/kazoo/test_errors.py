"""What is wrong with a call, in the order in which the server looks; and whatever else a client may send."""

from __future__ import annotations

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import Control
from tests.vendors.kazoo.conftest import GOOD, NUMBER, REQUIRED, Kazoo, parts, rule
from tests.vendors.kazoo.test_auth import plain, refusal

BAD_JSON = (
    "validation error",
    {"json": {"invalid": {"message": "All JSON must be valid", "target": "body"}}},
)
TOO_LARGE = {
    "file": {
        "maxSize": {"message": "Payload or Files must not be more than 8000000 bytes", "target": 8000000}
    }
}
NOWHERE = "f" * 32


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"\xff\xfe", b"[1,", b'{"data": NaN}', b'{"data": Infinity}', b'{"data": 1e999}', b"\x00",
        b'{"data": "\\ud800"}', b"[" * 200_000, b'{"a":' * 500 + b"1" + b"}" * 500, b"a=b", b"9" * 5000,
        '{"data": {}}'.encode("utf-16"),
    ],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
def test_bad_json_is_refused(kazoo: Kazoo, content: bytes) -> None:
    answer = kazoo.call("PUT", "/faxes", data=content)
    assert answer.status_code == 400
    refusal(*BAD_JSON, answer)


@pytest.mark.parametrize("envelope", [[], "text", 5, None, {"data": "x"}, {"data": None}, {"data": []}, {}])
def test_an_envelope_without_an_object_of_data_is_refused(kazoo: Kazoo, envelope: Any) -> None:
    data = kazoo.answer("PUT", "/faxes", 400, data=json.dumps(envelope))["data"]
    if envelope in ({}, None):
        assert data == {"data": {"required": rule(REQUIRED, value="data")}}
    else:
        field, value = ("data", envelope["data"]) if isinstance(envelope, dict) else ("body", envelope)
        wrong = rule("Value did not match type(s): object", target="object", value=value)
        assert data == {field: {"type": wrong}}


def test_a_duplicate_key_counts_the_last_time(kazoo: Kazoo) -> None:
    text = json.dumps({"data": GOOD}).replace('"from_number"', '"to_number": "x", "from_number"')
    assert kazoo.answer("PUT", "/faxes", 201, data=text)["data"]["to_number"] == NUMBER


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("multipart/mixed", b"--x\r\n\r\n--x--"),
        ("multipart/mixed; boundary=", b"--\r\n"),
        (f"multipart/mixed; boundary={'x' * 300}", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: application/json\r\n\r\n{\r\n--x--"),
    ],
)
def test_bad_parts_are_refused(kazoo: Kazoo, kind: str, content: bytes) -> None:
    answer = kazoo.call("PUT", "/faxes", data=content, headers={"Content-Type": kind})
    assert answer.status_code == 400
    refusal(*BAD_JSON, answer)


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"--x", b"--x--", b"--x\r\n--x--\r\n", b"--x\r\nContent-Type\r\n\r\n", b"--x\r\n" * 3000,
     b"--x\r\nContent-Disposition: form-data; filename*=x''%ff\r\n\r\nab\r\n--x--",
     b"--x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n=\r\n--x--"],
    ids=repr,
)  # fmt: skip
def test_parts_without_an_envelope_are_told_what_is_missing(kazoo: Kazoo, content: bytes) -> None:
    headers = {"Content-Type": "multipart/mixed; boundary=x"}
    answer = kazoo.answer("PUT", "/faxes", 400, data=content, headers=headers)
    assert answer["data"] == {"data": {"required": rule(REQUIRED, value="data")}}


def test_too_large_a_body_is_refused(kazoo: Kazoo) -> None:
    answer = kazoo.call("PUT", "/faxes", data=b" " * 8_000_001)
    assert answer.status_code == 413
    refusal("validation error", TOO_LARGE, answer)
    meta = {"data": {"from_number": NUMBER, "to_number": NUMBER}}
    answer = kazoo.call("PUT", "/faxes", files=parts(meta, b"x" * 8_000_000))
    assert answer.status_code == 413


def test_a_type_that_is_not_taken_is_refused_without_a_word(kazoo: Kazoo) -> None:
    for path, kind in (("/faxes", "text/plain"), ("/faxes", "image/png"), ("/faxboxes", "application/pdf")):
        answer = kazoo.call("PUT", path, data=b"x", headers={"Content-Type": kind})
        assert (answer.status_code, answer.content) == (415, b"")
        assert "Content-Type" not in answer.headers
        assert len(answer.headers["X-Request-ID"]) == 32


def test_a_type_that_is_not_given_is_refused_without_a_word(kazoo: Kazoo) -> None:
    for options in ({"headers": {"Accept": "text/html"}}, {"params": {"accept": "image/png"}}):
        answer = kazoo.call("GET", "/faxes/outgoing", **options)
        assert (answer.status_code, answer.content) == (406, b"")
    for said in ("application/json", "application/*", "*/*", "text/html, application/json;q=0.1"):
        assert kazoo.call("GET", "/faxes/outgoing", headers={"Accept": said}).status_code == 200


UNKNOWN_PATHS = [
    "/faxes/foo", "/faxes/inbox/x/foo", "/faxes/outgoing/x/attachment", "/nowhere", "//faxes/outgoing",
    "/faxes/outbox/x/attachment/y",
]  # fmt: skip


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_an_unknown_path_is_not_found(kazoo: Kazoo, path: str) -> None:
    answer = kazoo.call("GET", path)
    assert answer.status_code == 404
    refusal("not_found", {"message": "not found"}, answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/faxes"),
        ("POST", "/faxes"),
        ("PUT", "/faxes/outbox"),
        ("DELETE", "/faxes/outgoing/x"),
        ("POST", "/faxes/outgoing/x"),
        ("PATCH", "/faxes/outgoing/x"),
        ("POST", "/faxes/outbox"),
        ("PUT", "/faxes/smtplog"),
        ("PUT", "/faxes/inbox"),
        ("OPTIONS", "/faxes"),
        ("DELETE", "/faxes/incoming/x"),
    ],
)
def test_another_method_of_a_known_path_is_invalid(kazoo: Kazoo, method: str, path: str) -> None:
    answer = kazoo.call(method, path, json={"data": {}})
    assert answer.status_code == 405
    refusal("invalid_method", {"message": "method not allowed"}, answer)


def test_a_trailing_slash_is_tolerated(kazoo: Kazoo) -> None:
    assert kazoo.call("GET", "/faxes/outgoing/").status_code == 200
    assert kazoo.call("PUT", "/faxes/", json={"data": GOOD}).status_code == 201


@pytest.mark.parametrize(
    "path",
    [
        "/faxes/outgoing/x",
        "/faxes/outbox/x",
        "/faxes/inbox/x",
        "/faxes/incoming/x",
        "/faxes/smtplog/x",
        "/faxes/outbox/x/attachment",
        "/faxes/inbox/x/attachment",
        "/faxboxes/x",
        "/webhooks/x",
        "/webhooks/x/attempts",
    ],
)
def test_an_unknown_id_is_a_bad_identifier(kazoo: Kazoo, path: str) -> None:
    answer = kazoo.call("GET", path)
    assert answer.status_code == 404
    refusal("bad_identifier", {"cause": "x", "message": "bad identifier"}, answer)


def test_a_malformed_account_and_an_unknown_one_are_told_apart(kazoo: Kazoo) -> None:
    answer = kazoo.call("GET", f"{kazoo.root}/accounts/short/faxes/outgoing")
    assert answer.status_code == 404
    refusal("bad identifier", {"message": "invalid account_id 'short'"}, answer)
    answer = kazoo.call("GET", f"{kazoo.root}/accounts/{NOWHERE}/faxes/outgoing")
    assert answer.status_code == 404
    refusal("bad_identifier", {"cause": NOWHERE, "message": "bad identifier"}, answer)


def test_checks_come_in_their_order(kazoo: Kazoo, server: Control) -> None:
    """Body, path, account, token, permission, types, validation: each hides those behind it."""
    other = Kazoo(server.create())
    wrong = {"headers": {"Content-Type": "text/plain", "Accept": "text/html"}}
    known, unknown = f"{kazoo.base}/faxes", f"{kazoo.root}/accounts/{NOWHERE}/faxes"

    def status(method: str, url: str, token: str = "", **options: Any) -> int:
        headers = {"X-Auth-Token": token, **options.pop("headers", {})}
        return plain(method, url, headers=headers, **options).status_code

    assert status("GET", f"{unknown}/foo", data=b"{") == 400
    assert status("PUT", f"{unknown}/foo", **wrong, data="x") == 404
    assert status("GET", unknown, **wrong) == 405
    assert status("PUT", unknown, **wrong, data="x") == 404
    assert status("PUT", known, **wrong, data="x") == 401
    assert status("PUT", known, other.token, **wrong, data="x") == 403
    assert status("PUT", known, kazoo.token, **wrong, data="x") == 415
    assert status("PUT", known, kazoo.token, headers={"Accept": "text/html"}, json={"data": {}}) == 406
    assert status("PUT", known, kazoo.token, json={"data": {}}) == 400


def test_the_callers_request_id_comes_back(kazoo: Kazoo) -> None:
    for path in ("/faxes/outgoing", "/faxes/foo"):
        answer = kazoo.call("GET", path, headers={"X-Request-ID": "my-own id 7"})
        assert answer.json()["request_id"] == answer.headers["X-Request-ID"] == "my-own id 7"
    odd = kazoo.call("GET", "/faxes/foo", headers={"X-Request-ID": "x" * 300}).json()["request_id"]
    assert len(odd) == 32


def test_an_answer_is_indented_on_wish(kazoo: Kazoo) -> None:
    assert kazoo.call("GET", "/faxes/outgoing?pretty_print=true").text.startswith('{\n    "auth_token"')
    pretty = kazoo.call("GET", "/faxes/outgoing", headers={"X-Pretty-Print": "true"})
    assert pretty.text.startswith('{\n    "auth_token"')


@pytest.mark.parametrize(
    ("code", "status", "data"),
    [
        ("datastore_conflict", 409, {"message": "conflicting documents"}),
        ("datastore_fault", 503, {"cause": "no attachment found"}),
        ("datastore_unreachable", 503, {}),
        ("datastore_missing", 503, {}),
        ("no_credit", 402, {}),
        ("locked", 423, {}),
        ("range not satisfiable", 416, {}),
        ("error when resubmitting fax", 500, {"message": "error when resubmitting fax"}),
        ("error when forwarding fax", 500, {"message": "error when forwarding fax"}),
    ],
)
def test_a_scenario_names_an_error(kazoo: Kazoo, code: str, status: int, data: dict[str, Any]) -> None:
    kazoo.scenario(http={"code": code})
    answer = kazoo.call("PUT", "/faxes", json={"data": GOOD})
    assert answer.status_code == status
    refusal(code, data, answer)


@pytest.mark.parametrize(
    ("digits", "status", "message", "data"),
    [("06", 402, "no_credit", {}), ("13", 403, "forbidden", {"message": "forbidden"}),
     ("20", 500, "datastore_fault", {"message": "datastore fault"}),
     ("21", 429, "too_many_requests", {"message": "too many requests"})],
)  # fmt: skip
def test_magic_numbers_that_are_refused(
    kazoo: Kazoo, digits: str, status: int, message: str, data: dict[str, Any]
) -> None:
    answer = kazoo.call("PUT", "/faxes", json={"data": GOOD | {"to_number": f"150055500{digits}"}})
    assert answer.status_code == status
    refusal(message, data, answer)


def test_a_restricted_number_is_forbidden(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", restricted_numbers=["+1 888 473 2963"])
    answer = kazoo.call("PUT", "/faxes", json={"data": GOOD})
    assert answer.status_code == 403
    refusal("forbidden", {"message": "forbidden"}, answer)


def test_raw_requests_never_break_the_server(kazoo: Kazoo) -> None:
    address = urlsplit(kazoo.base)
    for head in (b"X-Auth-Token: \xff\xfe", b'Content-Type: multipart/mixed; boundary="', b"Accept: ;;;,,/"):
        path = f"{address.path}/faxes/outgoing?page_size=%ff&start_key=%00"
        request = (
            b"PUT %b HTTP/1.1\r\nHost: localhost\r\n%b\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
        )
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall(request % (path.encode(), head))
            first = connection.makefile("rb").readline()
        assert b" 4" in first
