"""Bodies that cannot be read, and parts that are none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vendors.kazoo.client import (
    BAD_JSON,
    GOOD,
    NO_DATA,
    NUMBER,
    VALIDATION,
    Kazoo,
    parts,
)
from tests.vendors.kazoo.rules import typed

TOO_LARGE = {
    "file": {
        "maxSize": {"message": "Payload or Files must not be more than 8000000 bytes", "target": 8000000}
    }
}


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
    kazoo.refused("PUT", "/faxes", BAD_JSON, token="", data=content)


@pytest.mark.parametrize(
    ("envelope", "error"),
    [
        (None, NO_DATA),
        ({}, NO_DATA),
        *(
            ({"data": value}, (400, VALIDATION, {"data": typed("object", value)}))
            for value in ("x", None, [])
        ),
        *((value, (400, VALIDATION, {"body": typed("object", value)})) for value in ([], "text", 5)),
    ],
)
def test_an_envelope_without_an_object_of_data_is_refused(
    kazoo: Kazoo, envelope: Any, error: tuple[int, str, Any]
) -> None:
    kazoo.refused("PUT", "/faxes", error, data=json.dumps(envelope))


def test_a_duplicate_key_counts_the_last_time(kazoo: Kazoo) -> None:
    text = json.dumps({"data": GOOD}).replace('"from_number"', '"to_number": "x", "from_number"')
    made = kazoo.answer("PUT", "/faxes", 201, data=text)["data"]
    assert (made["to_number"], made["from_number"]) == (NUMBER, NUMBER)


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
    kazoo.refused("PUT", "/faxes", BAD_JSON, token="", data=content, headers={"Content-Type": kind})


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"--x", b"--x--", b"--x\r\n--x--\r\n", b"--x\r\nContent-Type\r\n\r\n", b"--x\r\n" * 3000,
     b"--x\r\nContent-Disposition: form-data; filename*=x''%ff\r\n\r\nab\r\n--x--",
     b"--x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n=\r\n--x--"],
    ids=repr,
)  # fmt: skip
def test_parts_without_an_envelope_are_told_what_is_missing(kazoo: Kazoo, content: bytes) -> None:
    headers = {"Content-Type": "multipart/mixed; boundary=x"}
    kazoo.refused("PUT", "/faxes", NO_DATA, data=content, headers=headers)


def test_too_large_a_body_is_refused(kazoo: Kazoo) -> None:
    error = (413, VALIDATION, TOO_LARGE)
    kazoo.refused("PUT", "/faxes", error, token="", data=b" " * 8_000_001)
    meta = {"data": {"from_number": NUMBER, "to_number": NUMBER}}
    kazoo.refused("PUT", "/faxes", error, token="", files=parts(meta, b"x" * 8_000_000))
