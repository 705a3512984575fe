"""Filters of lists: conditions on the document's fields, all of which must hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import json
from werkzeug.datastructures import MultiDict

Condition = Callable[[Mapping[str, Any]], bool]
T = TypeVar("T")

MISSING = object()


def wanted_by(
    arguments: MultiDict[str, str],
    document: Callable[[T], Mapping[str, Any]],
    modified: Callable[[T], int],
) -> Callable[[T], bool]:
    """Give the test that the query's filters make (observed names: filter_K, has_key, modified_from, …)."""
    conditions = list(_conditions(arguments))
    bounds = {
        name: int(text)
        for name in ("modified_from", "modified_to")
        if _digits(text := arguments.get(name, ""))
    }
    if not conditions and not bounds:
        return lambda item: True

    def fits(item: T) -> bool:
        at = modified(item)
        if not bounds.get("modified_from", at) <= at <= bounds.get("modified_to", at):
            return False
        doc = document(item)
        return all(condition(doc) for condition in conditions)

    return fits


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _conditions(arguments: MultiDict[str, str]) -> list[Condition]:
    found = []
    for name, text in arguments.items(multi=True):
        if name in KEYED:
            found.append(_on(text, KEYED[name]))
        elif name.startswith("filter_not_"):
            found.append(_differs(name.removeprefix("filter_not_"), text))
        elif name.startswith("filter_"):
            found.append(_equals(name.removeprefix("filter_"), text))
    return found


def _on(path: str, test: Callable[[Any], bool]) -> Condition:
    return lambda doc: test(value_at(doc, path))


def _equals(path: str, text: str) -> Condition:
    return lambda doc: as_text(value_at(doc, path)) == text


def _differs(path: str, text: str) -> Condition:
    return lambda doc: as_text(value_at(doc, path)) != text


KEYED: dict[str, Callable[[Any], bool]] = {
    "has_key": lambda value: value is not MISSING,
    "key_missing": lambda value: value is MISSING,
    "has_value": lambda value: value is not MISSING and value not in (None, "", [], {}),
    "missing_value": lambda value: value is MISSING or value in (None, "", [], {}),
}


def value_at(doc: Mapping[str, Any], path: str) -> Any:
    """Give the value at a dotted path, MISSING when there is none."""
    found: Any = doc
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return MISSING
        found = found[name]
    return found


def as_text(value: Any) -> str | None:
    """Write a value as a query would."""
    if value is MISSING:
        return None
    return value if isinstance(value, str) else json.dumps(value)
