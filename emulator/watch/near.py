"""Near misses: what a refused request was probably meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import parse_qsl

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.engine import LivingWorld
from emulator.core.json_text import read_json

ALIKE = 0.6
"""How alike two words are to be taken for one another; 1 is equal."""

_NEAR = 0.85
"""How alike a path is to be to that of another vendor for it to be meant."""
_LONGEST = 300
"""Characters of a path that is compared with those of the vendors."""
_MOST_SHOWN = 80
_CONVERTER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")

NOT_FOUND, UNAUTHORIZED = 404, 401
NONE_SENT = "no credentials were sent that open an active account"
ELSE = "GET /_localfax/sandboxes gives those that do"

JournalEntry = Mapping[str, Any]


def misses_of(world: LivingWorld, entry: JournalEntry) -> list[str]:
    """Say what is nearly right about a request of a sandbox's journal; see `near_misses`."""
    vendor = world.vendors.get(entry["vendor"])
    if vendor is None:
        return near_misses((), entry)
    if entry["endpoint"] is None and (meant := _meant_elsewhere(world, vendor, entry["path"])):
        return [meant]
    return near_misses(vendor.endpoints, entry, world.sandbox.credentials.get(vendor.name, {}))


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
    schemas = [each.schema() for each in found if each.schema is not None]
    return [] if given is None else [miss for each in schemas for miss in _fields(each.fields, given)]


def _meant_elsewhere(world: LivingWorld, asked: Vendor, path: str) -> str | None:
    """Say whose path it is when another vendor's is nearer than all of the one that was asked."""
    meant = find_meant([each for each in world.vendors.values() if each is not asked], (path,))
    if meant is None or alike_path(asked.endpoints, path, meant[0])[1]:
        return None
    return say_meant(*meant[1:])


def find_meant(vendors: Iterable[Vendor], paths: Sequence[str]) -> tuple[float, Vendor, str] | None:
    """Find the vendor whose path one of these is, or nearly is: how alike, and the path with its prefix."""
    found = [
        (score, vendor, f"/{vendor.name}{right}")
        for vendor in vendors
        for given in paths
        if len(given) <= _LONGEST
        for score, right in [alike_path(vendor.endpoints, given, _NEAR)]
        if right
    ]
    return max(found, key=lambda each: each[0], default=None)


def say_meant(vendor: Vendor, right: str) -> str:
    """Say whose path it is, and how it is written."""
    return f"this is {vendor.title}'s path: {right}"


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
    score, nearest = _most_alike(endpoints, path)
    shown = _CONVERTER.sub(r"{\1}", nearest[0].path)
    methods = sorted({name for each in nearest for name in each.methods})
    if score == 1:
        return [f"{shown} takes {', '.join(methods)}, not {method}"]
    return [f"no such path; nearest is {'|'.join(methods)} {shown}"]


def alike_path(endpoints: Sequence[Any], path: str, least: float = 0.0) -> tuple[float, str]:
    """How alike a path is to the nearest of the endpoints, if at least so much, and that one's path."""
    score, nearest = _most_alike(endpoints, path, least)
    return (score, _CONVERTER.sub(r"{\1}", _filled(nearest[0].path, path))) if nearest else (0.0, "")


def _most_alike(endpoints: Sequence[Any], path: str, least: float = 0.0) -> tuple[float, list[Any]]:
    """Find the endpoints to whose path one is most alike, if at least so much, and how alike it is."""
    matcher, best, nearest = SequenceMatcher(None, "", _bare(path), autojunk=False), least, list[Any]()
    for each in endpoints:
        matcher.set_seq1(_bare(_filled(each.path, path)))
        # Bounds from above, which cost little.
        if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue
        score = matcher.ratio()
        if score >= best:
            nearest = [*nearest, each] if score == best else [each]
            best = score
    return best, nearest


def _filled(pattern: str, path: str) -> str:
    """Put the parts of the path where the pattern is open, so that ids do not make two paths unlike."""
    given = path.rstrip("/").split("/")
    parts = pattern.rstrip("/").split("/")
    if len(parts) != len(given):
        return pattern
    return "/".join(has if "<" in part else part for part, has in zip(parts, given, strict=True))


def _alikeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _bare(one), _bare(other), autojunk=False).ratio()


def _bare(path: str) -> str:
    return path.rstrip("/").lower()


def _given(entry: JournalEntry) -> Mapping[str, Any] | None:
    """The fields, with what JSON has of them; None when the journal's copy of the body is cut or in parts."""
    body = entry["body"]
    given: dict[str, Any] = dict(parse_qsl(entry["query"], keep_blank_values=True))
    if isinstance(body, Mapping):
        return {**given, **body["fields"], **{name: None for name, _, _ in body["files"]}}
    if not body:
        return given
    try:
        data = read_json(body)
    except ValueError:
        return None
    return given | {str(name): value for name, value in data.items()} if isinstance(data, Mapping) else given


def _fields(known: Mapping[str, Any], given: Mapping[str, Any], part: str = "") -> Iterable[str]:
    """Name the fields that are missing, also of parts that have fields, with what is in their place."""
    fields = {each.data_key or name: each for name, each in known.items()}
    unknown = sorted(set(given) - set(fields))
    # What differs in its case or its underscores alone is no other field's.
    written = {_plain(name): name for name in fields}
    for name, field in fields.items():
        if name in given:
            yield from _parts(field, given[name], f"{part}{name}")
            continue
        similar = [each for each in unknown if written.get(_plain(each), name) == name]
        if found := _nearest(name, similar):
            unknown.remove(found)
            yield f"field `{part}{name}` missing, found `{part}{found}`"
        elif field.required:
            yield f"field `{part}{name}` missing"


def _nearest(name: str, others: Iterable[str]) -> str | None:
    rated = {each: 1.0 if _plain(each) == _plain(name) else _alikeness(each, name) for each in others}
    best = max(rated, key=lambda each: rated[each], default=None)
    return best if best is not None and rated[best] >= ALIKE else None


def _parts(field: Any, value: Any, name: str) -> Iterable[str]:
    """Look into an object, and into the first of a list of objects, where the field has a schema for it."""
    if isinstance(value, list) and value:
        field, value, name = getattr(field, "inner", None), value[0], f"{name}[0]"
    schema = getattr(field, "schema", None)
    if schema is not None and isinstance(value, Mapping):
        yield from _fields(schema.fields, value, f"{name}.")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
