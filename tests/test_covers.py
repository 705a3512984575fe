"""Cover pages as they are sent: any script is shown, and a long note flows on to further pages."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.conftest import Control, exchange
from tests.sending import pages
from tests.test_recipes import share_of_black, show

SCRIPTS = (
    "Привет", "Ελληνικά", "中文傳真", "日本語ファックス", "한국어", "مرحبا", "שלום", "Łódź", "Zürich",
    "ęąśćż", "สวัสดี", "हिन्दी", "தமிழ்",
)  # fmt: skip
LONG = "\n".join(f"Line {number} of a note that is longer than a page." for number in range(1, 76))
"""Less than the 4,000 characters that mFax takes."""


def send_cover(control: Control, vendor: str, note: str) -> dict[str, Any]:
    """Send a page behind a cover with this note; give the fax when it has ended."""
    account = control.client.account(vendor)
    to, page = "+12125550123", ("a.pdf", pages(1), "application/pdf")
    if vendor == "ifax":
        url, fields, file = "/v1/customer/fax-send", {"faxNumber": to, "message": note}, {"faxData": page}
        headers = dict(account.credentials)
    else:
        url, file = "/v1/faxes", {"attachments": page}
        fields = {"faxNumber": to, "coverPage": "true", "notes": note}
        headers = {"Authorization": f"Basic {account.credentials['apiKey']}"}
    answer = exchange("POST", account.base_url + url, data=fields, files=file, headers=headers)
    assert answer.ok, answer.text
    control.advance()
    (fax,) = control.faxes()
    assert fax["outcome"] == "delivered"
    return fax


@pytest.mark.parametrize("vendor", ["ifax", "mfax"])
def test_a_cover_shows_every_script(control: Control, vendor: str) -> None:
    fax = send_cover(control, vendor, "\n".join(SCRIPTS))
    text = show(control, fax, "text")[1].decode()
    assert [word for word in SCRIPTS if word not in text] == []
    assert "?" not in text
    assert fax["pages"]["total"] == 2


@pytest.mark.parametrize("vendor", ["ifax", "mfax"])
def test_a_long_note_flows_on_to_a_second_cover_page(control: Control, vendor: str) -> None:
    fax = send_cover(control, vendor, LONG)
    assert fax["pages"]["total"] == 3
    text = show(control, fax, "text")[1].decode()
    assert [line for line in LONG.splitlines() if line not in text] == []
    second = Image.open(io.BytesIO(show(control, fax, "png&page=2")[1]))
    assert share_of_black(second, (0, 0, 1, 0.4)) > 0.005
