from __future__ import annotations

import io
import zipfile

import pytest

from emulator.documents import Problem, label_problem, sniff

OFFICE = "application/vnd.openxmlformats-officedocument."


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, "<xml/>")
    return out.getvalue()


def archive_of(media_type: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", media_type)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\0" * 1000 + b"%PDF-1.7\n", "application/pdf"),
        (b"\0" * 1024 + b"%PDF-1.7\n", "application/octet-stream"),
        (b"\0" * 9024 + b"%PDF-1.7\nstartxref 9 %%EOF\n", "application/pdf"),
        (b" " * 9024 + b"%PDF-1.7 begins a PDF, whose end says startxref", "text/plain"),
        (b"PK\x03\x04" + b"\0" * 9024 + b"%PDF-1.7\nstartxref 9 %%EOF", "application/zip"),
        (b"%!PS-Adobe-3.0 PDF-1.4\n1 0 obj<<>>endobj startxref 9", "application/pdf"),
        (b"%!PS-Adobe-3.0\n% 1 0 obj\nstartxref", "application/postscript"),
        (b"%\xe2\xe3\r\n% more\r\n 12 0 obj\r\nendobj\nstartxref\n0\n", "application/pdf"),
        (b"12 0 objects are no PDF, whatever startxref says", "text/plain"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"MM\0*\0\0\0\x08", "image/tiff"),
        (b"II+\0\x08\0\0\0", "image/tiff"),
        (b"MM\0+\0\x08\0\0", "image/tiff"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "image/bmp"),
        (b"{\\rtf1\\ansi}", "application/rtf"),
        (b"%!PS-Adobe-3.0", "application/postscript"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "application/msword"),
        (archive("[Content_Types].xml", "word/document.xml"), OFFICE + "wordprocessingml.document"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), OFFICE + "spreadsheetml.sheet"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), OFFICE + "presentationml.presentation"),
        (archive("readme.txt"), "application/zip"),
        (b"<html><body>", "text/html"),
        (b"\xef\xbb\xbf \r\n<!DOCTYPE HTML>", "text/html"),
        (b"a,b\r\n1,2\r\n", "text/plain"),
        (b"BM is short for bitmap", "text/plain"),
        (b"<htmlish", "text/plain"),
        (b"<p>Dear Sir</p>", "text/html"),
        (b"<!-- made by hand --><div class=x>", "text/html"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        (b"<!DOCTYPE svg PUBLIC 'x' 'y'><svg>", "image/svg+xml"),
        (b"<svg width='9'>", "image/svg+xml"),
        (b"<?xml version='1.0'?><order/>", "text/plain"),
        (b"<b", "text/plain"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "application/vnd.ms-excel"),
        (archive_of("application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
        ("\ufeffŁódź\f".encode(), "text/plain"),
        (("a" * 65_535 + "é").encode(), "text/plain"),
        (b"caf\xe9", "text/plain"),
        ("\N{EURO SIGN} \u201cquoted\u201d".encode("cp1252"), "text/plain"),
        ("\u4f60\u597d\uff0c\u4f20\u771f".encode("gbk"), "text/plain"),
        (b"a byte that no charset of text has: \x81", "application/octet-stream"),
        (b"caf\xe9\0", "application/octet-stream"),
        ("\u0141\u00f3d\u017a".encode("utf-16"), "text/plain"),
        (b"\xfe\xff" + "\u0141\u00f3d\u017a".encode("utf-16-be"), "text/plain"),
        (b"\xff\xfe" + "<html>".encode("utf-16-le"), "text/html"),
        ("a letter".encode("utf-32"), "application/octet-stream"),
        (b"\xff\xfea", "application/octet-stream"),
        (b"\xff\xfe", "application/octet-stream"),
        (b"<p>caf\xe9</p>", "text/html"),
        (b"text\0", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_media_type_is_told_from_the_content(content: bytes, media_type: str) -> None:
    assert sniff(content) == media_type


@pytest.mark.parametrize(
    ("content", "name", "media_type", "wrong"),
    [
        (b"not a pdf", "a.pdf", "", Problem.mislabelled),
        (b"x", "", "image/png", Problem.mislabelled),
        (b"x", "A.TIF", "application/octet-stream", Problem.mislabelled),
        (b"x", "a.docx", "text/plain", Problem.mislabelled),
        (b"<p>x</p>", "a.pdf", "", Problem.mislabelled),
        (b"words <b>and</b> more", "a.HTML", "", Problem.unsupported),
        (b"words", "", "text/html; charset=utf-8", Problem.unsupported),
        (b"words", "a", "image/svg+xml", Problem.unsupported),
        (b"plain", "a.txt", "text/plain", None),
        (b"plain", "", "", None),
        (b"plain", "read.me", "application/octet-stream", None),
        (b"%PDF-1.4", "a.png", "image/png", None),
        (b"%PDF-1.4", "a.html", "text/html", None),
        (b"II*\0", "a.pdf", "application/pdf", None),
    ],
)
def test_text_under_another_name_is_told(
    content: bytes, name: str, media_type: str, wrong: Problem | None
) -> None:
    assert label_problem(content, name, media_type) is wrong
