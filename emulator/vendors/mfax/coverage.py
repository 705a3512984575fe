"""What the coverage page says of mFax, beside its operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from emulator.vendors.mfax.tables import (
    ASSUMED,
    CODES,
    ERROR_ROWS,
    LEGACY_EVENTS,
    NEW_EVENTS,
    OBSERVED,
    STATUSES,
    SWITCHES,
    Row,
)


def coverage() -> Mapping[str, list[Mapping[str, Any]]]:
    """Give states, codes, errors, webhooks and profile switches with their evidence."""
    return {
        "states": _rows(STATUSES),
        "codes": _rows(CODES),
        "errors": _rows(ERROR_ROWS),
        "webhooks": _rows(_events()),
        "switches": _rows(
            Row(name, text, ASSUMED, "the emulator's own") for name, (_, text) in SWITCHES.items()
        ),
    }


def _rows(rows: Iterable[Row]) -> list[Mapping[str, Any]]:
    return [
        {"name": row.name, "text": row.text, "evidence": row.evidence, "source": row.source} for row in rows
    ]


def _events() -> Iterable[Row]:
    for name, text in LEGACY_EVENTS.items():
        yield Row(name, text, OBSERVED, "help pages, legacy webhooks (multipart)")
    for name, text in NEW_EVENTS.items():
        yield Row(name, text, OBSERVED, "help pages, new webhooks (JSON)")
