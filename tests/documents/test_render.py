from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PIL import Image

from emulator.documents import (
    Paper,
    Problem,
    Resolution,
    Unreadable,
    merge,
    render_jpeg,
    render_png,
    render_tiff,
    select_pages,
    tiff_to_pdf,
)

Sample = Callable[[str], bytes]
Letters = Callable[..., bytes]


def dark_box(image: Image.Image) -> tuple[int, int, int, int]:
    box = image.convert("L").point([255 if level < 128 else 0 for level in range(256)]).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("resolution", Resolution)
def test_every_page_has_the_tags_of_a_fax(letters: Letters, paper: Paper, resolution: Resolution) -> None:
    content = render_tiff(letters(3), paper, resolution)
    with Image.open(io.BytesIO(content)) as fax:
        assert fax.n_frames == 3
        for number in range(3):
            fax.seek(number)
            tags = dict(fax.tag_v2)
            (start,), (size,) = tags.pop(273), tags.pop(279)
            assert start + size <= len(content)
            assert tags == {
                254: 2,
                256: 1728,
                257: paper.height(resolution),
                258: (1,),
                259: 4,
                262: 0,
                266: 1,
                277: 1,
                278: paper.height(resolution),
                282: 204.0,
                283: float(resolution.dpi[1]),
                296: 2,
                297: (number, 3),
            }
            assert (fax.mode, fax.info["dpi"], fax.info["compression"]) == ("1", resolution.dpi, "group4")


def test_the_text_stands_where_it_was_drawn(letters: Letters) -> None:
    with Image.open(io.BytesIO(render_tiff(letters(1)))) as fax:
        left, top, right, bottom = dark_box(fax)
        assert (fax.getpixel((0, 0)), fax.getpixel((864, 2000))) == (255, 255)
    assert left == pytest.approx(1728 * 72 / 612, abs=6)
    assert top == pytest.approx(2156 * 63 / 792, abs=6)
    assert right < 600
    assert bottom == pytest.approx(2156 * 75 / 792, abs=6)


def test_equal_input_gives_equal_bytes(letters: Letters) -> None:
    assert render_tiff(letters(2)) == render_tiff(letters(2))


def test_landscape_pages_are_turned_clockwise(sample: Sample) -> None:
    with Image.open(io.BytesIO(render_tiff(sample("landscape-mixed.pdf")))) as fax:
        boxes = []
        for number in range(3):
            fax.seek(number)
            assert fax.size == (1728, 2156)
            boxes.append(dark_box(fax))
    assert boxes[0][0] == boxes[2][0] < 250  # upright text begins at the left
    assert boxes[1][0] > 1000  # the turned page's first line runs down the right side


@pytest.mark.parametrize(("size", "right"), [((612, 792), 1), ((1224, 1584), 1), ((306, 792), 0.75)])
def test_a_page_is_made_as_large_as_its_sheet(
    raw: SimpleNamespace, size: tuple[int, int], right: float
) -> None:
    ink = b"0 0 %d %d re f" % size
    content = raw.page(b"/MediaBox[0 0 %d %d]" % size, raw.stream(ink))
    with Image.open(io.BytesIO(render_tiff(content))) as fax:
        assert dark_box(fax) == (round(1728 * (1 - right)), 0, round(1728 * right), 2156)


def share_of_black(page: Image.Image, left: int, right: int) -> float:
    box = page.convert("L").crop((left, 800, right, 1600))
    return box.histogram()[0] / (box.width * box.height)


def test_grey_becomes_as_many_black_rows_as_it_is_dark(raw: SimpleNamespace) -> None:
    levels = (0, 77, 128, 150, 220)
    shades = b" ".join(b"%.3f g %d 0 100 792 re f" % (level / 255, 100 * x) for x, level in enumerate(levels))
    content = raw.page(b"/MediaBox[0 0 612 792]", raw.stream(shades))
    with Image.open(io.BytesIO(render_tiff(content))) as fax:
        shares = [share_of_black(fax, 282 * x + 40, 282 * x + 240) for x in range(len(levels))]
        (size,) = fax.tag_v2[279]
    assert shares == pytest.approx([1, 0.7, 0.5, 0.41, 0], abs=0.06)
    assert size < 20_000  # hardly more than a cover page: grey must not make a fax long


def test_text_on_grey_is_read(raw: SimpleNamespace) -> None:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>"
    text = b"BT /F 60 Tf 72 500 Td (TEXT) Tj ET"
    page = b"/MediaBox[0 0 612 792]/Resources<</Font<</F 5 0 R>>>>"
    plain = raw.page(page, raw.stream(text), o5=font)
    filled = raw.page(page, raw.stream(b"0.5 g 0 0 612 792 re f 0 g " + text), o5=font)
    with (
        Image.open(io.BytesIO(render_tiff(plain))) as one,
        Image.open(io.BytesIO(render_tiff(filled))) as two,
    ):
        box = dark_box(one)
        letters, on_grey = one.convert("L").crop(box), two.convert("L").crop(box)
    pairs = list(zip(letters.tobytes(), on_grey.tobytes(), strict=True))
    inside = [seen for letter, seen in pairs if not letter]
    around = [seen for letter, seen in pairs if letter]
    assert inside.count(0) / len(inside) > 0.97  # all but a hair of the edge
    assert 0.4 < around.count(0) / len(around) < 0.6


def form(value: str) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.acroForm.textfield(name="a", value=value, x=100, y=600, width=300, height=40, fontSize=30)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def ink(content: bytes, page: int = 1) -> int:
    with Image.open(io.BytesIO(render_png(content, page))) as picture:
        return picture.convert("L").histogram()[0]


def test_what_was_typed_into_a_form_is_faxed() -> None:
    assert ink(form("")) + 4000 < ink(form("TYPED"))


def test_what_was_typed_into_a_form_stays_when_documents_are_joined_or_cut(letters: Letters) -> None:
    joined = merge([letters(1), form("TYPED"), form("OTHER")])
    typed, other = ink(form("TYPED")), ink(form("OTHER"))
    assert (ink(joined, 2), ink(joined, 3)) == (typed, other)
    assert ink(select_pages(joined, ["2"])) == typed


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("resolution", Resolution)
def test_a_screen_shows_the_page_in_its_true_shape(
    letters: Letters, paper: Paper, resolution: Resolution
) -> None:
    with Image.open(io.BytesIO(render_png(letters(2), 2, resolution, paper))) as page:
        assert page.format == "PNG"
        assert page.size == (1728, paper.square_height)
        assert page.mode == "1"


def test_a_screen_shows_the_page_that_was_asked_for(letters: Letters) -> None:
    assert render_png(letters(2), 1) != render_png(letters(2), 2)
    assert render_png(letters(2)) == render_png(letters(2), 1)


def test_page_one_is_also_a_jpeg(letters: Letters) -> None:
    with Image.open(io.BytesIO(render_jpeg(letters(2)))) as page:
        assert (page.format, page.size, page.mode) == ("JPEG", (1728, 2236), "L")
        assert dark_box(page)[0] == pytest.approx(1728 * 72 / 612, abs=16)


@pytest.mark.parametrize("page", [0, -1, 3, 10**30])
def test_a_page_that_is_not_there_is_named(letters: Letters, page: int) -> None:
    for render in (render_png, render_jpeg):
        with pytest.raises(ValueError, match=f"^page {page} of 2$"):
            render(letters(2), page)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("encrypted.pdf", Problem.encrypted),
        ("truncated.pdf", Problem.broken),
        ("zero-pages.pdf", Problem.no_pages),
        ("not-a-pdf.pdf", Problem.unsupported),
        ("photo.png", Problem.unsupported),
        ("letter.txt", Problem.unsupported),
    ],
)
def test_only_a_readable_pdf_is_rendered(sample: Sample, name: str, problem: Problem) -> None:
    for render in (render_tiff, render_png, render_jpeg):
        with pytest.raises(Unreadable) as caught:
            render(sample(name))
        assert caught.value.problem == problem


def test_an_owner_password_does_not_hinder(sample: Sample) -> None:
    with Image.open(io.BytesIO(render_tiff(sample("owner-password.pdf")))) as fax:
        assert fax.n_frames == 2


def test_a_wrong_count_of_pages_is_not_believed(letters: Letters) -> None:
    with Image.open(io.BytesIO(render_tiff(letters(3).replace(b"/Count 3", b"/Count 9")))) as fax:
        assert fax.n_frames == 3


def test_a_rendered_fax_wrapped_in_a_pdf_keeps_its_bits(letters: Letters) -> None:
    fax = render_tiff(letters(2), Paper.letter, Resolution.standard)
    content = tiff_to_pdf(fax)
    with Image.open(io.BytesIO(fax)) as image:
        for number in range(2):
            image.seek(number)
            (start,), (size,) = image.tag_v2[273], image.tag_v2[279]
            assert fax[start : start + size] in content
