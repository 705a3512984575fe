"""A report is one page that needs nothing else, with what failed first and everything escaped."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

from emulator.reports import (
    Beside,
    Exchange,
    Facts,
    Folded,
    Grid,
    Picture,
    Pictures,
    Pre,
    Section,
    write_page,
)

MARKUP = "<img src=x onerror=hurt()><script>hurt()</script>'\""
CONTENT = b"\x89PNG"
EVERY = (
    Pre(MARKUP, MARKUP),
    Facts({MARKUP: MARKUP}, MARKUP),
    Grid([MARKUP], [[MARKUP]], MARKUP),
    Beside([(MARKUP, MARKUP, MARKUP)], MARKUP),
    Folded(MARKUP, [Exchange(MARKUP, MARKUP, MARKUP)]),
    Pictures([Picture(MARKUP, CONTENT)], MARKUP),
)


class Outline(HTMLParser):
    """The tags of a page, and the titles of its sections with whether they are open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attributes if name in ("src", "href", "action")]


def test_what_failed_comes_first_and_is_open() -> None:
    sections = [
        Section("one", True),
        Section("two", False, word="lost"),
        Section("three"),
        Section("four", False),
    ]
    page = write_page("Many", {}, sections)
    found = re.findall(r'<details class="section[^"]*"( open)?><summary><h2>(.*?)</h2>', page)
    assert found == [(" open", "two"), (" open", "four"), ("", "one"), (" open", "three")]
    assert re.findall(r'class="state (\w+)">(\w+)<', page) == [
        ("bad", "lost"),
        ("bad", "failed"),
        ("good", "held"),
    ]


def test_everything_that_is_told_is_escaped() -> None:
    page = write_page(
        MARKUP, {MARKUP: MARKUP}, [Section(MARKUP, False, MARKUP, EVERY, MARKUP, MARKUP)], MARKUP
    )
    outline = Outline(page)
    assert outline.tags.count("img") == 1
    assert "script" not in outline.tags
    assert "hurt()>" not in page


def test_page_asks_nobody_for_anything() -> None:
    outline = Outline(write_page("One", {}, [Section("all", None, "", EVERY)]))
    assert outline.sources == ["data:image/png;base64," + base64.b64encode(CONTENT).decode()]
    assert not {"script", "link", "iframe", "form"} & set(outline.tags)


def test_what_differs_from_what_was_expected_stands_out_and_comes_first() -> None:
    rows = Beside([("pages", "1", "1"), ("state", "a", "b"), ("calls", "2", "2")])
    page = write_page("One", {}, [Section("s", False, "", [rows])])
    assert re.findall(r'<tr( class="differs")?><th scope="row">(\w+)', page) == [
        (' class="differs"', "state"),
        ("", "pages"),
        ("", "calls"),
    ]
