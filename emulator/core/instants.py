"""Instants as text: everything keeps them as seconds since 1970, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


@overload
def iso(at: float) -> str: ...
@overload
def iso(at: None) -> None: ...
def iso(at: float | None) -> str | None:
    """An instant as ISO 8601 with milliseconds: 2026-01-31T12:00:00.000Z."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def spell(at: float, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """An instant in a form of `strftime`, by default 2026-01-31 12:00:00."""
    return datetime.fromtimestamp(at, UTC).strftime(form)
