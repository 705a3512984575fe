"""Input that nobody should send: a documented answer in bounded time, never an HTTP 500 and never HTML."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import requests

from tests.vendors.mfax.bodies import MESSAGES, fax, whole
from tests.vendors.mfax.conftest import NOWHERE, NUMBER, UNKNOWN, Mfax, error, refused
from tests.vendors.mfax.facts import ENDPOINTS, FACTS

ERRORS = {row["name"]: row["status"] for row in FACTS["errors"] if row["name"]}
ERRORS |= {"TooManyRequestsError": 429}
NO_METHOD = error("MethodNotAllowedError", "Method not allowed.")
TWO_PAGES, TWO_DONE = 40472, "2026-03-02T12:00:50.472Z"
"""How long two pages of a strange fax take, in milliseconds, and when they are sent."""
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"

BODIES: dict[str, tuple[str, bytes]] = {
    "nothing": (FORM, b""),
    "not utf-8": (FORM, b"\xff\xfe=\xff&faxNumber=\xff&name=\xff&events=\xff"),
    "array": ("application/json", b"[1, 2]"),
    "null": ("application/json", b"null"),
    "text": ("application/json", b'"text"'),
    "broken json": ("application/json", b'{"name": '),
    "binary json": ("application/json", b"\xff\x00\xfe"),
    "deep json": ("application/json", b'{"events": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "not a number": ("application/json", b'{"isArchived": NaN, "name": Infinity}'),
    "huge number": ("application/json", b'{"limit": ' + b"9" * 10_000 + b"}"),
    "wrong types": (
        "application/json",
        b'{"name": {}, "url": [], "events": 7, "tagId": [null], "isArchived": {}, "email": 1, "label": false,'
        b' "faxNumber": {"a": 1}, "notificationEmails": [1], "enabled": "x", "apiName": []}',
    ),
    "surrogates": ("application/json", b'{"name": "\\ud800", "label": "\\udfff", "apiName": "\\ud800"}'),
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "broken multipart": (MULTIPART, b"--x\r\nContent-Disposition: form-data; name="),
    "nameless part": (MULTIPART, b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n"),
    "no type": ("", b"faxNumber=1"),
    "brackets": (FORM, b"cf[=1&cf[]=2&cf[a][b]=3&cf=4&[x]=5&[]=6&]=7&=8&events[fax.inbound]=true&events[]=1"),
    "repeated": (FORM, b"name=a&name=b&isArchived=true&isArchived=false&url=http://x/&url=http://y/"),
    "nul": (FORM, b"name=%00&url=http://%00/&events=%00&faxNumber=%00"),
}


VALUES = ("nothing", "wrong types", "surrogates", "not utf-8", "repeated", "nul")
"""Bodies that are read, and whose values come as far as an operation's own parameters."""

ROUTES = [
    (name, known[place])
    for name, known in ENDPOINTS.items()
    for place in ("path", "also_path")
    if place in known
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", ["send", "webhook-create"])
def test_any_body_gets_a_known_answer(mfax: Mfax, name: str, body: str) -> None:
    assert_known(given(mfax, name, ENDPOINTS[name]["path"], body), name)


@pytest.mark.parametrize(("name", "path"), [each for each in ROUTES if ENDPOINTS[each[0]]["method"] != "GET"])
def test_wrong_values_get_a_known_answer_everywhere(mfax: Mfax, name: str, path: str) -> None:
    for body in VALUES:
        assert_known(given(mfax, name, path, body), name)


def given(mfax: Mfax, name: str, path: str, body: str) -> requests.Response:
    """Call an operation with one of the bodies."""
    kind, content = BODIES[body]
    return mfax.call(ENDPOINTS[name]["method"], filled(path), data=content, headers={"Content-Type": kind})


def assert_known(answer: requests.Response, name: str) -> None:
    """Check an answer against what is known of the operation: its statuses, its kind, its whole error."""
    known = ENDPOINTS[name]["success"]
    assert answer.status_code in (known["status"], *FACTS["refusals"][name])
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if answer.status_code == known["status"]:
        assert kind in KINDS[known["body"]]
        return
    status, word, message = refused(answer)
    assert (ERRORS[word], bool(message), kind) == (status, True, "application/json")


KINDS = {
    "json": ("application/json",),
    "text": ("text/plain",),
    "bytes": ("application/pdf",),
    "empty": ("",),
    "unknown": ("application/json", "text/plain"),
}
"""The types of what an operation answers; that of some is not published."""


QUERIES = ("", "x" * 5000, "\0", "-1", "1e9", "[]", "{}", "null", "٣", b"\xed\xa0\x80")


@pytest.mark.parametrize(("name", "path"), [each for each in ROUTES if ENDPOINTS[each[0]]["method"] == "GET"])
def test_any_query_gets_a_known_answer(mfax: Mfax, name: str, path: str) -> None:
    names = {each["name"] for each in ENDPOINTS[name]["parameters"]} | {"offset", "limit", "order"}
    for value in QUERIES:
        for query in (dict.fromkeys(names, value), *({each: value} for each in sorted(names))):
            assert_known(mfax.call("GET", filled(path), params=query), name)


def filled(rule: str) -> str:
    """Fill the variables of a path with an id that nothing has."""
    return re.sub(r"{\w+}", UNKNOWN, rule)


@pytest.mark.parametrize(
    ("method", "where", "status", "body"),
    [
        ("GET", "/", 404, error("NotFoundError", NOWHERE)),
        ("GET", "/v1/nothing", 404, error("NotFoundError", NOWHERE)),
        ("GET", "/v1/faxes", 405, NO_METHOD),
        ("PUT", "/v1/fax/history", 405, NO_METHOD),
    ],
)
def test_what_is_not_there_is_said_as_json(
    mfax: Mfax, method: str, where: str, status: int, body: dict[str, Any]
) -> None:
    whole(mfax.call(method, where), body, status)


def test_a_fax_of_strange_text_is_sent_and_shown(mfax: Mfax, pdf: bytes) -> None:
    strange = "\0\x1b\u202e😀\x85"
    name = "<b>${tokens.notes}"
    form = {"faxNumber": NUMBER, "coverPage": "true", "notes": strange * 100}
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), **form, subject=strange, recipientName=name)
    whole(answer, fax("send", pagesCount=2, subject=strange, recipientName=name))
    mfax.control.advance()
    end = {"pagesCount": 2, "pagesComplete": 2, "duration": TWO_PAGES, "resolvedDate": TWO_DONE}
    whole(mfax.get(f"/v1/fax/{MESSAGES[0]}/info"), fax("info", 1, "success", **end))


def test_notes_longer_than_a_page_leave_a_cover_of_one_page(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="true", notes="\n" * 3999 + "x")
    whole(answer, fax("send"))


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"tags": "x," * 50_000}, "tags: Has more than 100 items."),
        ({"tags": "x" * 2001}, "tags: Has an item longer than 2000 characters."),
        ({"cf": '{"a": "' + "x" * 1_000_000 + '"}'}, "cf: Must be at most 20000 characters of JSON."),
        ({"cf": '{"a": ' * 21 + "1" + "}" * 21}, "cf: Must be at most 20 levels deep."),
        ({"cf": '{"a": ' * 900 + "1" + "}" * 900}, "cf: Must be at most 20 levels deep."),
        ({"recipientFax": "1," * 100_000}, "recipientFax: Has more than 5000 items."),
        ({"recipientFax": "1," * 4000}, "A call takes at most 1000 recipients."),
    ],
)
def test_great_fields_are_refused_in_time(mfax: Mfax, pdf: bytes, form: dict[str, str], message: str) -> None:
    began = time.process_time()
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, **form)
    assert time.process_time() - began < 3
    whole(answer, error("InvalidInputError", message), 400)
