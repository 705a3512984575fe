"""A body as plain data, whatever it was on the wire."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from emulator.traffic.body import Payload, parse_json


def plain(body: Payload) -> Any:
    """Turn a body into plain data: of a form what stands under each name, read where that is JSON."""
    if body.kind == "none":
        return None
    if body.kind not in ("form", "multipart"):
        return body.data
    found: dict[str, Any] = {}
    for part in body.data:
        value = _nested(part.value)
        held = found.get(part.name)
        many = [*held, value] if isinstance(held, list) else [held, value]
        found[part.name] = many if part.name in found else value
    return found


def _nested(value: Any) -> Any:
    if isinstance(value, str) and value[:1] == "{":
        with suppress(ValueError):
            return parse_json(value)
    return value
