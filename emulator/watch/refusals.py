"""Why a vendor did not do what it was asked, in one line, also where it says so with HTTP 200."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.core.json_text import read_json

STRANGER = "its credentials open no sandbox"
_WORDS = ("message", "msg", "error", "errors", "detail", "data", "Response")
"""Keys under which vendors say what is wrong, the plainest first."""
_MOST = 200


def reason_of(entry: Mapping[str, Any]) -> str | None:
    """Say why a request of the journal was refused; None when it was not, or nothing is said."""
    if trouble := entry.get("trouble"):
        return str(trouble)
    if entry.get("stranger"):
        return STRANGER
    if not entry.get("refused"):
        return None
    return _said(str(entry.get("answer") or ""))


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
