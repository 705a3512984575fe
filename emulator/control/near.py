"""Near misses: what a refused request was probably meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import parse_qsl

from emulator.core.json_text import read_json

ALIKE = 0.6
"""How alike two words are to be taken for one another; 1 is equal."""

_MOST_SHOWN = 80
_CONVERTER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")

NOT_FOUND, UNAUTHORIZED = 404, 401
NONE_SENT = "no credentials were sent that open an active account"
ELSE = "GET /_localfax/sandboxes gives those that do"

JournalEntry = Mapping[str, Any]


def near_misses(
    endpoints: Sequence[Any], entry: JournalEntry, credentials: Mapping[str, str] = {}
) -> list[str]:
    """Say what is nearly right about a request of the journal: path, method, credentials, names of fields.

    `credentials` are those of the sandbox whose journal it is.
    """
    if (trouble := entry.get("trouble")) is not None:
        return [trouble]
    if entry["endpoint"] is None:
        return _paths(endpoints, entry["method"], entry["path"])
    # What a scenario has asked for says nothing of account and credentials.
    status = None if entry.get("fault") else entry["status"]
    found, given = [each for each in endpoints if each.name == entry["endpoint"]], _given(entry)
    elsewhere = [miss for each in found for miss in _places(each, entry, credentials)]
    if status == NOT_FOUND and elsewhere:
        return elsewhere
    if status == UNAUTHORIZED or entry.get("stranger"):
        # Whoever is not let in is not listened to: of the body nothing is known.
        return [_shut(entry, credentials)]
    return [] if given is None else [miss for each in found for miss in _fields(each, given)]


def _shut(entry: JournalEntry, credentials: Mapping[str, str]) -> str:
    """Name the credentials that were sent, masked as in the journal, and beside them the sandbox's own."""
    sent = {_plain(name): value for name, value in (*entry["headers"].items(), *_values(entry))}
    named = {name: value for name, value in credentials.items() if _plain(name) in sent}
    given = ", ".join(f"{name} {sent[_plain(name)][:_MOST_SHOWN]}" for name in named)
    opened = f"{given} open{'' if len(named) > 1 else 's'} no active account" if named else NONE_SENT
    own = ", ".join(f"{name} {value}" for name, value in (named or credentials).items())
    return "; ".join(filter(None, (opened, f"this sandbox has {own}" if own else "", ELSE)))


def _values(entry: JournalEntry) -> Iterable[tuple[str, str]]:
    """The values of the query and of the body's fields, so far as the journal has them."""
    yield from parse_qsl(entry["query"], keep_blank_values=True)
    body = entry["body"]
    if isinstance(body, Mapping):
        yield from ((name, values[0]) for name, values in body["fields"].items() if values)
    elif isinstance(data := _data(body), Mapping):
        yield from ((str(name), value) for name, value in data.items() if isinstance(value, str))


def _data(body: str) -> Any:
    try:
        return read_json(body)
    except ValueError:
        return None


def _places(endpoint: Any, entry: JournalEntry, credentials: Mapping[str, str]) -> Iterable[str]:
    """Name the parts of the path that are another account's than this sandbox's."""
    for part, given in zip(endpoint.path.split("/"), entry["path"].split("/"), strict=False):
        name = _CONVERTER.sub(r"\1", part)
        if name != part and credentials.get(name, given) != given:
            yield f"{name} {given[:_MOST_SHOWN]} is not this sandbox's: it has {name} {credentials[name]}"


def _paths(endpoints: Sequence[Any], method: str, path: str) -> list[str]:
    if not endpoints:
        return []
    alike = [(_alikeness(_filled(each.path, path), path), each) for each in endpoints]
    best = max(score for score, _ in alike)
    nearest = [each for score, each in alike if score == best]
    shown = _CONVERTER.sub(r"{\1}", nearest[0].path)
    methods = sorted({name for each in nearest for name in each.methods})
    if best == 1:
        return [f"{path} takes {', '.join(methods)}, not {method}"]
    return [f"no such path; nearest is {'|'.join(methods)} {shown}"]


def alike_path(endpoints: Sequence[Any], path: str) -> tuple[float, str]:
    """How alike a path is to the nearest of the endpoints, and that one's path with the given parts."""
    filled = (_filled(each.path, path) for each in endpoints)
    alike = ((_alikeness(each, path), _CONVERTER.sub(r"{\1}", each)) for each in filled)
    return max(alike, default=(0.0, ""))


def _filled(pattern: str, path: str) -> str:
    """Put the parts of the path where the pattern is open, so that ids do not make two paths unlike."""
    given = path.rstrip("/").split("/")
    parts = pattern.rstrip("/").split("/")
    if len(parts) != len(given):
        return pattern
    return "/".join(has if "<" in part else part for part, has in zip(parts, given, strict=True))


def _alikeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.rstrip("/").lower(), other.rstrip("/").lower(), autojunk=False).ratio()


def _given(entry: JournalEntry) -> set[str] | None:
    """The names of the fields; None when the journal's copy of the body, cut or in parts, tells none."""
    body = entry["body"]
    names = {name for name, _ in parse_qsl(entry["query"], keep_blank_values=True)}
    if isinstance(body, Mapping):
        return names | set(body["fields"]) | {name for name, _, _ in body["files"]}
    if not body:
        return names
    try:
        data = read_json(body)
    except ValueError:
        return None
    return names | (set(map(str, data)) if isinstance(data, Mapping) else set())


def _fields(endpoint: Any, given: set[str]) -> Iterable[str]:
    if endpoint.schema is None:
        return
    fields = {each.data_key or name: each for name, each in endpoint.schema().fields.items()}
    unknown = sorted(given - set(fields))
    for name, field in fields.items():
        if name in given:
            continue
        similar = [
            each for each in unknown if _plain(each) == _plain(name) or _alikeness(each, name) >= ALIKE
        ]
        if similar:
            found = max(similar, key=lambda each: (_plain(each) == _plain(name), _alikeness(each, name)))
            unknown.remove(found)
            yield f"field `{name}` missing, found `{found}`"
        elif field.required:
            yield f"field `{name}` missing"


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
