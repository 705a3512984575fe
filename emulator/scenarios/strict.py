"""Marshmallow, strict and helpful: an unknown key is refused with the one that was probably meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from emulator.scenarios.fields import parse_duration
from emulator.scenarios.mistakes import suggest

SUGGESTED = 10
"""Unknown keys that are answered each; to look for what was meant is dear."""


class Strict(Schema):
    """A schema that names what it knows when it meets what it does not."""

    class Meta:
        unknown = RAISE  # as it is unsaid; apispec before 6.9 describes only what is said

    @pre_load
    def _known_keys(self, data: Any, **kwargs: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValidationError(f"a mapping is wanted here, not {quote(data)}.")
        known = [each.data_key or name for name, each in self.fields.items()]
        unknown = [key for key in data if key not in known and not self.takes(key)]
        if unknown:
            told = {str(key): [f"unknown key{suggest(key, known)}"] for key in unknown[:SUGGESTED]}
            more = (
                {} if len(unknown) <= SUGGESTED else {"_schema": [f"{len(unknown):,} unknown keys in all."]}
            )
            raise ValidationError(told | more)
        return data

    def takes(self, key: Any) -> bool:
        """Tell whether a key is known although no field has its name."""
        return False


class Choice(fields.String):
    """One of a few words; a wrong one is answered with the nearest."""

    def __init__(self, words: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words
        self.validators.append(validate.OneOf(words))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if value not in self.words:
            raise ValidationError(f"unknown word {quote(value)}{suggest(value, self.words)}")
        return value


class Seconds(fields.Raw):
    """Seconds, or text like 90s, 5m, 48h."""

    def __init__(self, most: float = 1e9, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> float:
        try:
            seconds = parse_duration(value)
        except ValueError as wrong:
            raise ValidationError(f"{wrong}.") from None
        if seconds > self.most:
            raise ValidationError(f"at most {self.most:g} seconds.")
        return seconds


def whole(least: int = 0, most: int = 1_000_000, **kwargs: Any) -> fields.Integer:
    """Make a field of a whole number; text and fractions are refused."""
    return fields.Integer(strict=True, validate=[_refuse_truth, validate.Range(least, most)], **kwargs)


def _refuse_truth(value: Any) -> None:
    """Refuse true and false where a number is due."""
    if isinstance(value, bool):
        raise ValidationError("a whole number is wanted here.")


def quote(value: Any) -> str:
    """Write a value for a message, cut short."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
