"""Fields of a body that say what is wrong in Kazoo's rules, each an object of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields

Validator = Callable[[Any], None]


def broken(rule: str, message: str, **more: Any) -> ValidationError:
    """Make the error of one broken rule."""
    return ValidationError([{rule: {"message": message, **more}}])


def of_type(types: str, value: Any) -> ValidationError:
    return broken("type", f"Value did not match type(s): {types}", target=types, value=value)


def not_allowed(value: Any) -> ValidationError:
    return broken("additionalProperties", "Field is not allowed", value=value)


def one_of(*choices: str) -> Validator:
    """Take only these."""

    def check(value: Any) -> None:
        if value not in choices:
            message = "Value not found in enumerated list of values"
            raise broken("enum", message, target=list(choices), value=value)

    return check


def pattern(expression: str) -> Validator:
    """Take only text in which the expression is found."""
    compiled = re.compile(expression)

    def check(value: Any) -> None:
        if compiled.search(value) is None:
            raise broken("pattern", f"Failed to match pattern '{expression}'", target=expression, value=value)

    return check


def between(least: int, most: int) -> Validator:
    """Take only numbers from `least` to `most`."""

    def check(value: Any) -> None:
        if value < least:
            raise broken("minimum", f"Value must be at least {least}", target=least, value=value)
        if value > most:
            raise broken("maximum", f"Value must be at most {most}", target=most, value=value)

    return check


def length(least: int, most: int) -> Validator:
    """Take only text of so many characters."""

    def check(value: Any) -> None:
        more = {"cause": value, "value": value}
        if len(value) < least:
            raise broken("minLength", f"String must be at least {least} characters", target=least, **more)
        if len(value) > most:
            raise broken("maxLength", f"String must not be more than {most} characters", target=most, **more)

    return check


def formatted(name: str, expression: str) -> Validator:
    """Take only text, or a list of texts, of a format."""
    compiled = re.compile(expression)

    def check(value: Any) -> None:
        for text in value if isinstance(value, list) else [value]:
            if compiled.fullmatch(text) is None:
                raise broken("wrong_format", "Field is not in the correct format", value=text, format=name)

    return check


class Ruled:
    """What all fields here share: a missing one, or one of a wrong type, is a broken rule."""

    types = "string"

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        if key == "required":
            name = getattr(self, "name", "")
            return broken("required", "Field is required but missing", value=name)
        return of_type(self.types, kwargs.get("input"))


class Text(Ruled, fields.String):
    """Text and nothing else."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise of_type(self.types, value)
        return value


class Whole(Ruled, fields.Integer):
    """A whole number, or text that holds one (observed: such text is taken silently)."""

    types = "integer"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise of_type(self.types, value)
        return value


class YesNo(Ruled, fields.Boolean):
    """A boolean, or text that holds one."""

    types = "boolean"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        value = {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
        if not isinstance(value, bool):
            raise of_type(self.types, value)
        return value


class Part(Ruled, fields.Nested):
    """An object."""

    types = "object"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        if not isinstance(value, dict):
            raise of_type(self.types, value)
        return super()._deserialize(value, attr, data, **kwargs)


class Texts(Ruled, fields.Raw):
    """Text, or a list of texts."""

    types = "string,array"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | list[str]:
        if not isinstance(value, str | list):
            raise of_type(self.types, value)
        for each in value if isinstance(value, list) else ():
            if not isinstance(each, str):
                raise of_type("string", each)
        return value


class Items(Ruled, fields.Raw):
    """A list of texts."""

    types = "array"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        if not isinstance(value, list):
            raise of_type(self.types, value)
        for each in value:
            if not isinstance(each, str):
                raise of_type("string", each)
        return value


class Mapped(Ruled, fields.Raw):
    """An object of any content; with `texts` its values are texts."""

    types = "object"

    def __init__(self, *, texts: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.texts = texts

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise of_type(self.types, value)
        wrong = [each for each in value.values() if self.texts and not isinstance(each, str)]
        if wrong:
            raise of_type("string", wrong[0])
        return value


def dotted(messages: Any, path: str = "") -> dict[str, Any]:
    """Flatten marshmallow's tree of messages: one dotted path a field, its broken rules below."""
    if isinstance(messages, Mapping):
        flat: dict[str, Any] = {}
        for name, inner in messages.items():
            flat |= dotted(inner, f"{path}.{name}" if path else str(name))
        return flat
    rules: dict[str, Any] = {}
    for each in messages if isinstance(messages, Sequence) else ():
        rules |= each if isinstance(each, Mapping) else {"invalid": {"message": str(each)}}
    return {path: rules}
