"""JSON from outside and for outside, by msgspec as far as it goes.

How deep it may nest is said here, since each Python has a bound of its own, or none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

DEEPEST = 200
"""Arrays and objects within each other: more than anybody writes, less than the recursion of any reader."""

_MARKS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)
_NESTS = {"[": 1, "{": 1, "]": -1, "}": -1}


class TooDeep(ValueError):
    """JSON that nests deeper than DEEPEST."""


def read_json(
    content: str | bytes,
    *,
    deepest: int = DEEPEST,
    mended: bool = True,
    **hooks: Callable[[str], Any] | None,
) -> Any:
    """Read JSON as `json.loads` does; raise ValueError for other text, TooDeep for depth.

    Half of a surrogate pair is no character: where it is not `mended` it is an error too. `hooks` are json's,
    for numbers that are none and numbers beyond all bounds. msgspec reads the body of a send in 0.7
    microseconds, json in 2.4; what it refuses, as half of a surrogate pair, json reads.
    """
    shallow = _count(content) <= deepest
    if shallow:
        decode, refusal = _msgspec()
        with suppress(refusal):
            return decode(content)
    if isinstance(content, bytes):
        content = content.decode(json.detect_encoding(content), "surrogatepass")
    if not shallow and _is_deeper(content, deepest):
        raise TooDeep("nested too deeply")
    found = json.loads(content, **hooks)  # type: ignore[arg-type]
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        if not mended:
            raise
        return _mend_all(found)
    return found


def write_json(value: Any) -> bytes:
    """Write compact JSON in ASCII.

    msgspec writes a short answer in a quarter of a microsecond, json in two. What it cannot, as half of a
    surrogate pair, and what is not all ASCII, json does, which escapes that.
    """
    encode = _encoder()
    try:
        if (content := encode(value)).isascii():
            return content
    except (UnicodeEncodeError, OverflowError, TypeError):
        pass
    return json.dumps(value, separators=(",", ":")).encode()


def mend(text: str) -> str:
    """Text with a mark in place of each half of a surrogate pair."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _mend_all(value: Any) -> Any:
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, list):
        return [_mend_all(each) for each in value]
    if isinstance(value, dict):
        return {mend(name): _mend_all(part) for name, part in value.items()}
    return value


def _count(content: str | bytes) -> int:
    """How many arrays and objects begin, at most."""
    if isinstance(content, bytes):
        return content.count(b"[") + content.count(b"{")
    return content.count("[") + content.count("{")


@cache
def _msgspec() -> tuple[Callable[[str | bytes], Any], type[Exception]]:
    import msgspec

    return msgspec.json.Decoder().decode, msgspec.MsgspecError


@cache
def _encoder() -> Callable[[Any], bytes]:
    from msgspec.json import Encoder

    return Encoder().encode


def _is_deeper(text: str, deepest: int) -> bool:
    depth = 0
    for mark in _MARKS.finditer(text):
        depth += _NESTS.get(mark[0], 0)
        if depth > deepest:
            return True
    return False
