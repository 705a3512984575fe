"""Records as data, and back by their type hints: plain data for snapshots, JSON for shared stores.

msgspec does the work. Plain data comes from outside, so what msgspec lets pass is judged here: names that no
field has, and numbers that not every reader of JSON takes alike. JSON is what this program wrote itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from emulator.core.errors import Invalid

T = TypeVar("T")

LARGEST = 2**53
"""Beyond this whole numbers are not told apart by floats, which many readers of JSON use for all numbers."""

_TOLD = re.compile(
    r"(?:Object missing required field `(\w+)`|(.+?))(?: - at `\$\.?([^`]*)`)?", flags=re.DOTALL
)
"""What msgspec says is wrong: the field that is missing, or another reason; and the place."""


def encode(value: Any) -> Any:
    """A value as plain data that JSON can carry; fields that have their default are left out."""
    from msgspec import to_builtins

    return to_builtins(_lean(value))


def decode(kind: type[T], data: Any) -> T:
    """Read what `encode` gave of a value of this type; raise Invalid, naming the place, for anything else."""
    from msgspec import ValidationError, convert

    try:
        value = convert(data, kind)
    except ValidationError as error:
        missing, reason, place = _TOLD.fullmatch(str(error)).groups("")  # type: ignore[union-attr]
        raise _wrong(f"{place}.{missing}", reason or "a value is missing") from None
    _judge(value, data, "")
    return value


def pack(value: Any) -> bytes:
    """A dataclass as JSON, short like `encode`; no number in it may be infinite or none at all."""
    try:
        return _packer()(_given(value))
    except UnicodeEncodeError:  # half of a surrogate pair, which only escapes can carry
        return json.dumps(encode(value)).encode()


def unpack(kind: type[T], body: bytes) -> T:
    """Read what `pack` gave of a value of this type."""
    from msgspec import DecodeError, convert

    try:
        value: T = _unpacker(kind)(body)  # type: ignore[arg-type]  # a type is hashable
    except DecodeError:
        value = convert(json.loads(body), kind)
    return value


def spell(data: Any) -> bytes:
    """Plain data as JSON."""
    try:
        return _packer()(data)
    except UnicodeEncodeError:  # half of a surrogate pair, which only escapes can carry
        return json.dumps(data).encode()


def unspell(body: bytes) -> Any:
    """Read what `spell` gave."""
    from msgspec import DecodeError

    try:
        return _unpacker(Any)(body)
    except DecodeError:
        return json.loads(body)


@cache
def _packer() -> Callable[[Any], bytes]:
    from msgspec.json import Encoder

    return Encoder().encode


@cache
def _unpacker(kind: Any) -> Callable[[bytes], Any]:
    from msgspec.json import Decoder

    return Decoder(kind).decode


def _lean(value: Any) -> Any:
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, tuple):
        return [_lean(each) for each in value]
    if is_dataclass(value):
        return {name: _lean(part) for name, part in _given(value).items()}
    return value


def _given(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that do not have their default."""
    usual = _defaults(value.__class__)
    return {
        name: part
        for name, part in value.__dict__.items()
        if part is not (default := usual.get(name, part)) and part != default
    }


@cache
def _defaults(kind: Any) -> Mapping[str, Any]:
    """The defaults of a dataclass's fields, MISSING where there is none."""
    made = {each.name: each.default_factory() for each in fields(kind) if each.default_factory is not MISSING}
    return {each.name: made.get(each.name, each.default) for each in fields(kind)}


def _judge(value: Any, data: Any, place: str) -> None:
    """Compare a value with the data that it was read from; raise Invalid for what should not have passed."""
    if is_dataclass(value):
        numeric = _numeric(value.__class__)
        for name, part in data.items():
            if name not in numeric:
                raise _wrong(f"{place}.{name}", "there is no field of that name")
            if numeric[name]:
                _judge(getattr(value, name), part, f"{place}.{name}")
    elif isinstance(value, tuple):
        for index, (each, part) in enumerate(zip(value, data, strict=True)):
            _judge(each, part, f"{place}[{index}]")
    elif isinstance(data, (int, float)) and not abs(data) <= LARGEST:  # what is no number is not less
        raise _wrong(place, f"a number is finite and at most {LARGEST}")


@cache
def _numeric(kind: Any) -> Mapping[str, bool]:
    """The fields of a dataclass, and of each whether its type says that numbers or fields are in it."""
    hints = get_type_hints(kind)
    return {each.name: _holds_numbers(hints[each.name]) for each in fields(kind)}


def _holds_numbers(hint: Any) -> bool:
    return hint in (int, float) or is_dataclass(hint) or any(map(_holds_numbers, get_args(hint)))


def _wrong(place: str, reason: str) -> Invalid:
    place = place.strip(".")
    return Invalid(f"{place or 'the whole'}: {reason}", place or None)
