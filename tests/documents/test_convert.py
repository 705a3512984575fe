from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader

from emulator.documents import (
    Paper,
    Problem,
    Unreadable,
    inspect,
    merge,
    render_png,
    select_pages,
    text_of,
    tiff_to_pdf,
    to_pdf,
)

Sample = Callable[[str], bytes]
Letters = Callable[..., bytes]


def page_sizes(content: bytes) -> list[tuple[float, float]]:
    pages = PdfReader(io.BytesIO(content)).pages
    return [(float(page.mediabox.width), float(page.mediabox.height)) for page in pages]


def picture(size: tuple[int, int], kind: str = "PNG", mode: str = "L", **options: object) -> bytes:
    """A white picture whose upper left quarter is black."""
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill="black")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def black_box(content: bytes, paper: Paper = Paper.letter) -> tuple[float, float, float, float]:
    """Where the first page is black: left, top, right and bottom, each as a share of the page."""
    with Image.open(io.BytesIO(render_png(content, paper=paper))) as page:
        box = page.convert("L").point([255 if level < 128 else 0 for level in range(256)]).getbbox()
        assert box is not None
        left, top, right, bottom = box
        return left / page.width, top / page.height, right / page.width, bottom / page.height


def test_a_pdf_stays_as_it_is(sample: Sample) -> None:
    assert to_pdf(sample("owner-password.pdf")) == sample("owner-password.pdf")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("encrypted.pdf", Problem.encrypted),
        ("truncated.pdf", Problem.broken),
        ("zero-pages.pdf", Problem.no_pages),
        ("not-a-pdf.pdf", Problem.unsupported),
    ],
)
def test_what_cannot_be_read_says_why(sample: Sample, name: str, problem: Problem) -> None:
    for work in (
        to_pdf,
        text_of,
        lambda content: select_pages(content, ["1"]),
        lambda content: merge([content]),
    ):
        with pytest.raises(Unreadable, match=problem.value) as caught:
            work(sample(name))
        assert caught.value.problem == problem


@pytest.mark.parametrize(
    ("kind", "paper"),
    [
        ("PNG", Paper.letter),
        ("JPEG", Paper.legal),
        ("GIF", Paper.a4),
        ("BMP", Paper.letter),
        ("TIFF", Paper.letter),
    ],
)
def test_a_picture_fills_a_sheet(kind: str, paper: Paper) -> None:
    content = to_pdf(picture((300, 300), kind), paper)
    assert page_sizes(content) == [pytest.approx(paper.points, abs=0.01)]
    left, top, right, bottom = black_box(content, paper)
    assert (left, top, right) == pytest.approx((0, 0, 0.5), abs=0.01)
    assert bottom == pytest.approx(0.5 * paper.points[0] / paper.points[1], abs=0.01)


def test_a_landscape_picture_is_turned_clockwise() -> None:
    content = to_pdf(picture((400, 200)))
    assert page_sizes(content) == [(612, 792)]
    left, top, right, bottom = black_box(content)
    across = 792 / 2 / 612  # as wide as the turned picture becomes when it is as high as the sheet
    assert (left, right) == pytest.approx((0.5, 0.5 + across / 2), abs=0.01)
    assert (top, bottom) == pytest.approx((0, 0.5), abs=0.01)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_a_picture_lies_as_its_camera_was_held(kind: str) -> None:
    turned = Image.Exif()
    turned[274] = 6  # to be turned clockwise before it is shown
    left, _, right, _ = black_box(to_pdf(picture((200, 200), kind, exif=turned)))
    assert (left, right) == pytest.approx((0.5, 1), abs=0.01)


def test_pixels_that_are_not_square_are_made_square() -> None:
    low = to_pdf(picture((204, 98), "TIFF", dpi=(204, 98)))
    assert black_box(low)[3] == pytest.approx(0.5 * 612 / 792, abs=0.01)


def test_what_is_transparent_is_white() -> None:
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 49, 99), fill=(0, 0, 0, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    left, _, right, _ = black_box(to_pdf(out.getvalue()))
    assert (left, right) == pytest.approx((0, 0.5), abs=0.01)


def test_each_frame_becomes_a_page(sample: Sample) -> None:
    assert page_sizes(to_pdf(sample("scan.tiff"))) == [(612, 792)] * 2


def test_a_large_picture_is_converted() -> None:
    content = to_pdf(picture((5000, 7000), "PNG", "RGB"))
    assert black_box(content)[2] == pytest.approx(0.5, abs=0.01)


def test_a_picture_that_breaks_off_is_broken() -> None:
    whole = picture((300, 300), "JPEG")
    with pytest.raises(Unreadable) as caught:
        to_pdf(whole[: len(whole) // 2])
    assert caught.value.problem == Problem.broken


FRENCH = "Crème brûlée, \N{EURO SIGN} 7 \u2013 \u201cmerci\u201d\r\n" * 3


@pytest.mark.parametrize("before", ["", "x" * 70_000], ids=["short", "long"])
@pytest.mark.parametrize("charset", ["cp1252", "utf-16", "utf-8-sig"])
def test_text_of_another_charset_is_printed_as_it_reads(charset: str, before: str) -> None:
    assert to_pdf((before + FRENCH).encode(charset)) == to_pdf((before + FRENCH).encode())


def test_text_in_utf_8_with_one_wrong_byte_stays_utf_8() -> None:
    assert to_pdf("é".encode() * 40_000 + b"\xe9") == to_pdf("é".encode() * 40_000 + "\ufffd".encode())


def test_text_keeps_its_lines_and_pages(sample: Sample) -> None:
    first, second = text_of(to_pdf(sample("letter.txt")))
    assert first.splitlines() == [
        "Springfield, 20 November",
        "Dear colleague,",
        "this letter is plain text. It has a line that is much longer than a sheet of letter",
        "paper is wide, so that it must be wrapped somewhere.",
        "        Item    Pieces",
        "        Cable   2",
        "        Modem   1",
        "Prices in € and £; greetings from Zürich and Kraków.",
    ]
    assert second == "This is the second page."


@pytest.mark.parametrize("paper", Paper)
def test_text_is_printed_on_the_paper_asked_for(paper: Paper) -> None:
    assert page_sizes(to_pdf(b"hello", paper)) == [pytest.approx(paper.points, abs=0.01)]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Łódź, Kraków", "Łódź, Kraków"),
        ("e\u0301t\u00e9", "été"),
        ("\u0416\u4f60\U0001f4e0!", "\u0416\u4f60?!"),
        ("\u2167 \u00bc", "VIII ¼"),
        ("bell\x1b and \u0085 next", "bell  and   next"),
    ],
)
def test_letters_that_no_font_has_do_not_stop_the_printing(text: str, printed: str) -> None:
    assert text_of(to_pdf(text.encode())) == [printed]


@pytest.mark.parametrize(("before", "last"), [(b"x", "café"), ("é".encode(), "caf?")])
def test_a_letter_far_into_a_text_is_of_the_charset_before_it(before: bytes, last: str) -> None:
    content = (before * 83 + b"\n") * 800 + b"caf\xe9"
    assert text_of(to_pdf(content))[-1].splitlines()[-1] == last


def test_large_text_is_printed_like_small_text() -> None:
    content = b"line\n" * 60_000
    assert inspect(to_pdf(content)).pages == inspect(content).pages == 1053


@pytest.mark.parametrize(
    ("ranges", "numbers"),
    [
        (["2"], [2]),
        (["1-3"], [1, 2, 3]),
        (["4-5", "1"], [4, 5, 1]),
        ([" 2 - 3 "], [2, 3]),
        (["1", "1"], [1, 1]),
    ],
)
def test_pages_are_selected_in_order(letters: Letters, ranges: list[str], numbers: list[int]) -> None:
    assert text_of(select_pages(letters(5), ranges)) == [f"Page {number}, line 1" for number in numbers]


@pytest.mark.parametrize("wrong", ["0", "6", "3-6", "3-2", "", "a", "1,2", "-1", "1-", "9" * 5000, "\u0661"])
def test_a_range_that_is_none_is_named(letters: Letters, wrong: str) -> None:
    with pytest.raises(ValueError, match="^" + wrong + "$"):
        select_pages(letters(5), ["1", wrong])


def test_selecting_nothing_is_refused(letters: Letters) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        select_pages(letters(5), [])


def test_selecting_without_end_is_refused(letters: Letters) -> None:
    with pytest.raises(ValueError, match=r"^1-5$"):
        select_pages(letters(5), ["1-5"] * 100_000)


def test_documents_are_joined_in_order(letters: Letters, sample: Sample) -> None:
    joined = merge([letters(2), sample("owner-password.pdf"), to_pdf(b"end")])
    assert [text.splitlines()[0] for text in text_of(joined)] == [
        "Page 1, line 1",
        "Page 2, line 1",
        "Page 1 of 2",
        "Page 2 of 2",
        "end",
    ]
    assert joined == merge([letters(2), sample("owner-password.pdf"), to_pdf(b"end")])


def test_a_single_document_is_joined_to_itself(letters: Letters) -> None:
    assert merge([letters(2)]) == letters(2)


def test_joining_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no document"):
        merge([])


def test_large_documents_are_cut_and_joined_too(letters: Letters) -> None:
    large = letters(300)
    assert text_of(select_pages(large, ["299-300"])) == ["Page 299, line 1", "Page 300, line 1"]
    assert inspect(merge([large, large])).pages == 600


def test_text_of_a_full_page_is_complete(letters: Letters) -> None:
    (text,) = text_of(letters(1, lines=3000, size=(612, 80_000)))
    assert text.splitlines()[-1] == "Page 1, line 3000"


def test_a_page_with_a_damaged_drawing_has_no_text(raw: SimpleNamespace, letters: Letters) -> None:
    damaged = raw.page(b"/MediaBox[0 0 612 792]", raw.stream(b"\1\2\3", b"/Filter/ASCII85Decode"))
    assert text_of(merge([letters(1), damaged, letters(1)])) == ["Page 1, line 1", "", "Page 1, line 1"]


def test_text_of_a_page_is_bounded(raw: SimpleNamespace) -> None:
    line = b"BT /F 10 Tf 9 9 Td (" + b"x" * 150_000 + b") Tj ET"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    page = b"/MediaBox[0 0 612 792]/Resources<</Font<</F 5 0 R>>>>"
    assert text_of(raw.page(page, raw.stream(line), o5=font)) == ["x" * 100_000]


def test_a_received_fax_keeps_its_size_as_pdf(sample: Sample) -> None:
    content = tiff_to_pdf(sample("scan.tiff"))
    assert page_sizes(content) == [(pytest.approx(609.88, abs=0.01), 792)] * 2
    left, top, right, bottom = black_box(content)
    assert (left, right) == pytest.approx((200 / 1728, 1528 / 1728), abs=0.01)
    assert (top, bottom) == pytest.approx((310 / 2156, 1900 / 2156), abs=0.02)


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_lzw", "raw"])
def test_a_fax_becomes_the_same_pdf_however_it_was_compressed(compression: str) -> None:
    content = tiff_to_pdf(picture((1728, 1078), "TIFF", "1", compression=compression, dpi=(204, 98)))
    assert black_box(content) == pytest.approx((0, 0, 0.5, 0.5), abs=0.01)


def test_a_fax_without_a_resolution_is_taken_as_fine() -> None:
    assert page_sizes(tiff_to_pdf(picture((1728, 2156), "TIFF", "1"))) == [
        (pytest.approx(609.88, abs=0.01), 792)
    ]


def test_only_a_tiff_is_wrapped_as_a_fax(sample: Sample) -> None:
    with pytest.raises(Unreadable) as caught:
        tiff_to_pdf(sample("photo.png"))
    assert caught.value.problem == Problem.unsupported
