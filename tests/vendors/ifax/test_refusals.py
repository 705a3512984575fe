"""fax-send: what is refused at once, each with its code."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vendors.ifax.client import TO, Ifax, attachment
from tests.vendors.ifax.story import refusal


def refused() -> list[Any]:
    """List requests that are refused at once, with the code."""
    pdf = attachment()
    return [
        ({"faxData": [pdf]}, 12020),
        ({"faxNumber": "", "faxData": [pdf]}, 12020),
        ({"faxNumber": None, "faxData": [pdf]}, 12020),
        ({"faxNumber": "hello", "faxData": [pdf]}, 120100),
        ({"faxNumber": "+1212555", "faxData": [pdf]}, 120100),
        ({"faxNumber": "+1202555012", "faxData": [pdf]}, 120100),
        ({"faxNumber": "+120255501234", "faxData": [pdf]}, 120100),
        ({"faxNumber": "+0012025550123", "faxData": [pdf]}, 120100),
        ({"faxNumber": "+１２０２５５５０１２３", "faxData": [pdf]}, 120100),  # noqa: RUF001
        ({"faxNumber": "+4420794601", "faxData": [pdf]}, 120100),
        ({"faxNumber": 12125550123, "faxData": [pdf]}, 120100),
        ({"faxNumber": "+9991234567", "faxData": [pdf]}, -2028),
        ({"faxNumber": TO, "callerId": "nobody", "faxData": [pdf]}, 120103),
        ({"faxNumber": TO}, -123),
        ({"faxNumber": TO, "faxData": []}, -123),
        ({"faxNumber": TO, "faxData": "abc"}, -123),
        ({"faxNumber": TO, "faxData": ["abc"]}, -123),
        ({"faxNumber": TO, "faxData": [{"fileData": pdf["fileData"]}]}, 120107),
        ({"faxNumber": TO, "faxData": [pdf | {"fileName": "../a.pdf"}]}, 120107),
        ({"faxNumber": TO, "faxData": [pdf | {"fileName": "x" * 300}]}, 120107),
        ({"faxNumber": TO, "faxData": [{"fileName": "a.pdf", "fileUrl": "ftp://example.com/a.pdf"}]}, 120108),
        ({"faxNumber": TO, "faxData": [{"fileName": "a.pdf", "fileUrl": "HTTP url of file"}]}, 120108),
        ({"faxNumber": TO, "faxData": [{"fileName": "a.pdf", "fileUrl": "http://[bad"}]}, 120108),
        ({"faxNumber": TO, "faxData": [attachment("letter.txt")]}, 120109),
        ({"faxNumber": TO, "faxData": [pdf | {"fileName": "a.docx"}]}, 120109),
        ({"faxNumber": TO, "faxData": [attachment("letter.txt") | {"fileName": "letter"}]}, 120109),
        ({"faxNumber": TO, "faxData": [{"fileName": "a.pdf", "fileData": "not base64!"}]}, -1004),
        ({"faxNumber": TO, "faxData": [{"fileName": "a.pdf", "fileData": 7}]}, -1004),
        ({"faxNumber": TO, "faxData": [{"fileName": "a.pdf"}]}, -1008),
        ({"faxNumber": TO, "faxData": [{"fileName": "a.pdf", "fileData": "", "fileUrl": ""}]}, -1008),
        ({"faxNumber": TO, "faxData": [pdf | {"pages": ["x"]}]}, 12009),
        ({"faxNumber": TO, "faxData": [pdf | {"pages": "1"}]}, 12009),
        ({"faxNumber": TO, "faxData": [pdf | {"pages": ["0"]}]}, 12009),
        ({"faxNumber": TO, "faxData": [pdf | {"pages": ["1-0"]}]}, 12009),
        ({"faxNumber": TO, "faxData": [pdf | {"pages": ["3-2"]}]}, 12009),
        ({"faxNumber": TO, "faxData": [pdf | {"pages": ["-1"]}]}, 12009),
        ({"faxNumber": TO, "faxData": [pdf | {"pages": ["1"] * 101}]}, 12009),
        ({"faxNumber": TO, "faxQuality": "Best", "faxData": [pdf]}, 12009),
        ({"faxNumber": TO, "send_at": "tomorrow", "faxData": [pdf]}, 12009),
        ({"faxNumber": TO, "send_at": "9999-12-31T23:59:59-12:00", "faxData": [pdf]}, 12009),
        ({"faxNumber": TO, "subject": ["a"], "faxData": [pdf]}, 12009),
    ]


@pytest.mark.parametrize(("body", "code"), refused())
def test_a_wrong_request_is_refused_with_its_code(ifax: Ifax, body: dict[str, Any], code: int) -> None:
    assert ifax.code("send", **body) == code
    assert ifax.control.faxes() == []


def test_too_much_content_is_refused(ifax: Ifax) -> None:
    files = {"file": ("big.pdf", b"%PDF-1.4" + bytes(26 * 2**20))}
    answer = ifax.call("send", data={"faxNumber": TO}, files=files)
    assert (answer.status_code, answer.json()) == (200, refusal(-1063))


def test_a_body_over_the_limit_is_refused(ifax: Ifax) -> None:
    answer = ifax.call("send", data=b"{" + bytes(51 * 2**20))
    assert (answer.status_code, answer.json()) == (200, refusal(-1063))
