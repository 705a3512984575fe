"""What is delivered can be seen, and nothing good is refused: every recipe through every vendor's upload."""

from __future__ import annotations

import io
from pathlib import PurePath

import pytest
from PIL import Image

from localfax.asking import Document, Order
from localfax.submission import client_of
from tests.conftest import Control, exchange
from tests.recipes import LOCKED, LOST, TYPES, make, make_stored
from tests.sending import VENDORS, pages

FORMS = ("pdf", "tiff", "text")


def send(control: Control, vendor: str, name: str, content: bytes, kind: str = "") -> None:
    document = Document(name, kind or TYPES[PurePath(name).suffix], content)
    order = Order(control.client.account(vendor), "+12125550123", document)
    ask = client_of(vendor).send(order)
    answer = control.client.connection.session.request(**ask.arguments, timeout=30)
    assert answer.ok, (name, answer.text)


def send_all(control: Control, vendor: str, recipes: dict[str, bytes]) -> dict[str, dict[str, object]]:
    """Send each and play all to the end; give the faxes by the recipes' names."""
    for name, content in recipes.items():
        send(control, vendor, name, content)
    control.advance()
    found = control.call("GET", f"/sandboxes/{control.id}/faxes?limit=1000")["faxes"]
    return dict(zip(recipes, reversed(found), strict=True))


SEEN: dict[str, str | None] = {}
"""What is wrong with a document's picture, by digest: most vendors send the same PDF of it."""


def looks(control: Control, fax: dict[str, object]) -> str | None:
    """Look at the picture of a fax, unless another vendor's had the same document."""
    digest = fax["document"]["digest"]
    if digest not in SEEN:
        status, png = show(control, fax, "png")
        SEEN[digest] = looks_wrong(png) if status == 200 else f"status {status}"
    return SEEN[digest]


def show(control: Control, fax: dict[str, object], form: str) -> tuple[int, bytes]:
    url = f"{control.root}/sandboxes/{control.id}/faxes/{fax['id']}/document?format={form}"
    answer = exchange("GET", url)
    return answer.status_code, answer.content


def looks_wrong(picture: bytes) -> str | None:
    """Look for ink above, at the left, and nothing but paper below; give what is wrong."""
    page = Image.open(io.BytesIO(picture)).convert("L").reduce(4)
    ink = page.point(lambda level: 255 if level < 128 else 0)
    width, height = page.size
    left, top, right, bottom = ink.getbbox() or (0, 0, 0, 0)
    dark = ink.histogram()[255] / (width * height)
    if not 0.005 < dark < 0.2:
        return f"{dark:.0%} of the page is black"
    at_left = width * 0.08 < left < width * 0.12 and width * 0.5 < right < width * 0.65
    if bottom > height * 0.45 or not at_left:
        return f"the ink is at {left, top, right, bottom} of {page.size}"
    return None


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_picture_is_seen_as_it_was_sent(control: Control, vendor: str) -> None:
    for name, fax in send_all(control, vendor, make("pictures") | make("old_jpeg")).items():
        assert (fax["outcome"], fax["pages"]["total"]) == ("delivered", 1), name
        assert looks(control, fax) is None, name


def share_of_black(page: Image.Image, box: tuple[float, float, float, float]) -> float:
    width, height = page.size
    part = page.crop((int(width * box[0]), int(height * box[1]), int(width * box[2]), int(height * box[3])))
    return part.convert("L").point(lambda level: level < 128).histogram()[1] / (part.width * part.height)


@pytest.mark.parametrize("vendor", VENDORS)
def test_grey_is_as_dark_as_it_was_text_on_it_is_read_and_the_call_no_longer(
    control: Control, vendor: str
) -> None:
    made = {name: content for name, content in make("shaded").items() if name.startswith("grey")}
    faxes = send_all(control, vendor, made | {"plain.pdf": pages(1)})
    plain = faxes.pop("plain.pdf")["attempts"][0]["duration"]
    for name, fax in faxes.items():
        page = Image.open(io.BytesIO(show(control, fax, "png")[1]))
        darkness = int(name[5:7]) / 100
        assert share_of_black(page, (0, 0.3, 1, 1)) == pytest.approx(darkness, abs=0.07), name
        assert share_of_black(page, (0.12, 0.138, 0.15, 0.175)) > darkness + (1 - darkness) / 8, name
        assert fax["attempts"][0]["duration"] == plain, name


SCAN = "scanned.pdf"


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_soft_letters_of_a_scan_stay_letters(control: Control, vendor: str) -> None:
    (fax,) = send_all(control, vendor, {SCAN: make("shaded")[SCAN]}).values()
    page = Image.open(io.BytesIO(show(control, fax, "png")[1])).convert("L")
    rows = (page.crop((0, row, page.width, row + 1)).tobytes() for row in range(page.height))
    longest = max(len(black) for row in rows for black in row.split(b"\xff"))
    assert 20 < longest < 40  # pixels: a stroke of the largest letter or the bars of `tt`, no line through


@pytest.mark.parametrize("vendor", ["kazoo", "ifax"])
def test_rules_of_any_grey_stay_whole_and_a_light_area_gets_no_outline(control: Control, vendor: str) -> None:
    (fax,) = send_all(control, vendor, {"ruled.pdf": make("shaded")["ruled.pdf"]}).values()
    page = Image.open(io.BytesIO(show(control, fax, "png")[1])).convert("L")
    ink = page.point(lambda level: 255 if level < 128 else 0)

    def gaps(x: float, y: float, right: float, top: float) -> int:
        """Count the lines of pixels, along the longer side of a box in points, that have no ink."""
        scale = page.width / 612
        box = ink.crop(tuple(round(scale * each) for each in (x, 792 - top, right, 792 - y)))
        along = box if box.width > box.height else box.transpose(Image.Transpose.TRANSPOSE)
        return along.reduce((1, along.height)).point(lambda level: 1 if level == 0 else 0).histogram()[1]

    for row in range(5):
        for column in range(5):
            x, y = 72 + 90 * column, 720 - 90 * row
            assert gaps(x + 1, y - 4, x + 59, y + 4) == 0, (row, column)
            assert gaps(x + 26, y - 69, x + 34, y - 11) == 0, (row, column)
    assert share_of_black(page, (0, 0.65, 1, 1)) == 0


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_file_that_some_reader_opens_is_seen_in_all_forms(control: Control, vendor: str) -> None:
    damaged = {name: content for name, content in make("damaged").items() if name not in LOCKED + LOST}
    for name, fax in send_all(control, vendor, damaged).items():
        assert (fax["outcome"], fax["pages"]["total"]) == ("delivered", 1), name
        if fax["document"]["digest"] not in SEEN:
            assert {show(control, fax, form)[0] for form in FORMS} == {200}, name
        assert looks(control, fax) is None, name


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("name", LOCKED)
def test_what_only_a_password_opens_fails_as_a_conversion(control: Control, vendor: str, name: str) -> None:
    (fax,) = send_all(control, vendor, {name: make("damaged")[name]}).values()
    assert fax["outcome"] == "conversion_failed"
    assert fax["document"]["problem"] == "encrypted"


def can_be_sent(vendor: str, name: str) -> bool:
    """Tell whether a vendor takes such a file: iFax no text, and Openfax's client makes a PDF of it first."""
    if vendor == "ifax":
        return not name.endswith(".txt")
    return vendor != "openfax" or make_stored()[name].startswith(b"%PDF")


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_ends_delivered_has_all_forms_and_the_rest_says_why(control: Control, vendor: str) -> None:
    stored = {name: content for name, content in make_stored().items() if can_be_sent(vendor, name)}
    for name, content in stored.items():
        send(control, vendor, name, content, "application/octet-stream")
    control.advance()
    for name, fax in zip(stored, reversed(control.faxes()), strict=True):
        document = fax["document"]
        if fax["outcome"] != "delivered":
            assert (fax["outcome"], bool(document["problem"])) == ("conversion_failed", True), name
        elif document["digest"] not in SEEN:
            SEEN[document["digest"]] = None
            assert {show(control, fax, form)[0] for form in (*FORMS, "png")} == {200}, name


MISLABELLED = {
    "a.pdf": ("application/pdf", b"not a pdf"),
    "a.png": ("image/png", b"x"),
    "a.docx": ("application/octet-stream", b"a letter, not a Word file"),
}


@pytest.mark.parametrize("name", MISLABELLED)
@pytest.mark.parametrize("vendor", ["kazoo", "mfax", "faxto"])
def test_text_under_the_name_of_something_else_fails(control: Control, vendor: str, name: str) -> None:
    kind, content = MISLABELLED[name]
    send(control, vendor, name, content, kind)
    control.advance()
    (fax,) = control.faxes()
    assert fax["outcome"] == "conversion_failed"
    assert fax["document"]["problem"] == "text under the name of another type"


MARKUP = {"page": b"<html><p>x</p></html>", "piece": b"<p>x</p>", "drawing": b"<svg xmlns='x'/>"}
MARKUP["words first"] = b"Words and <b>more</b>"
MARKUP |= {f"{name} with a doctype": b"<!doctype html>" + content for name, content in MARKUP.items()}


@pytest.mark.parametrize("vendor", ["kazoo", "mfax", "faxto"])
def test_the_source_of_markup_is_never_faxed(control: Control, vendor: str) -> None:
    for content in MARKUP.values():
        send(control, vendor, "letter.html", content, "text/html")
    control.advance()
    found = [(fax["outcome"], fax["document"]["problem"]) for fax in control.faxes()]
    assert found == [("conversion_failed", "unsupported")] * len(MARKUP)


@pytest.mark.parametrize("vendor", ["kazoo", "mfax", "faxto"])
def test_an_office_file_names_the_converter_that_is_missing(
    control: Control, vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    send(control, vendor, "a.docx", b"PK\x03\x04 word/document.xml", "application/octet-stream")
    control.advance()
    (fax,) = control.faxes()
    assert fax["document"]["problem"] == "no converter for docx here: install LibreOffice"
