"""What becomes of each kind of document at each vendor, sent as its clients send it."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Callable

import pytest
import requests

from localfax.asking import Document, Order
from localfax.submission import client_of
from tests.conftest import WAIT, Control
from tests.sending import VENDORS, pages

Sample = Callable[[str], bytes]


def send(control: Control, vendor: str, name: str, content: bytes) -> requests.Response:
    """Send a document under its name; its type is for the vendor to find out."""
    own = vendor == "openfax"  # for it our client makes a PDF of whatever it is given
    document = Document(name, "application/octet-stream", pages(1) if own else content)
    ask = client_of(vendor).send(Order(control.client.account(vendor), "+12125550123", document))
    arguments = ask.arguments
    if own:
        arguments["data"] = {**arguments["data"], "PDF_encode": b64encode(content).decode()}
    return requests.request(**arguments, timeout=WAIT)


def locked(user: str, algorithm: str) -> bytes:
    """Give three pages under an owner's password and a reader's, who may have none."""
    from pypdf import PdfWriter

    writer, out = PdfWriter(clone_from=io.BytesIO(pages(3))), io.BytesIO()
    writer.encrypt(user, "owner", algorithm=algorithm)
    writer.write(out)
    return out.getvalue()


def tree(*objects: bytes) -> bytes:
    """Give a PDF of a page tree written by hand."""
    numbered = enumerate((b"<</Type/Catalog/Pages 2 0 R>>", *objects), 1)
    rows = (b"%d 0 obj%b endobj\n" % row for row in numbered)
    return b"%PDF-1.4\n" + b"".join(rows) + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


BROKEN: dict[str, tuple[Callable[[Sample], bytes], str]] = {
    "no PDF": (lambda sample: bytes(range(256)), "unsupported"),
    "half of one": (lambda sample: pages(10)[: len(pages(10)) // 2], "broken"),
    "nothing but a head": (lambda sample: b"%PDF-1.4\n", "broken"),
    "a tree that bites its tail": (
        lambda sample: tree(
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>"
        ),
        "broken",
    ),
    "no pages": (lambda sample: sample("zero-pages.pdf"), "no_pages"),
    "pages that are only counted": (lambda sample: tree(b"<</Type/Pages/Kids[]/Count 5000>>"), "no_pages"),
    "encrypted": (lambda sample: sample("encrypted.pdf"), "encrypted"),
    "encrypted with RC4": (lambda sample: locked("secret", "RC4-128"), "encrypted"),
    "encrypted with AES": (lambda sample: locked("secret", "AES-256"), "encrypted"),
}
"""What cannot be converted, and why."""

WORDS = {
    "openfax": ("10", "8", "Doc Conversion Failed"),
    "kazoo": ("failed", "0", "TIFF/F file cannot be opened"),
    "ifax": (
        "failed",
        "9042",
        "There was a problem in converting and merging files to the output file format.",
    ),
    "mfax": ("failed", "5200", "Fax Rendering Issue"),
    "faxto": ("failed", "file_error", "Fax Failed - File conversion failed. Re-upload and Retry"),
}
"""State, code and text of a fax whose document could not be converted."""

READABLE: dict[str, tuple[Callable[[Sample], bytes], int]] = {
    "a wrong place of its table": (
        lambda sample: pages(10).replace(b"startxref\n", b"startxref\n9"),
        10,
    ),
    "junk before it": (lambda sample: b"J" * 500 + pages(10), 10),
    "an owner's password with RC4": (lambda sample: locked("", "RC4-128"), 3),
    "an owner's password with AES": (lambda sample: locked("", "AES-256"), 3),
    "a page of no size": (
        lambda sample: tree(
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 0 0]>>"
        ),
        1,
    ),
    "pages that lie on their side": (lambda sample: sample("landscape-mixed.pdf"), 3),
}
"""What readers of PDF bear with, and its pages."""

PICTURES = {"photo.png": 1, "photo.jpg": 1, "scan.tiff": 2, "letter.txt": 2}
"""What becomes pages of PDF, and how many."""


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("kind", BROKEN)
def test_what_cannot_be_converted_fails_late(
    control: Control, document: Sample, vendor: str, kind: str
) -> None:
    make, problem = BROKEN[kind]
    answer = send(control, vendor, "fax.pdf", make(document))
    assert answer.status_code in (200, 201), answer.text
    control.advance()
    [fax] = control.faxes()
    assert (fax["state"], fax["outcome"], fax["pages"]) == (
        "failed",
        "conversion_failed",
        {"total": 0, "sent": 0},
    )
    assert fax["document"]["problem"] == problem
    said = fax["vendor_view"]
    assert (said["state"], said["code"], said["text"]) == WORDS[vendor]


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("kind", READABLE)
def test_what_readers_bear_with_is_sent(control: Control, document: Sample, vendor: str, kind: str) -> None:
    make, count = READABLE[kind]
    send(control, vendor, "fax.pdf", make(document))
    control.advance()
    [fax] = control.faxes()
    assert (fax["state"], fax["pages"]) == ("delivered", {"total": count, "sent": count})


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("name", PICTURES)
def test_pictures_and_text_become_pages_where_the_vendor_takes_them(
    control: Control, document: Sample, vendor: str, name: str
) -> None:
    answer = send(control, vendor, name, document(name))
    control.advance()
    faxes = [(fax["state"], fax["pages"], fax["document"]["problem"]) for fax in control.faxes()]
    if vendor == "openfax":  # PDF alone is documented
        assert faxes == [("failed", {"total": 0, "sent": 0}, "unsupported")]
    elif (vendor, name) == ("ifax", "letter.txt"):  # PDF and images are
        assert (answer.json(), faxes) == (
            {"status": 0, "code": 120109, "message": "Invalid file format"},
            [],
        )
    else:
        count = PICTURES[name]
        assert faxes == [("delivered", {"total": count, "sent": count}, None)]
        shown = requests.get(
            f"{control.root}/sandboxes/{control.id}/faxes/{control.faxes()[0]['id']}/document", timeout=WAIT
        )
        assert (shown.status_code, shown.headers["Content-Type"]) == (200, "application/pdf")
        assert shown.content.startswith(b"%PDF-")
