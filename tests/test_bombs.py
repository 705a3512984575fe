"""Documents that are made to be too much: answered in bounded time, over the running server."""

from __future__ import annotations

import zlib
from base64 import b64encode

import pytest
import requests

from tests.conftest import WAIT, Control
from tests.documents.test_bombs import png, tall_tiff
from tests.working import worked


def deflated(content: bytes, layers: int) -> bytes:
    for _ in range(layers):
        content = zlib.compress(content, 9)
    return content


def pdf(page: bytes, drawing: bytes = b"", filters: bytes = b"") -> bytes:
    """Write a PDF of one page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R" + page + b">>endobj\n"
        b"4 0 obj<</Length %d%s>>stream\n%s\nendstream endobj\n"
        % (len(drawing), filters, drawing)
        + b"trailer<</Root 1 0 R>>\n%%EOF"
    )


LETTER = b"/MediaBox[0 0 612 792]"
GROWS = b"0 0 m 9 9 l S\n" * 1_000_000

BOMBS = {
    "drawing that grows": pdf(LETTER, deflated(GROWS, 1), b"/Filter/FlateDecode"),
    "drawing packed twice": pdf(LETTER, deflated(GROWS, 2), b"/Filter[/FlateDecode/FlateDecode]"),
    "page of any size": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 14400 14400000]>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "nested without end": b"%PDF-1.4\n1 0 obj" + b"[" * 200_000 + b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "text without end": b"a\f" * 100_000,
    "nothing": b"\0" * 100_000,
    "tiff of a million lines": tall_tiff(1_000_000),
    "png of 900 million pixels": png(30_000, 30_000, b""),
}


FORMS = {"drawing that grows": ("tiff", "text"), "drawing packed twice": ("png",)}
"""The forms in which a bomb's document is asked for: all of them for most, one way or another for two."""


@pytest.mark.parametrize("name", BOMBS)
def test_document_bomb_is_answered_in_bounded_time(control: Control, name: str) -> None:
    begun = worked()
    body = {
        "faxNumber": "+12125550123",
        "faxData": [{"fileName": "a.pdf", "fileData": b64encode(BOMBS[name]).decode()}],
    }
    answer = requests.post(
        f"{control.base_url('ifax')}/v1/customer/fax-send",
        json=body,
        headers=control.credentials("ifax"),
        timeout=WAIT,
    )
    assert answer.status_code < 500
    control.advance()
    for fax in control.faxes():
        for form in FORMS.get(name, ("tiff", "png", "text")):
            url = f"{control.root}/sandboxes/{control.id}/faxes/{fax['id']}/document?format={form}"
            assert requests.get(url, timeout=WAIT).status_code in (200, 409)
    assert worked() - begun < 20
