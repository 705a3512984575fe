"""JSON Schema in a few words: what an answer holds."""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "number"}
WHOLE: Shape = {"type": "integer"}
TRUTH: Shape = {"type": "boolean"}
ANYTHING: Shape = {"type": "object"}
INSTANT: Shape = {"type": "string", "format": "date-time"}


def nullable(shape: Shape) -> Shape:
    return {**shape, "nullable": True}


def one_of(words: Any) -> Shape:
    return {"type": "string", "enum": [word.value for word in words]}


def rows(shape: Any) -> Shape:
    return {"type": "array", "items": shape}


def by_name(shape: Shape) -> Shape:
    return {"type": "object", "additionalProperties": shape}


def record(**properties: Any) -> Shape:
    """Describe an object that has all of these; a name that Python keeps for itself ends with a line."""
    named = {name.removesuffix("_"): shape for name, shape in properties.items()}
    return {"type": "object", "required": [*named], "properties": named}


def with_optional(shape: Shape, **properties: Any) -> Shape:
    """Describe the same object, which may have these too."""
    return {**shape, "properties": {**shape["properties"], **properties}}


def alike(names: str, shape: Shape) -> dict[str, Shape]:
    """Describe properties that have one shape; their names are written with spaces between them."""
    return dict.fromkeys(names.split(), shape)
