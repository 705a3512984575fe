"""The grammar of overlay files as JSON Schema, for editors: made from the schemas that read them."""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import fields

from emulator.overlays.grammar import ByPath, OverlaySchema, Paths
from emulator.scenarios.fields import Text
from emulator.scenarios.json_schema import describe_schema


@cache
def overlay_json_schema() -> dict[str, Any]:
    """Describe one YAML document of an overlay file."""
    kinds = {
        ByPath: _by_path,
        Paths: lambda book, field: {"type": "array", "items": {"type": "string"}},
        Text: lambda book, field: _nullable(field, "string", "integer"),
        fields.String: lambda book, field: _nullable(field, "string"),
        fields.Raw: lambda book, field: {} if field.allow_none else {"not": {"type": "null"}},
    }
    return describe_schema(
        OverlaySchema, "An overlay of Localfax", "What an account was seen to answer.", kinds
    )


def _nullable(field: Any, *types: str) -> dict[str, Any]:
    return {"type": [*types, "null"] if field.allow_none else list(types)}


def _by_path(book: Any, field: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": book.field(field.value_field)}
