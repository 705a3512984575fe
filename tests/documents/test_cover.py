from __future__ import annotations

import io
import threading

import pytest
from PIL import Image, ImageChops

from emulator.documents import Cover, Paper, draw_cover, inspect, render_png, text_of, to_pdf
from emulator.documents.direction import order

FULL = Cover(
    to_name="Dr. Żółć",
    to_number="+1 500 555 0001",
    from_name="Ann Example",
    from_number="+1 500 555 0002",
    subject="Your order",
    message="Dear doctor,\n\nhere it is.",
    date="20 November 2026",
    pages=4,
)


def test_a_cover_says_everything_once() -> None:
    (text,) = text_of(draw_cover(FULL))
    assert [line.strip() for line in text.splitlines() if line.strip()] == [
        "FAX",
        "To:",
        "Dr. Żółć, +1 500 555 0001",
        "From:",
        "Ann Example, +1 500 555 0002",
        "Date:",
        "20 November 2026",
        "Pages:",
        "4",
        "Subject:",
        "Your order",
        "Dear doctor,",
        "here it is.",
    ]


def test_empty_fields_are_left_out() -> None:
    assert text_of(draw_cover(Cover(to_number="1500555"))) == ["FAX\nTo:\n1500555"]


def test_equal_covers_are_equal_bytes() -> None:
    assert draw_cover(FULL) == draw_cover(FULL)


def test_covers_drawn_at_the_same_time_do_not_mix() -> None:
    expected, found = draw_cover(FULL), []
    threads = [
        threading.Thread(target=lambda: found.extend(draw_cover(FULL) for _ in range(5))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 30


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize(
    "text", ["word " * 20_000, "x" * 100_000, "\n" * 100_000 + "x", "\t" * 100_000 + "x", "\u4f60 " * 9000]
)
def test_a_cover_is_bounded_whatever_its_length(text: str, paper: Paper) -> None:
    cover = Cover(to_name=text, to_number=text, subject=text, message=text, date=text, pages=10**30)
    assert 1 <= inspect(draw_cover(cover, paper)).pages <= 20


@pytest.mark.parametrize(("following", "pages"), [(None, ()), (0, ("Pages:", "2")), (7, ("Pages:", "9"))])
def test_a_long_message_flows_on_to_a_second_page(following: int | None, pages: tuple[str, ...]) -> None:
    words = [f"word{number}" for number in range(600)]
    cover = Cover(to_number="1500555", message=" ".join(words), following=following)
    first, second = (text.split() for text in text_of(draw_cover(cover)))
    assert [*first, *second] == ["FAX", "To:", "1500555", *pages, *words]


SCRIPTS = {
    "Latin": "Žluťoučký kůň, Łódź, Tiếng Việt",
    "Cyrillic": "Уважаемый господин, заказ № 12",
    "Greek": "Αγαπητέ κύριε, ευχαριστώ",
    "Hebrew": "שלום",
    "Arabic": "سلام",
    "Chinese": "尊敬的客户。請查收附件",
    "Japanese": "日本語のテキストカタカナ",
    "Korean": "안녕하십니까",
    "Thai": "เรียนท่านที่เคารพ น้ำ กี่ ผู้",
    "Lao": "ສະບາຍດີ",
    "Hindi": "हिन्दी में पत्र, कि स्थिति",
    "Bengali": "প্রিয় মহোদয়, কেমন কোথায়",
    "Punjabi": "ਪਿਆਰੇ ਸਰ",
    "Gujarati": "પ્રિય સર",
    "Odia": "ପ୍ରିୟ ମହାଶୟ, କେ କୋ",
    "Tamil": "அன்புள்ள ஐயா, கேள் கொடு",
    "Telugu": "ప్రియమైన",
    "Kannada": "ಆತ್ಮೀಯ",
    "Malayalam": "പ്രിയപ്പെട്ട, കേ കോ",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_any_script_is_set(script: str) -> None:
    text = SCRIPTS[script]
    (found,) = text_of(draw_cover(Cover(message=text)))
    assert found.split("\n", 1)[1].strip() == text
    (printed,) = text_of(to_pdf(text.encode()))
    assert printed.strip() == text


@pytest.mark.parametrize(("lower", "higher"), [("กี", "กี่"), ("ນຳ", "ນ້ຳ"), ("กา", "กำ")])
def test_a_tone_stands_above_what_is_above_a_letter(lower: str, higher: str) -> None:
    tops = []
    for text in (lower, higher):
        page = Image.open(io.BytesIO(render_png(to_pdf(text.encode())))).convert("L")
        box = ImageChops.invert(page).getbbox()
        assert box is not None
        tops.append(box[1])
    assert tops[0] > tops[1] + 4


@pytest.mark.parametrize(
    ("line", "drawn"),
    [
        ("abc", "abc"),
        ("שלום abc", "abc םולש"),
        ("abc שלום, 12", "abc 12 ,םולש"),
        ("שלום (12-34) x!", "!x (34-12) םולש".replace("34-12", "12-34")),
        ("العالم", "\ufee2\ufedf\ufe8e\ufecc\ufedf\ufe8d"),
        ("لا", "\ufefb"),
    ],
)
def test_a_line_is_put_in_the_order_of_drawing(line: str, drawn: str) -> None:
    assert order(line)[0] == drawn


@pytest.mark.parametrize("text", ["\ud800", "\x00\x1b[31m", "\u202eabc", "\U0010ffff", "(\\)", "\u2028"])
def test_any_text_is_accepted(text: str) -> None:
    assert inspect(draw_cover(Cover(to_name=text, subject=text, message=text))).pages == 1


def test_every_western_letter_is_printed() -> None:
    letters = bytes(set(range(0xA1, 0x100)) - {0xAD}).decode("cp1252")
    (text,) = text_of(draw_cover(Cover(subject=letters[:48], message=letters[48:])))
    assert set(letters) <= set(text)
