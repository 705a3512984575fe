"""What a client sends: JSON of any declared type, forms with bracket names, files, and `_method`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Request, Response, current_app, g, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import MethodNotAllowed

from emulator.core.json_text import read_json
from emulator.vendors.ifax.answers import Failure, failure

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
DEEPEST = 5
"""Brackets in a form field's name; deeper ones are cut off."""

_KEYS = re.compile(r"[^\[\]]+|\[\]")
_INDEX = re.compile(r"[0-9]{1,4}|\+[0-9]{1,4}")

Parameters = dict[str, Any]


def body() -> Parameters:
    """Give the call's parameters, read once; raise Failure 12009 for what is no object."""
    parameters: Parameters | None = g.get("parameters")
    if parameters is None:
        parameters = g.parameters = _read()
    return parameters


def check_verb() -> Response | None:
    """Answer verbs other than POST with 12010 (assumed); `_method` counts as the verb (documented)."""
    here = request._get_current_object()  # type: ignore[attr-defined]
    wrong = here.routing_exception
    if wrong is not None and not isinstance(wrong, MethodNotAllowed):
        return None
    verb = body().get("_method") or (here.args.get("_method") if here.query_string else None)
    if str(verb or here.method).upper() != "POST":
        return failure(12010)
    return None if wrong is None else _simulated()


def _simulated() -> Response:
    """Answer a call of another verb that says it is a POST."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "a request has an adapter"
    endpoint, values = adapter.match(method="POST")
    view: Callable[..., Response] = current_app.view_functions[endpoint]  # type: ignore[assignment]
    return view(**values)


def _read() -> Parameters:
    here: Request = request._get_current_object()  # type: ignore[attr-defined]
    if here.mimetype == MULTIPART:
        return unfold(here.form.items(multi=True), here.files.items(multi=True))
    raw = here.get_data()
    # curl -d declares a form, whatever it sends.
    if here.mimetype == FORM and raw.lstrip()[:1] not in (b"{", b"["):
        return unfold(here.form.items(multi=True))
    return _parsed(raw)


def _parsed(raw: bytes) -> Parameters:
    if not raw.strip():
        return {}
    try:
        value = read_json(raw)
    except ValueError:
        raise Failure(12009) from None
    if value == []:  # observed: what PHP makes of an empty object
        return {}
    if not isinstance(value, dict):
        raise Failure(12009)
    return value


def unfold(
    fields: Iterable[tuple[str | None, str]], files: Iterable[tuple[str | None, FileStorage]] = ()
) -> Parameters:
    """Make a tree of fields like `faxData[0][fileName]`; text that is a JSON list stands for the list.

    A file part is an attachment: `faxData[0][…]` of that entry, under any other name of one more (assumed).
    A part may have no name at all; without a file it then says nothing.
    """
    tree: Parameters = {}
    for name, text in fields:
        _place(tree, _KEYS.findall(name or "")[:DEEPEST], text)
    for name, file in files:
        _attach(tree, _KEYS.findall(name or ""), file)
    return {name: _value(value) for name, value in tree.items()}


def _attach(tree: Parameters, keys: list[str], file: FileStorage) -> None:
    if not isinstance(tree.get("faxData"), dict):
        tree["faxData"] = {}
    rows = tree["faxData"]
    own = len(keys) > 2 and keys[0] == "faxData" and _INDEX.fullmatch(keys[1])
    key = keys[1] if own else f"+{len(rows)}"
    if not isinstance(rows.get(key), dict):
        rows[key] = {}
    rows[key].pop("fileUrl", None)
    rows[key] |= {"fileData": file.read(), "fileName": rows[key].get("fileName") or file.filename or ""}


def _place(tree: Parameters, keys: list[str], text: str) -> None:
    if not keys:
        return
    for key in keys[:-1]:
        inner = tree.setdefault(_key(tree, key), {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree[_key(tree, keys[-1])] = text


def _key(tree: Parameters, key: str) -> str:
    return f"+{len(tree)}" if key == "[]" else key


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return _json_list(value)
    if isinstance(value, bytes):
        return value
    if all(_INDEX.fullmatch(key) for key in value):
        return [_value(value[key]) for key in sorted(value, key=lambda key: int(key))]
    return {key: _value(each) for key, each in value.items()}


def _json_list(text: str) -> Any:
    if not text.startswith("["):
        return text
    try:
        return read_json(text)
    except ValueError:
        return text
