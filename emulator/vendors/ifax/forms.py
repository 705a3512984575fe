"""Forms whose fields have bracket names, and files: read as the tree that JSON would have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import FileStorage

from emulator.core.json_text import read_json
from emulator.vendors.forms import base_name

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
MOST_BRACKETS = 5  # in a form field's name; deeper ones are cut off

_KEYS = re.compile(r"[^\[\]]+|\[\]")
_INDEX = re.compile(r"[0-9]{1,4}|\+[0-9]{1,4}")


def unfold(
    fields: Iterable[tuple[str | None, str]], files: Iterable[tuple[str | None, FileStorage]] = ()
) -> dict[str, Any]:
    """Make a tree of fields like `faxData[0][fileName]`; text that is a JSON list stands for the list.

    A file part is an attachment: `faxData[0][…]` of that entry, under any other name of one more (assumed).
    A part may have no name at all; without a file it then says nothing.
    """
    tree: dict[str, Any] = {}
    for name, text in fields:
        _place(tree, _KEYS.findall(name or "")[:MOST_BRACKETS], text)
    for name, file in files:
        _attach(tree, _KEYS.findall(name or ""), file)
    return {name: _value(value) for name, value in tree.items()}


def _attach(tree: dict[str, Any], keys: list[str], file: FileStorage) -> None:
    if not isinstance(tree.get("faxData"), dict):
        tree["faxData"] = {}
    rows = tree["faxData"]
    own = len(keys) > 2 and keys[0] == "faxData" and _INDEX.fullmatch(keys[1])
    key = keys[1] if own else f"+{len(rows)}"
    if not isinstance(rows.get(key), dict):
        rows[key] = {}
    rows[key].pop("fileUrl", None)
    name = rows[key].get("fileName") or base_name(file.filename or "")
    rows[key] |= {"fileData": file.read(), "fileName": name}


def _place(tree: dict[str, Any], keys: list[str], text: str) -> None:
    if not keys:
        return
    for key in keys[:-1]:
        inner = tree.setdefault(_key(tree, key), {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree[_key(tree, keys[-1])] = text


def _key(tree: dict[str, Any], key: str) -> str:
    return f"+{len(tree)}" if key == "[]" else key


def _value(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("["):
        try:
            return read_json(value)
        except ValueError:
            return value
    if not isinstance(value, dict):
        return value
    if all(_INDEX.fullmatch(key) for key in value):
        return [_value(value[key]) for key in sorted(value, key=int)]
    return {key: _value(each) for key, each in value.items()}
