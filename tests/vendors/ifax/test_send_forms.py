"""fax-send in every dress that clients give it: forms, odd types of content, base64 as some write it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable

import pytest
import requests

from emulator.vendors.ifax import vendor
from tests.conftest import WAIT
from tests.vendors.ifax.client import JOB, TO, Ifax, attachment, document
from tests.vendors.ifax.sent import SENT, delivered


def test_a_multipart_form_with_bracket_names(ifax: Ifax) -> None:
    fields = {
        "_method": "POST",
        "faxNumber": TO,
        "subject": "test",
        "faxData[0][fileName]": "abc.pdf",
        "faxData[0][pages][0]": "1-2",
        "faxData[0][pages][1]": "3",
    }
    files = {"faxData[0][fileUrl]": ("upload.bin", document("three-pages.pdf"))}
    answer = ifax.call("send", data=fields, files=files)
    assert answer.json() == SENT
    assert ifax.finish(JOB) == delivered(4)
    assert ifax.control.faxes()[0]["document"]["name"] == "abc.pdf"


def test_any_file_part_is_an_attachment(ifax: Ifax) -> None:
    files = [
        ("file", ("one.pdf", document("one-page.pdf"), "application/pdf")),
        ("files[]", ("three.pdf", document("three-pages.pdf"), "application/pdf")),
    ]
    answer = ifax.call("send", data={"faxNumber": TO}, files=files)
    assert answer.json() == SENT
    assert ifax.finish(JOB) == delivered(4)


def test_json_text_in_a_form_field(ifax: Ifax) -> None:
    fields = {"faxNumber": TO, "faxData": json.dumps([attachment("three-pages.pdf")])}
    answer = ifax.call("send", data=fields)
    assert answer.json() == SENT
    assert ifax.finish(JOB) == delivered(3)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_json_is_read_whatever_its_declared_type(ifax: Ifax, content_type: str) -> None:
    answer = ifax.call(
        "send", {"faxNumber": TO, "faxData": [attachment()]}, headers={"Content-Type": content_type}
    )
    assert answer.json() == SENT


@pytest.mark.parametrize(
    "dress",
    [
        "data:application/pdf;base64,{}".format,
        "\r\n{}\n".format,
        lambda text: "\n  ".join(text[start : start + 64] for start in range(0, len(text), 64)),
        lambda text: text.rstrip("="),
        lambda text: text.replace("+", "-").replace("/", "_"),
    ],
)
def test_base64_as_some_clients_write_it(ifax: Ifax, dress: Callable[[str], str]) -> None:
    given = attachment()
    assert ifax.finish(ifax.send(TO, given | {"fileData": dress(given["fileData"])})) == delivered(1)


@pytest.mark.parametrize("profile", ["documented", "live"])
def test_files_without_fax_data_are_sent_by_a_form_alone(ifax: Ifax, profile: str) -> None:
    ifax.control.vendor("ifax", profile=profile)
    part = ("one.pdf", document("one-page.pdf"), "application/pdf")
    answer = ifax.call("send", data={"faxNumber": TO}, files=[("files", part)])
    assert answer.json() == SENT
    assert ifax.finish(JOB) == delivered(1)
    listed = {"faxNumber": TO, "files": [{"name": "a.pdf", "data": "JVBERi0="}]}
    said = ifax.call("send", listed).json()
    if profile == "documented":
        assert said == {"status": 0, "code": -123, "message": "No valid documents attached"}
    else:
        ifax.control.advance()
        assert ifax.status(said["data"]["jobId"])["code"] == 9042


def test_unknown_parameters_are_ignored(ifax: Ifax) -> None:
    job = ifax.send(files=[{"name": "a"}], coverPage=False, webhook={"statusUrl": "http://example.com"})
    assert ifax.finish(job) == delivered(1)


def test_the_sample_line_sends_a_fax(ifax: Ifax) -> None:
    line = vendor.sample.format(base=ifax.base, **ifax.credentials)
    assert line.startswith("curl -s ")
    words = shlex.split(line)
    given = {
        name: [words[place + 1] for place, word in enumerate(words) if word == name] for name in ("-H", "-d")
    }
    headers = dict(header.split(": ") for header in given["-H"])
    answer = requests.post(words[2], headers=headers, data=given["-d"][0], timeout=WAIT)
    assert answer.json() == SENT
    assert ifax.finish(JOB) == delivered(1)
