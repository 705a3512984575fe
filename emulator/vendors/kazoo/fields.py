"""Fields of a body that say what is wrong in Kazoo's rules, each an object of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import UnionType
from typing import Any

from marshmallow import ValidationError, fields

Validator = Callable[[Any], None]


def rule_error(rule: str, message: str, **more: Any) -> ValidationError:
    """Make the error of one broken rule."""
    return ValidationError([{rule: {"message": message, **more}}])


def type_error(types: str, value: Any) -> ValidationError:
    return rule_error("type", f"Value did not match type(s): {types}", target=types, value=value)


def _rule(
    holds: Callable[[Any], Any], rule: str, message: str, target: Any, *, cause: bool = False
) -> Validator:
    def check(value: Any) -> None:
        if not holds(value):
            raise rule_error(rule, message, target=target, **({"cause": value} if cause else {}), value=value)

    return check


def one_of(*choices: str) -> Validator:
    """Take only these."""
    message = "Value not found in enumerated list of values"
    return _rule(lambda value: value in choices, "enum", message, list(choices))


def pattern(expression: str) -> Validator:
    """Take only text in which the expression is found."""
    message = f"Failed to match pattern '{expression}'"
    return _rule(re.compile(expression).search, "pattern", message, expression)


def between(least: int, most: int) -> tuple[Validator, Validator]:
    """Take only numbers from `least` to `most`."""
    return (
        _rule(lambda value: value >= least, "minimum", f"Value must be at least {least}", least),
        _rule(lambda value: value <= most, "maximum", f"Value must be at most {most}", most),
    )


def length(least: int, most: int) -> tuple[Validator, Validator]:
    """Take only text of so many characters."""
    short = f"String must be at least {least} characters"
    long = f"String must not be more than {most} characters"
    return (
        _rule(lambda value: len(value) >= least, "minLength", short, least, cause=True),
        _rule(lambda value: len(value) <= most, "maxLength", long, most, cause=True),
    )


def of_format(name: str, expression: str) -> Validator:
    """Take only text, or a list of texts, of a format."""
    compiled = re.compile(expression)

    def check(value: Any) -> None:
        for text in value if isinstance(value, list) else [value]:
            if compiled.fullmatch(text) is None:
                raise rule_error(
                    "wrong_format", "Field is not in the correct format", value=text, format=name
                )

    return check


class Ruled:
    """What all fields here share: a missing one, or one of a wrong type, is a broken rule."""

    types = "string"
    python: type | UnionType = str
    texts = True
    """Whether what it holds must be texts."""

    def convert(self, value: Any) -> Any:
        """Turn text that stands for a value of this type into that."""
        return value

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        if key == "required":
            return rule_error("required", "Field is required but missing", value=getattr(self, "name", ""))
        return type_error(self.types, kwargs.get("input"))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        value = self.convert(value)
        if not isinstance(value, self.python) or isinstance(value, bool) is not (self.python is bool):
            raise type_error(self.types, value)
        held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        wrong = [each for each in held if self.texts and not isinstance(each, str)]
        if wrong:
            raise type_error("string", wrong[0])
        return value


class RuledText(Ruled, fields.String):
    """Text and nothing else."""


class RuledNumber(Ruled, fields.Integer):
    """A whole number, or text that holds one (observed: such text is taken silently)."""

    types, python = "integer", int

    def convert(self, value: Any) -> Any:
        return int(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value) else value


class RuledSwitch(Ruled, fields.Boolean):
    """A boolean, or text that holds one."""

    types, python = "boolean", bool

    def convert(self, value: Any) -> Any:
        return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


class RuledPart(Ruled, fields.Nested):
    """An object with a schema of its own."""

    types, python, texts = "object", dict, False

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return fields.Nested._deserialize(self, super()._deserialize(value, attr, data), attr, data, **kwargs)


class RuledValue(Ruled, fields.Raw):
    """What marshmallow has no field for; with `texts` False it may hold anything."""

    def __init__(self, types: str, python: type | UnionType, *, texts: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.types, self.python, self.texts = types, python, texts


def flatten(messages: Any, path: str = "") -> dict[str, Any]:
    """Flatten marshmallow's tree of messages: one dotted path a field, its broken rules below."""
    if isinstance(messages, Mapping):
        flat: dict[str, Any] = {}
        for name, inner in messages.items():
            flat |= flatten(inner, f"{path}.{name}" if path else str(name))
        return flat
    rules: dict[str, Any] = {}
    for each in messages if isinstance(messages, Sequence) else ():
        rules |= each if isinstance(each, Mapping) else {"invalid": {"message": str(each)}}
    return {path: rules}
