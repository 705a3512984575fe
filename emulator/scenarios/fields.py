"""Marshmallow fields of scenarios and the control plane: durations, instants, speeds, money, text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from emulator.config import parse_speed
from emulator.core.sandbox import LATEST, MICROS, PER_MICRO

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")
MOST_MONEY = 1_000_000_000


def parse_duration(value: Any) -> float:
    """Read seconds, or text like 90s, 5m, 48h; raise ValueError otherwise."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e10:
        return float(value)
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or len(value) > 20:
        raise ValueError(f"a duration is seconds or text like 90s, 5m, 48h, not {value!r}")
    return float(found[1]) * _UNITS[found[2] or "s"]


def parse_instant(value: Any) -> float:
    """Read ISO 8601 from 1970 to 2999, taken as UTC without an offset; raise ValueError otherwise."""
    try:
        at = datetime.fromisoformat(value)
        seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        seconds = -1.0
    if not 0 <= seconds < LATEST:
        raise ValueError(f"an instant is ISO 8601 like 2026-01-31T12:00:00Z, not {value!r}")
    return seconds


class _Parsed(fields.Raw):
    parse: Callable[[Any], float | None]

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> float | None:
        try:
            return self.parse(value)
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from None


class Duration(_Parsed):
    """Seconds, or text like 90s, 5m, 48h."""

    parse = staticmethod(parse_duration)


class Instant(_Parsed):
    """ISO 8601 in UTC."""

    parse = staticmethod(parse_instant)


class Speed(_Parsed):
    """A number from 0 up, or max (None)."""

    parse = staticmethod(parse_speed)


class Money(fields.Float):
    """An amount in the account's currency, kept in micros."""

    unit = MICROS

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        amount = super()._deserialize(value, *args, **kwargs)
        if amount is None or abs(amount) > MOST_MONEY:
            raise ValidationError(f"an amount is a number up to {MOST_MONEY:,}.")
        return round(Decimal(str(amount)) * self.unit)


class Balance(Money):
    """An amount in the account's currency, kept in parts of a micro."""

    unit = MICROS * PER_MICRO


WILD = frozenset("*?[")
"""What makes a text that numbers are compared with a pattern."""


class Text(fields.String):
    """Text, or a whole number that is meant as text: YAML reads an unquoted 263 as a number."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        return super()._deserialize(value, *args, **kwargs)


class NumberPattern(Text):
    """A telephone number, or a pattern with * in it; words alone fit no number."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        if text and not WILD & set(text) and not any(each.isdigit() for each in text):
            raise ValidationError(f"a number has digits, and * stands for any of them: {text!r} fits none.")
        return text
