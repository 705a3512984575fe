"""Paths in JSON data: written as they are read, `rows[].status`, and walked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KeyPath = tuple[str, ...]
ROW = "[]"
"""A step of a path: any entry of a list."""
_STEP = re.compile(r"\[\]|(?:[^.\[\\]|\\.|\[(?!\]))+")


@dataclass(frozen=True)
class Leaf:
    """A value that holds no others: where it stands, its key and the one above that."""

    path: KeyPath
    value: Any

    @property
    def key(self) -> str:
        return named(self.path)[0]

    @property
    def above(self) -> str:
        return named(self.path)[1]


def last_key(name: str) -> tuple[str, str]:
    """The last key of a form's name and the one above: of `faxData[0][fileName]` fileName and faxData."""
    steps = [step for step in re.split(r"[\[\]]+", name) if step and not step.isdigit()]
    return (steps[-1], steps[-2] if len(steps) > 1 else "") if steps else (name, "")


def named(path: KeyPath) -> tuple[str, str]:
    """The key of a path and the one above it; a form's name like `a[b]` counts as both."""
    steps = [step for step in path if step != ROW]
    if not steps:
        return "", ""
    key, above = last_key(steps[-1])
    return key, above or (steps[-2] if len(steps) > 1 else "")


def leaves(data: Any, path: KeyPath = ()) -> Iterator[Leaf]:
    """Walk over every value that holds no others."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, (*path, name))
    elif isinstance(data, list):
        for each in data:
            yield from leaves(each, (*path, ROW))
    else:
        yield Leaf(path, data)


def objects(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Walk over every object, the outer ones first."""
    if isinstance(data, dict):
        yield path, data
        for name, value in data.items():
            yield from objects(value, (*path, name))
    elif isinstance(data, list):
        for each in data:
            yield from objects(each, (*path, ROW))


def dotted(path: KeyPath) -> str:
    """Write a path: rows[].status; a dot or bracket within a key has a backslash before it."""
    steps = (step if step == ROW else "." + re.sub(r"([.\[\\])", r"\\\1", step) for step in path)
    return "".join(steps).lstrip(".")


def undotted(text: str) -> KeyPath:
    """Read a path as it is written; raise ValueError for what is none."""
    steps = tuple(re.sub(r"\\(.)", r"\1", step) for step in _STEP.findall(text))
    if dotted(steps) != text or not text:
        raise ValueError(f"a path is written like rows[].status, not {text!r}")
    return steps
