"""How requests and answers are written for people: JSON laid out, forms by their fields, headers by lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.core.json_text import read_json


def data(value: Any) -> str:
    """Write data as people read it: JSON that arrives as text is laid out too, other text stays as it is."""
    if isinstance(value, str):
        try:
            value = read_json(value)
        except ValueError:
            return str(value)
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def form(body: Any) -> Any:
    """Write the fields and files of a form that the journal took apart, a line each; leave other bodies."""
    if not isinstance(body, Mapping):
        return body
    fields = [f"{name}: {value}" for name, values in body["fields"].items() for value in values]
    files = [f"{name}: {filename} ({media})" for name, filename, media in body["files"]]
    return "\n".join([*fields, *files])


def headers(given: Mapping[str, Any]) -> str:
    """Write headers, a line each."""
    return "\n".join(f"{name}: {value}" for name, value in given.items())


def message(first: str, given: Mapping[str, Any], body: Any) -> str:
    """Write a request or an answer whole: its first line, its headers, an empty line, its body."""
    head = "\n".join(filter(None, (first, headers(given))))
    return "\n\n".join(filter(None, (head, data(body) if body else "")))
