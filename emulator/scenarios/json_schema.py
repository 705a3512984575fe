"""The grammar of scenario files as JSON Schema, for editors: made from the schemas that read them.

What a schema cannot say, `localfax scenarios check` says: a vendor's own codes, the order of calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, fields, validate

from emulator.scenarios.calls import OPTIONS, OUTCOMES, CallField, CallSchema
from emulator.scenarios.fields import Text
from emulator.scenarios.grammar import MatchSchema, ScenarioSchema
from emulator.scenarios.script import NAME_RULE, SHORT_FORMS, ScriptField, WebhookFaultSchema
from emulator.scenarios.steps import StepSchema
from emulator.scenarios.strict import Choice, Seconds

_Json = dict[str, Any]

_DIALECT = "http://json-schema.org/draft-07/schema#"
"""The one that editors know best."""
_TEXT: _Json = {"type": ["string", "integer"]}
"""YAML reads an unquoted 263 as a number."""
_DURATION: _Json = {
    "oneOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(ms|s|m|h|d)?\s*$"},
    ]
}

BEYOND: Mapping[type[Schema], _Json] = {
    ScenarioSchema: {"required": ["name"]},
    MatchSchema: {"patternProperties": {"^header\\.": _TEXT}},
    StepSchema: {"minProperties": 1, "maxProperties": 1},
}
"""What a schema takes or wants beyond its fields."""

SHORT: Mapping[tuple[type[Schema], str], _Json] = {
    (WebhookFaultSchema, each): {"type": "boolean"} for each in SHORT_FORMS
}
"""Fields that have a short form, which the schema takes before it reads them."""


@cache
def scenario_json_schema() -> _Json:
    """Describe one YAML document of a scenario file; every schema but the first is a definition."""
    return describe_schema(ScenarioSchema, "A scenario of Localfax", "One YAML document of a scenario file.")


def describe_schema(
    schema: type[Schema], title: str, description: str, kinds: Mapping[type[Any], Any] = MappingProxyType({})
) -> _Json:
    """Describe a schema and all that it needs; `kinds` says how further kinds of fields are written."""
    book = _Book({**KINDS, **kinds})
    root, told = book.object(schema), {"title": title, "description": description}
    return {"$schema": _DIALECT, **told, **root, "definitions": dict(sorted(book.definitions.items()))}


class _Book:
    """The definitions that the schema needs, each written once."""

    def __init__(self, kinds: Mapping[type[Any], Any]) -> None:
        self.definitions: _Json = {}
        self.kinds = kinds

    def the(self, name: str, write: Callable[[], _Json]) -> _Json:
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = write()
        return {"$ref": f"#/definitions/{name}"}

    def schema(self, schema: type[Schema]) -> _Json:
        name = schema.__name__.removesuffix("Schema").lower()
        told = (schema.__doc__ or "").partition("\n")[0]
        return self.the(name, lambda: {"description": told, **self.object(schema)})

    def object(self, schema: type[Schema]) -> _Json:
        known = {each.data_key or name: each for name, each in schema().fields.items()}
        required = sorted(key for key, each in known.items() if each.required)
        return {
            "type": "object",
            "additionalProperties": False,
            **({"required": required} if required else {}),
            "properties": {key: self.property(schema, key, each) for key, each in known.items()},
            **BEYOND.get(schema, {}),
        }

    def property(self, schema: type[Schema], key: str, field: Any) -> _Json:
        shape = self.field(field)
        if short := SHORT.get((schema, key)):
            shape = {"oneOf": [short, shape]}
        told = field.metadata.get("description")
        if not told:
            return shape
        return {"description": told, **({"allOf": [shape]} if "$ref" in shape else shape)}

    def field(self, field: Any) -> _Json:
        write = next(self.kinds[kind] for kind in type(field).__mro__ if kind in self.kinds)
        shape = dict(write(self, field))
        for rule in field.validators:
            shape |= _rule(rule, shape)
        return shape

    def call(self) -> _Json:
        """Write one entry of `attempts`: a word, a word with its options, or a code alone."""
        code_alone = {
            "type": "object",
            "additionalProperties": False,
            "required": ["code"],
            "properties": {"code": _TEXT},
        }
        with_options = {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {word: self.options(word) for word in OUTCOMES} | self.after(),
            "oneOf": [{"required": [word]} for word in OUTCOMES],
        }
        return {"oneOf": [{"type": "string", "enum": OUTCOMES}, with_options, code_alone]}

    def options(self, word: str) -> _Json:
        known = CallSchema().fields
        own = {name: self.property(CallSchema, name, known[name]) for name in known if name in OPTIONS[word]}
        return {"type": ["object", "null"], "additionalProperties": False, "properties": own}

    def after(self) -> _Json:
        return {"after": self.field(CallSchema().fields["after"])}


def _rule(rule: Any, shape: _Json) -> _Json:
    """What a validator adds to a field's shape."""
    if isinstance(rule, validate.Range):
        return _bounds("minimum", rule.min, "maximum", rule.max)
    if isinstance(rule, validate.Length):
        kind = "Items" if shape.get("type") == "array" else "Length"
        return _bounds(f"min{kind}", rule.min, f"max{kind}", rule.max)
    if isinstance(rule, validate.OneOf):
        return {"enum": list(rule.choices)}
    if rule is NAME_RULE:
        return {"pattern": f"^{NAME_RULE.regex.pattern.removesuffix(chr(92) + 'Z')}$"}
    return {}


def _bounds(least: str, low: Any, most: str, high: Any) -> _Json:
    return {name: bound for name, bound in ((least, low), (most, high)) if bound is not None}


def _dict(book: _Book, field: Any) -> _Json:
    values = field.value_field
    return (
        {"type": "object"}
        if values is None
        else {"type": "object", "additionalProperties": book.field(values)}
    )


KINDS: Mapping[type[Any], Callable[[_Book, Any], _Json]] = {
    Choice: lambda book, field: {"type": "string", "enum": field.words},
    Text: lambda book, field: _TEXT,
    fields.String: lambda book, field: {"type": "string"},
    fields.Integer: lambda book, field: {"type": "integer"},
    fields.Float: lambda book, field: {"type": "number"},
    fields.Boolean: lambda book, field: {"type": "boolean"},
    Seconds: lambda book, field: _DURATION,
    CallField: lambda book, field: book.the("call", book.call),
    ScriptField: lambda book, field: book.schema(field.schema),
    fields.Nested: lambda book, field: book.schema(field.nested),
    fields.List: lambda book, field: {"type": "array", "items": book.field(field.inner)},
    fields.Dict: _dict,
    fields.Raw: lambda book, field: {"not": {"type": "null"}},
}
"""How each kind of field is written; a kind is taken before those it is made of."""
