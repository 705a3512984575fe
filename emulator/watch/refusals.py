"""Why a vendor did not do what it was asked, in one line, also where it says so with HTTP 200."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.core.json_text import read_json

_WORDS = ("message", "msg", "error", "errors", "detail", "data", "Response")
"""Keys under which vendors say what is wrong, the plainest first."""
_MOST = 200
_MOST_IN_ALL = 500


def reason_of(entry: Mapping[str, Any], misses: Sequence[str] = ()) -> str | None:
    """Say why a request of the journal was refused, in the vendor's words, and what it was nearly.

    None when it was not refused, or nothing is said.
    """
    if not is_refused(entry):
        return None
    said = _said(str(entry.get("answer") or "")) or ""
    trouble = entry.get("trouble")
    more = [each for each in misses or ([trouble] if trouble else []) if each not in said]
    return ": ".join(filter(None, (said, "; ".join(more))))[:_MOST_IN_ALL] or None


def is_refused(entry: Mapping[str, Any]) -> bool:
    """Tell whether the vendor did not do what was asked, whatever HTTP says of it."""
    return bool(entry.get("refused", entry["status"] >= 400) or entry.get("stranger"))


def _said(answer: str) -> str | None:
    try:
        told = _find(read_json(answer))
    except ValueError:
        return None
    return told[:_MOST] if told else None


def _find(told: Any) -> str | None:
    """Find the first text that says what is wrong, on the way through what is around it."""
    if isinstance(told, str):
        return told or None
    if isinstance(told, list):
        return next(filter(None, map(_find, told)), None)
    if not isinstance(told, Mapping):
        return None
    named = (_find(told[word]) for word in _WORDS if word in told)
    return next(filter(None, named), None)
