"""What is wrong with a call, in the order in which the server looks; and whatever else a client may send."""

from __future__ import annotations

import json
import re
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.vendors.kazoo.client import (
    BAD_JSON,
    FORBIDDEN,
    GOOD,
    INVALID_METHOD,
    NO_TOKEN,
    NOT_FOUND,
    VALIDATION,
    Kazoo,
    check,
    plain,
    refusal,
    unknown,
)
from tests.vendors.kazoo.rules import required

NOWHERE = "f" * 32


def assert_bare(answer: requests.Response, status: int) -> None:
    """Compare an answer that has no body."""
    assert (answer.status_code, answer.content) == (status, b"")
    assert "Content-Type" not in answer.headers
    assert answer.headers["X-Request-ID"] == "asked by a test"


def test_a_type_that_is_not_taken_is_refused_without_a_word(kazoo: Kazoo) -> None:
    for path, kind in (("/faxes", "text/plain"), ("/faxes", "image/png"), ("/faxboxes", "application/pdf")):
        assert_bare(kazoo.call("PUT", path, data=b"x", headers={"Content-Type": kind}), 415)


def test_a_type_that_is_not_given_is_refused_without_a_word(kazoo: Kazoo) -> None:
    for options in ({"headers": {"Accept": "text/html"}}, {"params": {"accept": "image/png"}}):
        assert_bare(kazoo.call("GET", "/faxes/outgoing", **options), 406)
    for said in ("application/json", "application/*", "*/*", "text/html, application/json;q=0.1"):
        assert kazoo.get("/faxes/outgoing", headers={"Accept": said})["data"] == []


UNKNOWN_PATHS = [
    "/faxes/foo", "/faxes/inbox/x/foo", "/faxes/outgoing/x/attachment", "/nowhere", "//faxes/outgoing",
    "/faxes/outbox/x/attachment/y",
]  # fmt: skip


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_an_unknown_path_is_not_found(kazoo: Kazoo, path: str) -> None:
    kazoo.refused("GET", path, NOT_FOUND, token="")


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
    kazoo.refused(method, path, INVALID_METHOD, token="", json={"data": {}})


def test_a_trailing_slash_is_tolerated(kazoo: Kazoo) -> None:
    job = kazoo.put("/faxes/", GOOD)["id"]
    assert [row["id"] for row in kazoo.get("/faxes/outgoing/")["data"]] == [job]


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
    kazoo.refused("GET", path, unknown("x"))


def test_a_malformed_account_and_an_unknown_one_are_told_apart(kazoo: Kazoo) -> None:
    wrong = (404, "bad identifier", {"message": "invalid account_id 'short'"})
    kazoo.refused("GET", f"{kazoo.root}/accounts/short/faxes/outgoing", wrong, token="")
    kazoo.refused("GET", f"{kazoo.root}/accounts/{NOWHERE}/faxes/outgoing", unknown(NOWHERE), token="")


def test_checks_come_in_their_order(kazoo: Kazoo, server: Control) -> None:
    """Body, path, account, token, permission, types, validation: each hides those behind it."""
    other = Kazoo(server.create())
    wrong = {"headers": {"Content-Type": "text/plain", "Accept": "text/html"}}
    known, unknown_account = f"{kazoo.base}/faxes", f"{kazoo.root}/accounts/{NOWHERE}/faxes"

    def tried(method: str, url: str, token: str = "", **options: Any) -> requests.Response:
        headers = {"X-Auth-Token": token, **options.pop("headers", {})}
        return plain(method, url, headers=headers, **options)

    refusal(tried("GET", f"{unknown_account}/foo", data=b"{"), *BAD_JSON)
    refusal(tried("PUT", f"{unknown_account}/foo", **wrong, data="x"), *NOT_FOUND)
    refusal(tried("GET", unknown_account, **wrong), *INVALID_METHOD)
    refusal(tried("PUT", unknown_account, **wrong, data="x"), *unknown(NOWHERE))
    refusal(tried("PUT", known, **wrong, data="x"), *NO_TOKEN)
    refusal(tried("PUT", known, other.token, **wrong, data="x"), *FORBIDDEN, token=other.token)
    assert_bare(tried("PUT", known, kazoo.token, **wrong, data="x"), 415)
    html = {"headers": {"Accept": "text/html"}}
    assert_bare(tried("PUT", known, kazoo.token, **html, json={"data": {}}), 406)
    missing = {name: required(name) for name in ("from_number", "to_number")}
    empty = tried("PUT", known, kazoo.token, json={"data": {}})
    refusal(empty, 400, VALIDATION, missing, token=kazoo.token)


def test_the_callers_request_id_comes_back_and_another_is_made_without_one(kazoo: Kazoo) -> None:
    for path in ("/faxes/outgoing", "/faxes/foo"):
        answer = kazoo.call("GET", path, headers={"X-Request-ID": "my-own id 7"})
        assert answer.json()["request_id"] == answer.headers["X-Request-ID"] == "my-own id 7"
        for odd in (None, "", "x" * 300):
            answer = kazoo.call("GET", path, headers={"X-Request-ID": odd})
            assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
            assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_an_answer_is_indented_on_wish(kazoo: Kazoo) -> None:
    wishes: list[dict[str, Any]] = [
        {"params": {"pretty_print": "true"}}, {"headers": {"X-Pretty-Print": "true"}}
    ]  # fmt: skip
    for wish in wishes:
        answer = kazoo.call("GET", "/faxes/outgoing", **wish)
        assert answer.text == json.dumps(check(answer, kazoo.token), indent=4, sort_keys=True)


def test_raw_requests_never_break_the_server(kazoo: Kazoo) -> None:
    address = urlsplit(kazoo.base)
    for head in (b"X-Auth-Token: \xff\xfe", b'Content-Type: multipart/mixed; boundary="', b"Accept: ;;;,,/"):
        path = f"{address.path}/faxes/outgoing?page_size=%ff&start_key=%00"
        request = (
            b"PUT %b HTTP/1.1\r\nHost: localhost\r\n%b\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
        )
        with socket.create_connection((address.hostname, address.port), timeout=WAIT) as connection:
            connection.sendall(request % (path.encode(), head))
            first = connection.makefile("rb").readline()
        assert b" 4" in first
