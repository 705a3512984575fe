"""Input that nobody should send: a documented answer in bounded time, never an HTTP 500 and never HTML."""

from __future__ import annotations

import time
from typing import Any

import pytest

from emulator.vendors.mfax import vendor
from tests.vendors.mfax.conftest import NUMBER, UNKNOWN, Mfax, refused

ENDPOINTS = {each.name: each for each in vendor.endpoints() if each.name != "ping"}
ERRORS = {"InvalidInputError": 400, "NotAllowedError": 403, "NotFoundError": 404}
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


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("name", [name for name, each in ENDPOINTS.items() if each.methods != ("GET",)])
def test_any_body_gets_a_declared_answer(mfax: Mfax, name: str, body: tuple[str, bytes]) -> None:
    endpoint, (kind, content) = ENDPOINTS[name], body
    answer = mfax.call(endpoint.methods[0], path(endpoint.path), data=content, headers={"Content-Type": kind})
    assert answer.status_code in endpoint.statuses
    assert "html" not in answer.headers.get("Content-Type", "")
    if answer.status_code >= 400:
        status, error, message = refused(answer)
        assert (ERRORS[error], bool(message)) == (status, True)


@pytest.mark.parametrize(
    "value",
    ["", "x" * 5000, "\0", "-1", "1e9", "[]", "{}", "null", "٣", "\ud800".encode("utf-8", "surrogatepass")],
)
@pytest.mark.parametrize(
    "name", [name for name, each in ENDPOINTS.items() if each.place == "query" and each.schema]
)
def test_any_query_gets_a_declared_answer(mfax: Mfax, name: str, value: Any) -> None:
    endpoint = ENDPOINTS[name]
    query = dict.fromkeys(endpoint.schema().fields, value)
    answer = mfax.call("GET", path(endpoint.path), params=query)
    assert answer.status_code in endpoint.statuses
    assert answer.headers["Content-Type"] == "application/json"
    if answer.status_code != 200 and name != "history":
        status, error, message = refused(answer)
        assert (ERRORS[error], bool(message)) == (status, True)


def path(rule: str) -> str:
    for each in ("messageId", "numberId", "userId", "tagId", "contactId", "customFieldId", "webhookId"):
        rule = rule.replace(f"<{each}>", UNKNOWN)
    return rule


@pytest.mark.parametrize(
    ("method", "where", "status", "name"),
    [
        ("GET", "/", 404, "NotFoundError"),
        ("GET", "/v1/nothing", 404, "NotFoundError"),
        ("GET", "/v1/faxes", 405, "MethodNotAllowedError"),
        ("PUT", "/v1/fax/history", 405, "MethodNotAllowedError"),
    ],
)
def test_what_is_not_there_is_said_as_json(
    mfax: Mfax, method: str, where: str, status: int, name: str
) -> None:
    answer = mfax.call(method, where)
    assert refused(answer)[:2] == (status, name)
    assert answer.headers["Content-Type"] == "application/json"


def test_a_fax_of_strange_text_is_sent_and_shown(mfax: Mfax, pdf: bytes) -> None:
    strange = "\0\x1b\u202e😀\x85"
    fax = mfax.send(
        pdf, coverPage="true", subject=strange, notes=strange * 100, recipientName="<b>${tokens.notes}"
    )
    mfax.control.advance()
    assert mfax.info(fax["messageId"])["status"] == "success"
    assert fax["subject"] == strange


def test_notes_longer_than_a_page_leave_a_cover_of_one_page(mfax: Mfax) -> None:
    answer = mfax.upload("/v1/faxes", faxNumber=NUMBER, coverPage="true", notes="\n" * 3999 + "x")
    assert answer.json()["pagesCount"] == 1


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
    began = time.monotonic()
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER, **form)
    assert refused(answer) == (400, "InvalidInputError", message)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "profile", [{"cover_pages": 7}, {"cover_pages": [1, {"name": [1]}]}, {"webhook_events": "x"}]
)
def test_a_switch_of_the_wrong_kind_breaks_nothing(mfax: Mfax, pdf: bytes, profile: dict[str, Any]) -> None:
    mfax.control.vendor("mfax", profile=profile)
    assert mfax.get("/coverpages").status_code == 200
    assert mfax.send(pdf, coverPage="true")["pagesCount"] == 2
