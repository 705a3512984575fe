"""Wrong verbs, wrong bodies, wrong everything: a documented answer in JSON, never HTTP 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from tests.conftest import WAIT
from tests.vendors.ifax.client import JOB, TO, Ifax, attachment, checked, facts, fax_object, path_of
from tests.vendors.ifax.story import begin, known, refusal

OPERATIONS = [row["id"] for row in facts()["endpoints"]]
WRONG_VERB = {"status": 0, "code": 12010, "message": "Invalid request method"}

BODIES: dict[str, bytes] = {
    "broken": b'{"jobId": ',
    "scalar": b"7",
    "text": b'"abc"',
    "null": b"null",
    "list": b'[{"jobId": 1}]',
    "deep list": b"[" * 100_000,
    "deep object": b'{"jobId":' * 100_000,
    "not utf-8": b'{"jobId": "\xff\xfe"}',
    "binary": bytes(range(256)) * 10,
    "huge integer": b'{"jobId": ' + b"9" * 5000 + b"}",
    "html": b"<html>",
    "utf-16": '{"jobId": 1}'.encode("utf-16-le") + b"\xd8",
    "not a number": b"NaN",
    "infinite": b"-Infinity",
    "two objects": b'{"jobId": 1}{"jobId": 2}',
    "deep within": b'{"jobId": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "not utf-8 within": b'{"faxNumber": "+1212\xff"}',
}

VALUES: list[Any] = [
    "NaN",
    "",
    "\ud800",
    "\x00",
    "\uff11\uff12\uff13",
    "' OR 1=1",
    "x" * 20_000,
    -1,
    0,
    10**30,
    10**4000,
    1e308,
    float("nan"),
    float("inf"),
    True,
    [],
    {},
    [None],
    [[[]]],
    {"a": {"b": {}}},
    {"0": {}},
    [["a"], {"fileName": ["a.pdf"]}],
    None,
]


def is_an_answer(answer: requests.Response) -> dict[str, Any]:
    """Check that it is iFax's envelope."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    body: dict[str, Any] = answer.json()
    if body["status"] == 0:
        checked(body)
    return body


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_another_verb_is_an_invalid_request_method(ifax: Ifax, method: str) -> None:
    for operation in ("send", "country-list"):
        answer = ifax.call(operation, method=method)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert method == "HEAD" or answer.json() == WRONG_VERB


def test_method_in_the_body_is_the_method(ifax: Ifax) -> None:
    listed = ifax.body("label-list")
    assert ifax.call("label-list", {"_method": "POST"}, method="PUT").json() == listed
    assert ifax.call("label-list", {"_method": "post"}).json() == listed
    assert ifax.call("label-list", data={"_method": "POST"}, method="PATCH").json() == listed
    assert ifax.call("label-list", method="GET", params={"_method": "POST"}).json() == listed
    for wrong in ("GET", "DELETE", "", 7, ["POST"]):
        expected = listed if wrong == "" else WRONG_VERB
        assert ifax.call("label-list", {"_method": wrong}).json() == expected


def test_an_unknown_path_is_not_found_in_the_same_envelope(ifax: Ifax) -> None:
    for path in ("/v1/customer/fax-sent", "/v1", "/", "/v1/customer/fax-send/x", "/v1/fax/send"):
        answer = requests.post(ifax.base + path, headers={"accessToken": ifax.key}, timeout=WAIT)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")
        assert answer.json() == {"status": 0, "code": 404, "message": "Not Found"}


@pytest.mark.parametrize("content", BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_object_is_an_invalid_parameter(ifax: Ifax, content: bytes) -> None:
    for operation in ("send", "status", "custom-fields-update"):
        answer = ifax.call(operation, data=content, headers={"Content-Type": "application/json"})
        assert is_an_answer(answer) == refusal(12009)


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data", "x/y", "text/html"]
)
@pytest.mark.parametrize("content", BODIES.values(), ids=BODIES)
def test_a_broken_body_of_any_type_gets_an_answer(ifax: Ifax, content: bytes, content_type: str) -> None:
    for boundary in ("", "; boundary=x"):
        headers = {"Content-Type": content_type + boundary}
        answer = is_an_answer(ifax.call("send", data=content, headers=headers))
        assert answer in (refusal(12009), refusal(12020))


def test_nothing_sent_is_an_empty_object(ifax: Ifax) -> None:
    for empty in (b"", b"  ", b"[]", b"{}"):
        assert ifax.call("label-list", data=empty).json() == known("label-list")
        assert ifax.call("status", data=empty).json() == refusal(-1005)


def test_the_last_of_duplicate_fields_counts(ifax: Ifax) -> None:
    content = json.dumps({"faxNumber": TO, "faxData": [attachment()]})
    content = '{"faxNumber": "x", ' + content[1:]
    assert ifax.call("send", data=content).json() == known("send") | {"data": {"jobId": JOB}}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_any_value_of_any_parameter_gets_an_answer(ifax: Ifax, operation: str) -> None:
    (row,) = (each for each in facts()["endpoints"] if each["id"] == operation)
    names = [each["name"] for each in row["parameters"] if "[]" not in each["name"]]
    for value in VALUES:
        content = json.dumps(dict.fromkeys([*names, "extra", "chunkNumber"], value))
        is_an_answer(ifax.call(operation, data=content))


@pytest.mark.parametrize("name", ["faxNumber", "callerId", "subject", "send_at", "faxQuality", "faxData"])
def test_any_value_of_one_parameter_of_send_gets_an_answer(ifax: Ifax, name: str) -> None:
    for value in VALUES:
        content = json.dumps({"faxNumber": TO, "faxData": [attachment()], name: value})
        is_an_answer(ifax.call("send", data=content))


@pytest.mark.parametrize("name", ["fileName", "fileUrl", "fileData", "pages"])
def test_any_value_in_an_attachment_gets_an_answer(ifax: Ifax, name: str) -> None:
    for value in VALUES:
        content = json.dumps({"faxNumber": TO, "faxData": [attachment() | {name: value}]})
        is_an_answer(ifax.call("send", data=content))
    ifax.control.advance()


@pytest.mark.parametrize(
    "fields",
    [
        {"faxData": "x"},
        {"faxData[0]": "x"},
        {"faxData[0][fileName]": "a.pdf", "faxData": "x"},
        {"faxData": "x", "faxData[0][fileName]": "a.pdf"},
        {"faxData[][fileName]": "a.pdf", "faxData[99999999999][fileName]": "b.pdf"},
        {"faxData[a][b][c][d][e][f][g]": "x"},
        {"[": "x", "]": "y", "[]": "z", "": "w"},
        {"faxData[0][pages][]": "1", "faxData[0][pages][x]": "2"},
        {"faxNumber[0]": "1", "faxNumber[]": "2", "_method[]": "POST", "_method[a]": "GET"},
        {"faxData[0": "x", "faxData0]": "y", "faxData]0[": "z", "faxData[[0]][fileName]": "w"},
        {"faxData[0][fileName][]": "a.pdf", "faxData[0][fileData][x]": "b"},
        {"faxData[\uff11][fileName]": "a.pdf", "faxData[-1][fileName]": "b.pdf", "faxData[+3]": "c"},
        {"faxData[0][fileName\x00]": "a.pdf", "faxData[0]\r\n[fileName]": "b.pdf", "\x00": "c"},
        {"faxData" + "[0]" * 5_000: "x", "faxData" + "[" * 5_000: "y", "faxData" + "]" * 5_000: "z"},
        {f"faxData[{place}][fileName]": "a.pdf" for place in range(500)},
        {"faxData": "[NaN, Infinity, 1e999, {}]"},
        {"faxData": "[" * 10_000},
        {"faxData": "[" * 10_000 + "]" * 10_000},
    ],
)
def test_any_names_of_form_fields_get_an_answer(ifax: Ifax, fields: dict[str, str]) -> None:
    for files in ({}, {"faxData[0][fileUrl]": ("a.pdf", b"x")}, {"faxData": ("", b"")}, {"x[": ("a", b"x")}):
        answer = ifax.call("send", data={"faxNumber": TO, **fields}, files=files)
        is_an_answer(answer)


PARTS = {
    "no end": b'--x\r\nContent-Disposition: form-data; name="faxNumber"\r\n\r\n+1',
    "no name": b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n",
    "no headers": b"--x\r\n\r\n1\r\n--x--\r\n",
    "no disposition": b"--x\r\nContent-Type: text/html\r\n\r\n<p>\r\n--x--\r\n",
    "name not utf-8": b'--x\r\nContent-Disposition: form-data; name="fax\xff[0]"\r\n\r\n1\r\n--x--\r\n',
    "value not utf-8": b'--x\r\nContent-Disposition: form-data; name="faxNumber"\r\n\r\n\xff\r\n--x--\r\n',
    "charset of nobody": b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
    b"Content-Type: text/plain; charset=nobody\r\n\r\n1\r\n--x--\r\n",
    "long header": b'--x\r\nContent-Disposition: form-data; name="'
    + b"a" * 100_000
    + b'"\r\n\r\n1\r\n--x--\r\n',
    "many parts": b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 10_001 + b"--x--\r\n",
    "only an end": b"--x--\r\n",
}


@pytest.mark.parametrize("content", PARTS.values(), ids=PARTS)
def test_a_broken_multipart_body_gets_an_answer(ifax: Ifax, content: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for operation, missing in (("send", 12020), ("status", -1005)):
        answer = is_an_answer(ifax.call(operation, data=content, headers=headers))
        wrong = (refusal(12009), refusal(missing), refusal(-1063), refusal(120100))
        assert answer in wrong, answer


@pytest.mark.parametrize("key", [b"\xff\xfe", b"k" * 8000, b"' OR 1=1", "ключ".encode()])
def test_any_key_gets_an_answer(ifax: Ifax, key: bytes) -> None:
    answer = requests.post(ifax.base + path_of("status"), headers={"accessToken": key}, timeout=WAIT)
    assert (answer.status_code, answer.json()) == (200, refusal(12001, "accessToken invalid"))


def test_markup_and_odd_letters_can_stand_on_a_cover(ifax: Ifax) -> None:
    texts = {"subject": "<b>&\x07", "message": "\ud800 факс 🖨\n" * 50, "to_name": "a" * 5000}
    answer = ifax.call("send", data=json.dumps({"faxNumber": TO, "faxData": [attachment()], **texts}))
    assert is_an_answer(answer) == known("send") | {"data": {"jobId": JOB}}
    assert ifax.finish(JOB) == fax_object(JOB, "delivered", 0, pages=3, sent=3, seconds=64)


def test_two_sandboxes_do_not_see_each_other(ifax: Ifax) -> None:
    other = begin(ifax.control)
    job = ifax.send()
    assert other.code("status", jobId=job) == 12021
    assert other.data("list") == []


def test_the_same_seed_gives_the_same_ids(ifax: Ifax) -> None:
    first, second = begin(ifax.control), begin(ifax.control)
    assert first.send() == second.send() == JOB
    assert first.receive() == second.receive()
    assert first.data("list") == second.data("list")
    other = Ifax(ifax.control.create(seed="another"))
    assert other.send() != JOB
