"""What numbers an item from outside may hold, so that no step and no view is the longer for them.

A snapshot may say anything. What a number means follows from its field's name, the same in every item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any

from emulator.core.errors import Invalid
from emulator.core.sandbox import BALANCES, FASTEST, LATEST

MOST_PAGES = 10_000
MOST_CALLS = 1000
"""Entries of a fax's plan, calls and webhooks' tries; more than any vendor makes."""
MOST_NUMBERED = 10_000_000
"""Where a counter that numbers things may stand."""
MOST_LISTED = 100_000
"""Things of one list within an item."""

_INSTANT, _REAL, _SECONDS, _COUNT = (0, LATEST), (0, 10**11), (0, 10**7), (0, MOST_NUMBERED)

RANGES: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(("at", "base", "changed_at", "created_at", "due_at"), _INSTANT),
    **dict.fromkeys(("finished_at", "started_at"), _INSTANT),
    **dict.fromkeys(("leased_until", "real_at", "real_base"), _REAL),
    **dict.fromkeys(("deadline", "delay", "delays", "duration", "elapsed", "pages_at"), _SECONDS),
    **dict.fromkeys(("per_page", "retry_after", "ring", "setup", "timeout"), _SECONDS),
    **dict.fromkeys(("first_call", "id", "lines", "nth", "number", "polls", "retries", "times"), _COUNT),
    **dict.fromkeys(("max_bytes", "page_bytes", "truncate"), (0, 2**40)),
    **dict.fromkeys(("pages", "pages_planned", "pages_sent"), (0, MOST_PAGES)),
    "duplicate": (0, 100),
    "max_attempts": (0, MOST_CALLS),
    "pace": (0, 1000),
    "priority": (0, 1000),
    "probability": (0, 1),
    "redirects": (0, 100),
    "speed": (0, FASTEST),
    "status": (0, 999),
}
"""Least and most of the numbers in fields of these names; of others, what the codec lets pass."""


def check_numbers(item: Any) -> None:
    """Raise Invalid, naming the field, for a number that an item cannot have, or too many things in it."""
    for place, name, value in _parts(item, "", ""):
        if isinstance(value, tuple):
            if len(value) > (MOST_CALLS if name in ("attempts", "delays") else MOST_LISTED):
                raise Invalid(f"{place}: these are too many", place)
        elif name in RANGES and not isinstance(value, bool):
            least, most = RANGES[name]
            if not least <= value <= most:
                raise Invalid(f"{place}: from {least:,.0f} to {most:,.0f}", place)


def check_counters(counters: Mapping[str, int]) -> None:
    """Raise Invalid for a counter that stands where none can."""
    for name, value in counters.items():
        if not name.startswith(BALANCES) and not 0 <= value <= MOST_NUMBERED:
            raise Invalid(f"a counter is from 0 to {MOST_NUMBERED:,}", f"counters.{name}")


def _parts(value: Any, place: str, name: str) -> Iterator[tuple[str, str, Any]]:
    """Every number and list of a dataclass, with the place and the name of the field that holds it."""
    if is_dataclass(value):
        for field, part in value.__dict__.items():
            yield from _parts(part, f"{place}.{field}".strip("."), field)
    elif isinstance(value, tuple):
        yield place, name, value
        yield from _rows(value, place, name)
    elif isinstance(value, (int, float)):
        yield place, name, value


def _rows(rows: Iterable[Any], place: str, name: str) -> Iterator[tuple[str, str, Any]]:
    for number, row in enumerate(rows):
        yield from _parts(row, f"{place}[{number}]", name)
