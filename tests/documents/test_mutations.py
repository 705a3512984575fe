"""Files that chance has damaged: what can be proven can be seen in all forms, and nothing raises."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.documents import Problem, inspect, prove, render_png, render_tiff, text_of, to_pdf
from tests.recipes import make

WORDS = (b"", b"0", b"99", b"-1", b"null", b"[", b">>", b"stream", b"endobj", b"/Kids", b"\0", b"\xff\xff")
"""What is put into a file in place of something else."""


@st.composite
def damaged(draw: st.DrawFn, script: str, ending: str) -> bytes:
    """One of the recipes, with pieces replaced, cut off or said twice."""
    recipes = {name: content for name, content in make(script).items() if name.endswith(ending)}
    content = recipes[draw(st.sampled_from(sorted(recipes)))]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from((0, 1, 2, 4, 9, 40)))
        word = draw(st.one_of(st.sampled_from(WORDS), st.binary(max_size=4)))
        content = content[:start] + word + content[start + length :]
    return content if draw(st.booleans()) else content[: draw(st.integers(1, len(content) + 1))]


def see(content: bytes) -> None:
    """Draw and read all forms of what may be delivered."""
    document = inspect(content)
    if not isinstance(prove(content), Problem):
        pdf = to_pdf(content)
        pages = inspect(pdf).pages
        assert pages == document.pages > 0
        assert render_tiff(pdf)[:4] == b"II*\0"
        assert render_png(pdf, pages)[:4] == b"\x89PNG"
        assert len(text_of(pdf)) == pages


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(damaged("damaged", ".pdf"))
def test_no_damaged_pdf_is_delivered_that_cannot_be_seen(content: bytes) -> None:
    see(content)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(damaged("pictures", ".tiff"))
def test_no_damaged_tiff_is_delivered_that_cannot_be_seen(content: bytes) -> None:
    see(content)
