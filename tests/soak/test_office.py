"""Office files through LibreOffice itself: a Word file that is sent is seen as its receiver sees it."""

from __future__ import annotations

import io
import zipfile

import pytest

from emulator.documents import Problem, inspect, prove, text_of, to_pdf
from tests.conftest import Control
from tests.test_recipes import send, show

pytestmark = pytest.mark.soak

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
LINKS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)
BODY = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body>%s</w:body></w:document>"
)


def docx(*paragraphs: str) -> bytes:
    """Write a Word file by hand."""
    made = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", TYPES)
        file.writestr("_rels/.rels", LINKS)
        file.writestr("word/document.xml", BODY % made)
    return out.getvalue()


RTF = rb"{\rtf1\ansi Dear \b Sir\b0\page The second page}"


def test_a_word_file_is_converted() -> None:
    content = docx("Dear Sir", "please find attached")
    assert (inspect(content).pages, inspect(content).problem) == (1, None)
    assert text_of(to_pdf(content)) == ["Dear Sir\nplease find attached"]
    assert not isinstance(prove(content), Problem)


def test_rich_text_is_converted() -> None:
    assert [text.strip() for text in text_of(to_pdf(RTF))] == ["Dear Sir", "The second page"]


def test_a_damaged_word_file_fails() -> None:
    assert inspect(docx("x")[:300] + b"word/document.xml").problem == "broken"


@pytest.mark.parametrize("vendor", ["kazoo", "mfax", "faxto"])
def test_a_word_file_is_faxed(control: Control, vendor: str) -> None:
    send(control, vendor, "letter.docx", docx("Faxed from Word"), "application/octet-stream")
    control.advance()
    (fax,) = control.faxes()
    assert (fax["outcome"], fax["pages"]["total"]) == ("delivered", 1)
    assert show(control, fax, "text") == (200, b"Faxed from Word")
    assert show(control, fax, "png")[0] == 200
