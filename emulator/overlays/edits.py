"""Edits played on the data of an answer or a webhook."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from emulator.core.paths import ROW, KeyPath
from emulator.overlays.overlay import Edits

Holder = Any
"""The object or list in which a value stands."""


def edit(data: Any, edits: Edits) -> Any:
    """Change the data in place, as far as its paths are there; keys are renamed last."""
    for path in edits.reverse:
        _each(
            data, path, lambda holder, key: holder[key].reverse() if isinstance(holder[key], list) else None
        )
    for path, said in edits.say.items():
        _each(data, path, _saying(said))
    for path, kind in edits.type.items():
        _each(data, path, _typing(kind))
    for path in edits.remove:
        _each(data, path, lambda holder, key: holder.pop(key))
    for path, value in edits.add.items():
        _add(data, path, value)
    for path, name in sorted(edits.rename.items(), key=lambda each: -len(each[0])):
        _each(data, path, _renaming(name))
    return data


def _saying(said: Mapping[str, Any]) -> Callable[[Holder, Any], None]:
    def say(holder: Holder, key: Any) -> None:
        spelled = spell(holder[key])
        if spelled in said:
            holder[key] = said[spelled]

    return say


def spell(value: Any) -> str:
    """Write a value as a key of `say`: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _typing(kind: str) -> Callable[[Holder, Any], None]:
    def turn(holder: Holder, key: Any) -> None:
        holder[key] = _TURNS[kind](holder[key])

    return turn


def _number(value: Any) -> Any:
    with suppress(ValueError, TypeError):
        found = float(value)
        return int(found) if found.is_integer() else found
    return 0


_TURNS: Mapping[str, Callable[[Any], Any]] = {
    "text": lambda value: "" if value is None else spell(value),
    "number": _number,
    "truth value": lambda value: value not in (None, False, 0, "", "0", "false"),
    "null": lambda value: None,
}


def _renaming(name: str) -> Callable[[Holder, Any], None]:
    def rename(holder: Holder, key: Any) -> None:
        renamed = {name if each == key else each: value for each, value in holder.items()}
        holder.clear()
        holder.update(renamed)

    return rename


def _add(data: Any, path: KeyPath, value: Any) -> None:
    def add(holder: Holder, key: Any) -> None:
        if isinstance(holder[key], dict):
            holder[key].setdefault(path[-1], json.loads(json.dumps(value)))

    _each({"": data}, ("", *path[:-1]), add)


def _each(data: Any, path: KeyPath, change: Callable[[Holder, Any], Any]) -> None:
    """Change what stands at a path, in every row of its lists."""
    for holder, key in list(_places(data, path)):
        change(holder, key)


def _places(data: Any, path: KeyPath) -> Iterator[tuple[Holder, Any]]:
    first, rest = path[0], path[1:]
    if first == ROW and isinstance(data, list):
        keys: list[Any] = list(range(len(data)))
    elif isinstance(data, dict) and first in data:
        keys = [first]
    elif isinstance(data, dict) and "[" in first:
        yield from _places(data, (*_steps(first), *rest))
        return
    else:
        return
    for key in keys:
        if not rest:
            yield data, key
        else:
            yield from _places(data[key], rest)


def _steps(name: str) -> KeyPath:
    """The steps of a form's name: fax_info[fax_success] is fax_info, fax_success."""
    first, _, rest = name.partition("[")
    return (first, *(step for step in rest.rstrip("]").split("][") if step))
