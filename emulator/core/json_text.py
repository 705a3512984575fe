"""JSON from outside: how deep it may nest is said here, since each Python has a bound of its own, or none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

DEEPEST = 200
"""Arrays and objects within each other: more than anybody writes, less than the recursion of any reader."""

_MARKS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)
_NESTS = {"[": 1, "{": 1, "]": -1, "}": -1}


class TooDeep(ValueError):
    """JSON that nests deeper than DEEPEST."""


def read_json(content: str | bytes, *, deepest: int = DEEPEST, **hooks: Callable[[str], Any] | None) -> Any:
    """Read JSON as `json.loads` does, hooks included; raise ValueError for other text, TooDeep for depth."""
    if isinstance(content, bytes):
        content = content.decode(json.detect_encoding(content), "surrogatepass")
    if _is_deeper(content, deepest):
        raise TooDeep("nested too deeply")
    return json.loads(content, **hooks)  # type: ignore[arg-type]


def _is_deeper(text: str, deepest: int) -> bool:
    if text.count("[") + text.count("{") <= deepest:
        return False
    depth = 0
    for mark in _MARKS.finditer(text):
        depth += _NESTS.get(mark[0], 0)
        if depth > deepest:
            return True
    return False
