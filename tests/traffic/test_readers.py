"""Recordings of other tools: whose they are, what is read of them, and how a broken one is told."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from emulator.traffic.files import NoRecording, read_recordings

ASKED = '{"jobId":41007668}'
ANSWERED = '{"status":1,"message":"Fax status response","data":{"jobId":41007668,"faxStatus":"sending"}}'


def entry(**changes: Any) -> dict[str, Any]:
    request = {
        "method": "POST",
        "url": "https://api.ifaxapp.com/v1/customer/fax-status",
        "httpVersion": "HTTP/2",
        "headers": [
            {"name": ":authority", "value": "api.ifaxapp.com"},
            {"name": "accessToken", "value": "k3y"},
        ],
        "queryString": [],
        "postData": {"mimeType": "application/json", "text": ASKED},
    }
    response = {
        "status": 200,
        "headers": [{"name": "content-type", "value": "application/json"}],
        "content": {"size": 9, "mimeType": "application/json", "text": ANSWERED},
    }
    given = {"startedDateTime": "2026-03-04T10:00:00.000+01:00", "time": 12.5}
    return {**given, "request": {**request, **changes.pop("request", {})}, "response": response, **changes}


def har(tmp_path: Path, *entries: dict[str, Any], **log: Any) -> Path:
    path = tmp_path / "traffic.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries), **log}}))
    return path


def test_har_of_a_browser(tmp_path: Path) -> None:
    other = entry(request={"url": "https://www.example.org/", "method": "GET", "postData": None})
    [found] = read_recordings([har(tmp_path, other, entry())])
    [one] = found.exchanges
    assert (found.vendor, found.others, found.day) == ("ifax", 1, "2026-03-04")
    assert (one.path, one.status, one.seconds) == ("/v1/customer/fax-status", 200, 0.0125)
    assert one.answered.body.data["data"]["faxStatus"] == "sending"
    assert [name for name, _ in one.asked.headers] == ["accessToken"]


def test_har_with_base64_content_and_a_form_of_parameters(tmp_path: Path) -> None:
    # mitmproxy and Charles write bodies as base 64, Postman and Charles a form's parameters.
    packed = entry()
    packed["response"]["content"] = {"mimeType": "application/json", "encoding": "base64",
                                     "text": b64encode(ANSWERED.encode()).decode()}  # fmt: skip
    form = entry(request={"url": "https://fax.to/api/v2/fax?api_key=f@x2r0ckkz", "postData": {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "fax_number", "value": "+13105557788"}, {"name": "document_id", "value": "3"}],
    }})  # fmt: skip
    found = {each.vendor: each for each in read_recordings([har(tmp_path, packed, form)])}
    assert found["ifax"].exchanges[0].answered.body.data["status"] == 1
    parts = {part.name: part.value for part in found["faxto"].exchanges[0].asked.body.data}
    assert parts["document_id"] == "3"
    assert parts["fax_number"].startswith("+1")


def test_har_with_a_raw_multipart_body(tmp_path: Path) -> None:
    part = "--b\r\nContent-Disposition: form-data; name="
    file = ' "attachments"; filename="a.txt"\r\nContent-Type: text/plain'.strip()
    text = f'{part}"faxNumber"\r\n\r\n+13105557788\r\n{part}{file}\r\n\r\nHello\r\n--b--\r\n'
    asked = {"url": "https://api.documo.com/v1/faxes",
             "postData": {"mimeType": "multipart/form-data", "text": text},
             "headers": [{"name": "Content-Type", "value": "multipart/form-data; boundary=b"}]}  # fmt: skip
    [found] = read_recordings([har(tmp_path, entry(request=asked))])
    number, file = found.exchanges[0].asked.body.data
    assert (number.name, file.name) == ("faxNumber", "attachments")
    assert file.value.startswith("localfax-document:")


def test_proxy_before_another_address_needs_the_vendor(tmp_path: Path) -> None:
    path = har(tmp_path, entry(request={"url": "http://localhost:9000/v1/customer/fax-status"}))
    with pytest.raises(NoRecording, match="name the vendor with --vendor"):
        read_recordings([path])
    [found] = read_recordings([path], "ifax")
    assert found.exchanges[0].path == "/v1/customer/fax-status"


def test_post_to_another_address_is_a_webhook_of_the_vendor_named(tmp_path: Path) -> None:
    hook = entry(request={"url": "https://me.example/hooks", "postData": {"mimeType": "application/json",
        "text": '{"jobId":41007668,"faxStatus":"delivered"}'}})  # fmt: skip
    [found] = read_recordings([har(tmp_path, entry(), hook)], "ifax")
    assert [each.webhook for each in found.exchanges] == [False, True]


CASSETTE = """\
interactions:
- request:
    body: '{"jobId": 41007668}'
    headers: {accessToken: [k3y-of-mine], Content-Type: [application/json]}
    method: POST
    uri: https://api.ifaxapp.com/v1/customer/fax-status
  response:
    body: {string: '{"status": 0, "code": 12021, "message": "Fax with this id does not exist"}'}
    headers: {Content-Type: [application/json], Date: ['Wed, 04 Mar 2026 10:00:00 GMT']}
    status: {code: 200, message: OK}
version: 1
"""


def test_cassette_of_vcrpy(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(CASSETTE)
    [found] = read_recordings([path])
    [one] = found.exchanges
    assert (found.vendor, found.day, one.status) == ("ifax", "2026-03-04", 200)
    assert one.answered.body.data["code"] == 12021
    assert one.asked.headers[0][1] != "k3y-of-mine"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "neither JSON nor YAML"),
        ("[]", "neither a HAR file nor a cassette"),
        ('{"log": {"entries": 3}}', "a HAR file has log.entries"),
        ('{"log": {"entries": [{"request": {}}]}}', "entry 1 is none of HAR 1.2"),
        ('{"log": {}}', "a HAR file has log.entries"),
        (
            '{"log": {"entries": [{"startedDateTime": "2026-03-04", "time": 1e999, "request": {}}]}}',
            "entry 1 is none",
        ),
        ('{"log": {"entries": []}}', "it holds no exchange"),
        ("[" * 200_000, "nested too deeply"),
        ("interactions: [{}]", "interaction 1 is none of vcrpy"),
        ("!!python/object:os.system {}", "neither JSON nor YAML"),
    ],
)
def test_broken_file_is_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "broken"
    path.write_text(text)
    with pytest.raises(NoRecording, match="broken") as wrong:
        read_recordings([path])
    assert said in str(wrong.value)


@pytest.mark.parametrize("status", [-5, 0, 99, 10**30, "", None])
def test_status_that_is_none_is_not_known(tmp_path: Path, status: Any) -> None:
    given = entry()
    given["response"]["status"] = status
    [recording] = read_recordings([har(tmp_path, given)])
    assert [each.status for each in recording.exchanges] == [None]


def test_halves_of_characters_can_be_written(tmp_path: Path) -> None:
    given = entry(request={"url": "https://api.ifaxapp.com/v1/customer/\ud800?a=\udfff"})
    given["response"]["content"]["text"] = ANSWERED.replace("sending", "\\udfff")
    [recording] = read_recordings([har(tmp_path, given)])
    assert repr(recording).encode("utf-8")
