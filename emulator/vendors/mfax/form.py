"""Reading a call: its fields as the schema wants them, its files in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from emulator.vendors.mfax.errors import invalid
from emulator.vendors.mfax.fields import parsed
from emulator.vendors.reading import schema_of

EMPTY: tuple[Any, ...] = ("", [], [""])


def load(schema: type[Schema], *, partial: bool = False) -> dict[str, Any]:
    """Load the body of the call, a form or JSON; raise InvalidInputError for what cannot be taken."""
    if request.mimetype != "application/json":
        return _load(schema, gathered(request.form), partial)
    return _load(schema, _json(), partial)


def load_query(schema: type[Schema]) -> dict[str, Any]:
    """Load the query of the call."""
    return _load(schema, gathered(request.args), False)


def files(*, but: str = "") -> list[tuple[str, bytes]]:
    """Give name and content of every file part, whatever the part is called, in the order sent."""
    parts = (part for field, part in request.files.items(multi=True) if field != but)
    read = ((part.filename or "", part.read()) for part in parts)
    return [(name, content) for name, content in read if name or content]


def gathered(source: MultiDict[str, str]) -> dict[str, Any]:
    """Read `a[]` and repeated fields as lists and `a[key]` as objects."""
    found: dict[str, Any] = {}
    for key, values in source.lists():
        # A part of a multipart body may have no name at all.
        name, bracket, inner = (key or "").partition("[")
        inner = inner.removesuffix("]")
        if inner:
            known = found.get(name)
            found[name] = {**(known if isinstance(known, dict) else {}), inner: values[0]}
        else:
            found[name] = values if bracket or len(values) > 1 else values[0]
    return found


def _json() -> dict[str, Any]:
    if not request.get_data():
        return {}
    try:
        found = parsed(request.get_data().decode())
    except (ValidationError, UnicodeDecodeError):
        raise invalid("The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise invalid("The body must be a JSON object.")
    return found


def _load(schema: type[Schema], given: Mapping[str, Any], partial: bool) -> dict[str, Any]:
    sent = {name: value for name, value in given.items() if value is not None and value not in EMPTY}
    try:
        loaded: dict[str, Any] = schema_of(schema).load(sent, partial=partial)
    except ValidationError as wrong:
        raise invalid(_message(wrong.messages_dict)) from None
    return {name: value for name, value in loaded.items() if not partial or name in sent}


def _message(messages: Mapping[Any, Any]) -> str:
    """Say the first thing that is wrong, with the name of its field."""
    name, inner = next(iter(messages.items()))
    while isinstance(inner, Mapping):
        inner = next(iter(inner.values()))
    return f"{name}: {_first(inner)}"


def _first(said: Any) -> str:
    return str(next(iter(said))) if isinstance(said, Iterable) and not isinstance(said, str) else str(said)
