"""Records as plain data that JSON can carry, and back by their type hints: for shared stores and snapshots.

Fields that have their default are left out. Texts, numbers, enumerations, tuples, mappings and nested
dataclasses are read as their hints say; what is hinted as Any must be JSON already.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from emulator.core.errors import Invalid

T = TypeVar("T")
Decode = Callable[[Any, str], Any]
"""From plain data, and the place where it stands, to the value; raises Invalid."""

LARGEST = 2**53
"""Beyond this whole numbers are not told apart by floats, which many readers of JSON use for all numbers."""


def encode(value: Any) -> Any:
    """Give a value as None, booleans, numbers, texts, lists and objects."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [encode(each) for each in value]
    if isinstance(value, (dict, Mapping)):
        return {str(key): encode(each) for key, each in value.items()}
    if is_dataclass(value):
        held = ((name, getattr(value, name), default) for name, default in _defaults(value.__class__))
        return {name: encode(part) for name, part, default in held if part is not default and part != default}
    raise TypeError(f"{type(value).__name__} is nothing that JSON can carry")


def decode(kind: type[T], data: Any) -> T:
    """Read what `encode` gave of a value of this type; raise Invalid, naming the place, for anything else."""
    decoder: Decode = _decoder(kind)  # type: ignore[arg-type]  # a type is hashable
    value: T = decoder(data, "")
    return value


@cache
def _fields(kind: Any) -> tuple[Field[Any], ...]:
    return fields(kind)


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((each.name, _default(each)) for each in _fields(kind))


def _default(each: Field[Any]) -> Any:
    """Give a field's default, MISSING where it has none."""
    return each.default if each.default_factory is MISSING else each.default_factory()


@cache
def _decoder(hint: Any) -> Decode:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _one_of([_decoder(each) for each in get_args(hint)])
    if origin is tuple:
        return _tuple(get_args(hint))
    if isinstance(origin or hint, type) and issubclass(origin or hint, Mapping):
        return _mapping(_decoder((*get_args(hint), Any, Any)[1]))
    if hint is Any:
        return lambda data, place: data
    kind: type = hint
    if is_dataclass(kind):
        return _dataclass(kind)
    return _enum(kind) if issubclass(kind, Enum) else _plain(kind)


def _plain(kind: type) -> Decode:
    def read(data: Any, place: str) -> Any:
        if isinstance(data, (int, float)) and abs(data) > LARGEST:
            raise _wrong(place, f"a number up to {LARGEST}")
        if kind is float and type(data) is int:
            data = float(data)
        if type(data) is not kind or (isinstance(data, float) and not math.isfinite(data)):
            raise _wrong(place, "nothing" if kind is NoneType else kind.__name__)
        return data

    return read


def _enum(kind: type[Enum]) -> Decode:
    def read(data: Any, place: str) -> Any:
        try:
            return kind(data)
        except ValueError:
            raise _wrong(place, f"one of {', '.join(str(each.value) for each in kind)}") from None

    return read


def _tuple(hints: tuple[Any, ...]) -> Decode:
    endless = len(hints) == 2 and hints[1] is ...
    decoders = [_decoder(hint) for hint in hints if hint is not ...]

    def read(data: Any, place: str) -> Any:
        if not isinstance(data, list) or not (endless or len(data) == len(decoders)):
            raise _wrong(place, "a list" if endless else f"a list of {len(decoders)}")
        each = decoders * len(data) if endless else decoders
        return tuple(
            decoder(part, f"{place}[{index}]")
            for index, (decoder, part) in enumerate(zip(each, data, strict=True))
        )

    return read


def _mapping(decoder: Decode) -> Decode:
    def read(data: Any, place: str) -> Any:
        if not isinstance(data, dict):
            raise _wrong(place, "an object")
        return {key: decoder(part, f"{place}.{key}") for key, part in data.items()}

    return read


def _dataclass(kind: type) -> Decode:
    hints = get_type_hints(kind)
    decoders = {each.name: _decoder(hints[each.name]) for each in _fields(kind)}
    needed = {
        each.name for each in _fields(kind) if each.default is MISSING and each.default_factory is MISSING
    }

    def read(data: Any, place: str) -> Any:
        if not isinstance(data, dict):
            raise _wrong(place, "an object")
        if unknown := data.keys() - decoders.keys():
            raise _wrong(f"{place}.{min(unknown)}", "no field of that name")
        if missing := needed - data.keys():
            raise _wrong(f"{place}.{min(missing)}", "a value")
        return kind(**{name: decoders[name](part, f"{place}.{name}") for name, part in data.items()})

    return read


def _one_of(decoders: list[Decode]) -> Decode:
    def read(data: Any, place: str) -> Any:
        wrong: list[Invalid] = []
        for decoder in decoders:
            try:
                return decoder(data, place)
            except Invalid as error:
                wrong.append(error)
        # The deepest says most: that of the alternative which fitted furthest.
        raise max(wrong, key=lambda error: len(error.field or ""))

    return read


def _wrong(place: str, wanted: str) -> Invalid:
    return Invalid(f"{place.lstrip('.') or 'the whole'} must be {wanted}", place.lstrip(".") or None)
