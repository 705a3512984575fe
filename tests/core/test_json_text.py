"""JSON from outside: read as it is, and refused at one depth whatever Python's own bound is."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from emulator.core.json_text import DEEPEST, TooDeep, read_json, write_json


def nested(depth: int, inner: str = "1") -> str:
    return '{"a": [' * (depth // 2) + inner + "]}" * (depth // 2)


@pytest.mark.parametrize(
    "text",
    [
        nested(DEEPEST),
        json.dumps([[each] for each in range(1000)]),
        json.dumps(["[" * 1000, '"' + "{" * 1000, "\\" + "[" * 1000]),
    ],
)
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_within_the_depth_is_read_in_any_of_its_encodings(text: str, coding: str) -> None:
    assert read_json(text) == read_json(text.encode(coding)) == json.loads(text)


@pytest.mark.parametrize("text", [nested(DEEPEST + 2), "[" * 100_000, '{"a":' * 2_000, nested(900, '"]]]"')])
def test_json_beyond_the_depth_is_refused_before_it_is_parsed(text: str) -> None:
    for content in (text, text.encode()):
        with pytest.raises(TooDeep):
            read_json(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[" * DEEPEST, b"[]" * 300, b"[" * 150 + b'"' + b'\\"' * 100_000 + b"[" * 60],
)
def test_what_is_no_json_is_a_value_error(content: bytes) -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match=r"[a-z]") as wrong:
        read_json(content)
    assert not isinstance(wrong.value, TooDeep)
    assert time.process_time() - began < 1


def test_hooks_are_asked_as_json_asks_them() -> None:
    assert read_json("[NaN, 1.5]", parse_constant=str.lower, parse_float=str) == ["nan", "1.5"]


@pytest.mark.parametrize(
    "value",
    [
        {"status": 1, "data": [True, None, 1.5, -3, 'a/b "c"\n']},
        {"name": "Ärger \u2028 \U0001f600", "half": "\ud800"},
        [2**70, 0.07, 1250.0, ""],
    ],
)
def test_it_is_written_compact_and_in_ascii_as_json_does(value: Any):
    assert write_json(value) == json.dumps(value, separators=(",", ":")).encode()
