"""What is hidden, what stays, and that one thing has one pseudonym all along."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import Any

import pytest

from emulator.core.faxes.numbers import is_number, normalise
from emulator.traffic.body import Mark, Payload, read_body
from emulator.traffic.exchange import Exchange, Spoken
from emulator.traffic.pseudonyms import Pseudonyms
from emulator.traffic.redaction import Redactor
from tests.sending import pages


def asked(vendor: str, path: str, body: Any, answer: Any = None, **more: Any) -> Exchange:
    headers = (("Content-Type", "application/json"), *more.pop("headers", ()))
    return Exchange(
        1_772_618_400.0,
        "POST",
        "x.example",
        path,
        asked=Spoken(headers, read_body(json.dumps(body).encode(), "application/json")),
        status=200,
        answered=Spoken((), read_body(json.dumps(answer).encode(), "application/json")),
        vendor=vendor,
        **more,
    )


@pytest.mark.parametrize(
    "number",
    ["+12125550123", "(212) 555-0123", "2125550123", "+442079460123", "0035312345678", "+4915112345678"],
)
def test_number_stays_one_that_can_be_dialled(number: str) -> None:
    made = Pseudonyms().number(number)
    assert made != number
    assert re.sub(r"\d", "9", made) == re.sub(r"\d", "9", number)
    assert is_number(normalise(made))


def test_number_is_the_same_however_it_is_written() -> None:
    names = Pseudonyms()
    made = {
        re.sub(r"\D", "", names.number(text))[-10:]
        for text in ("+1 917 222 3344", "9172223344", "19172223344")
    }
    assert len(made) == 1


def test_ids_look_alike_and_differ() -> None:
    names = Pseudonyms()
    made = [
        names.id(text) for text in ("41007668", "b6a7dd31-1c35-4f5b-9f57-5c5c3e0b8d11", "202611-" + "a1" * 16)
    ]
    assert [re.sub(r"[0-9]", "9", re.sub("[a-f]", "a", text)) != text for text in made] == [True] * 3
    assert len(made[0]) == 8
    assert made[0].isdigit()
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", made[1])
    many = {names.id(f"{number}") for number in range(100_000, 109_000)}
    assert len(many) == 9000


def test_two_recordings_have_different_pseudonyms() -> None:
    assert Pseudonyms().id("41007668123") != Pseudonyms().id("41007668123")


def test_unknown_text_is_hidden_and_known_words_stay() -> None:
    answer = {"status": 1, "message": "Fax status response", "data": {
        "jobId": 41007668, "faxStatus": "delivered", "message": "NORMAL_CLEARING",
        "patient": "Mary Wintergreen", "account": "ACME", "ok": True, "count": 7,
        "serial": 123456789}}  # fmt: skip
    made = Redactor().exchange(asked("ifax", "/v1/customer/fax-status", {"jobId": "41007668"}, answer))
    data = made.answered.body.data["data"]
    assert (data["faxStatus"], data["message"], data["ok"], data["count"]) == (
        "delivered",
        "NORMAL_CLEARING",
        True,
        7,
    )
    assert re.fullmatch("text-[0-9a-f]{8}", data["patient"])
    assert re.fullmatch("text-[0-9a-f]{8}", data["account"])
    assert data["serial"] != 123456789
    assert str(data["jobId"]) == made.asked.body.data["jobId"] != "41007668"


def test_what_was_said_is_hidden_where_an_error_repeats_it() -> None:
    body = {"faxNumber": "+13105557788", "subject": "Mary Wintergreen", "faxData": []}
    answer = {"status": 0, "code": 1, "message": "Mary Wintergreen at +13105557788 (m@x.example) is unknown."}
    made = Redactor().exchange(asked("ifax", "/v1/customer/fax-send", body, answer))
    said = made.answered.body.data["message"]
    assert re.fullmatch(r"name-\w{8} at \+1\d{3}55501\d\d \(\w{8}@example\.test\) is unknown\.", said), said


def test_document_is_a_mark_with_its_pages() -> None:
    content = b64encode(pages(3)).decode()
    body = {"faxNumber": "+13105557788", "faxData": [{"fileName": "mary.pdf", "fileData": content}]}
    made = Redactor().exchange(asked("ifax", "/v1/customer/fax-send", body))
    [file] = made.asked.body.data["faxData"]
    mark = Mark.read(file["fileData"])
    assert mark is not None
    assert (mark.pages, mark.media_type, file["fileName"][-4:]) == (3, "application/pdf", ".pdf")
    assert "mary" not in file["fileName"]


def test_path_and_headers_are_hidden_too() -> None:
    path = "/v2/accounts/4da0e2d5d31b4c5c9f1f7a6e8b9c0d1e/faxes/outgoing/9a0e2d5d31b4c5c9f1f7a6e8b9c0d1e2"
    headers = (
        ("X-Auth-Token", "eyJhbGciOi.eyJzdWIi.c2ln"),
        ("Cookie", "a=b"),
        ("X-Person", "Mary Wintergreen"),
    )
    made = Redactor().exchange(asked("kazoo", path, {}, headers=headers))
    said = f"{made.path} {made.asked.headers}"
    assert re.fullmatch(r"/v2/accounts/[0-9a-f]{32}/faxes/outgoing/[0-9a-f]{32}", made.path)
    for secret in ("4da0e2d5", "9a0e2d5d", "eyJhbGci", "a=b", "Mary"):
        assert secret not in said


@pytest.mark.parametrize(
    "kind", ["application/json", "text/html", "multipart/form-data; boundary=x", "", "a/b"]
)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"--x\r\n",
        b"[" * 500,
        b"[" * 100_000,
        b'{"a":' * 80,
        b"x" * 70_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"a":"\\udfff"}',
    ],
)
def test_any_body_is_read(kind: str, content: bytes) -> None:
    given = Exchange(0.0, "POST", "h", "/p", asked=Spoken((), read_body(content, kind)), vendor="mfax")
    made = Redactor().exchange(given)
    assert isinstance(made.asked.body, Payload)
