"""Regular expressions in bounded time: they find what `re` finds, and hostile ones end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.vendors.kazoo.mail.pattern import is_found

ATOMS = st.sampled_from(
    ["a", "b", "@", r"\.", "1", ".", "[ab]", "[^a]", r"\d", r"\w", "[a-b1]", "^", "$", r"\b"]
)
COUNTS = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{1,}", "*?", "{x"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda both: f"({both[0]}|{both[1]})"),
        st.tuples(inner, COUNTS).map(lambda both: f"(?:{both[0]}){both[1]}"),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(PATTERNS, st.text("ab@.1", max_size=8))
def test_it_finds_what_re_finds(pattern: str, text: str) -> None:
    wanted = re.search(pattern.replace("$", r"\Z"), text, re.ASCII) is not None
    assert is_found(pattern, text) is wanted


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a*)*b", "(.*)*@" * 5, "a{300}a{300}b"])
def test_no_pattern_takes_long(pattern: str) -> None:
    assert is_found(pattern, "a" * 300 + "!") is False


@pytest.mark.parametrize(
    "pattern",
    ["(", "[", "[]", "a)", "*a", "a{2,1}", r"\1", "(?=a)", "(?P<n>a)", "[b-a]", "[[:alpha:]]", "\\", "(" * 30,
     "a" * 301, "(a{99}){99}", "a{1000}"],
)  # fmt: skip
def test_what_is_no_pattern_is_found_nowhere(pattern: str) -> None:
    assert is_found(pattern, "aaa") is False
