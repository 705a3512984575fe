"""One page that needs nothing else: no script, no other file, everything escaped, dark and light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from emulator.reports.sections import Section

_HERE = Path(__file__).parent


def look() -> str:
    """Read the style sheet that the reports share with the web page."""
    return _read("look.css")


def write_page(title: str, facts: Mapping[str, str], sections: Sequence[Section], said: str = "") -> str:
    """Write a report as HTML, the sections that failed first; `said` sums it up in a sentence."""
    from jinja2 import Environment

    page = Environment(autoescape=True, keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True)
    style = look() + _read("report.css")
    ordered = sorted(sections, key=lambda each: each.held is not False)
    return page.from_string(_read("report.html")).render(
        title=title, said=said, told=facts, sections=ordered, style=style
    )


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
