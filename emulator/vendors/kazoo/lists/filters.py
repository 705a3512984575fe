"""Filters of lists: conditions on the document's fields, all of which must hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from math import floor
from typing import Any, TypeVar

from flask import json
from werkzeug.datastructures import MultiDict

_NUMBER = re.compile(r"\d{1,18}(\.\d{1,18})?", re.ASCII)
T = TypeVar("T")
Test = Callable[[Any], bool]

MISSING = object()
EMPTY: tuple[Any, ...] = (None, "", [], {})
KEYED: dict[str, Test] = {
    "has_key": lambda value: value is not MISSING,
    "key_missing": lambda value: value is MISSING,
    "has_value": lambda value: value is not MISSING and value not in EMPTY,
    "missing_value": lambda value: value is MISSING or value in EMPTY,
}


def read_filters(
    arguments: MultiDict[str, str],
    document: Callable[[T], Mapping[str, Any]],
    modified: Callable[[T], int],
) -> Callable[[T], bool]:
    """Make the test of the query's filters (observed names: filter_K, has_key, modified_from, …)."""
    conditions = list(_conditions(arguments))
    first, last = (read_instant(arguments.get(name, "")) for name in ("modified_from", "modified_to"))

    def fits(item: T) -> bool:
        at = modified(item)
        if (first is not None and at < first) or (last is not None and at > last):
            return False
        doc = document(item) if conditions else {}
        return all(test(value_at(doc, path)) for path, test in conditions)

    return fits


def read_instant(text: str) -> int | None:
    """Read Gregorian seconds, a fraction rounded (observed); None where the text is no number."""
    return floor(Decimal(text) + Decimal("0.5")) if _NUMBER.fullmatch(text) else None


def _conditions(arguments: MultiDict[str, str]) -> Iterator[tuple[str, Test]]:
    for name, text in arguments.items(multi=True):
        if name in KEYED:
            yield text, KEYED[name]
        elif name.startswith("filter_not_"):
            yield name.removeprefix("filter_not_"), partial(_says, text, False)
        elif name.startswith("filter_"):
            yield name.removeprefix("filter_"), partial(_says, text, True)


def _says(text: str, wanted: bool, value: Any) -> bool:
    """Tell whether a value, written as a query would, is that text, or is not."""
    written = None if value is MISSING else value if isinstance(value, str) else json.dumps(value)
    return (written == text) is wanted


def value_at(doc: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, MISSING when there is none."""
    found: Any = doc
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return MISSING
        found = found[name]
    return found
