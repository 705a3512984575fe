"""What a switch of a profile takes: some words, true or false, numbers between bounds, or a list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

_MOST_SHOWN = 60
_MOST_ITEMS = 100


@dataclass(frozen=True)
class Takes:
    """The values of a switch: how they are told, which they are, and the words among them."""

    told: str
    fits: Callable[[Any], bool]
    words: tuple[str, ...] = ()

    def problem(self, given: Any) -> str | None:
        """Tell what is wrong with a value: what is taken, and the word that was meant."""
        if self.fits(given):
            return None
        shown = json.dumps(given, ensure_ascii=False, default=str)
        shown = shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
        spelled = {word.lower(): word for word in self.words}
        near = get_close_matches(str(given)[:_MOST_SHOWN].lower(), spelled, n=1, cutoff=0.6)
        meant = f"; did you mean {spelled[near[0]]}?" if near else ""
        return f"takes {self.told}, not {shown}{meant}"


def one_of(*words: str) -> Takes:
    """Some words; a number that is written like one of them is it too, as a shell's 4.3 is."""
    return Takes(" or ".join(words), lambda given: _is_scalar(given) and str(given) in words, words)


TRUE_OR_FALSE = Takes("true or false", lambda given: isinstance(given, bool), ("true", "false"))


def whole(low: int, high: int) -> Takes:
    """A whole number between bounds, both included."""
    fits = lambda given: _is_number(given) and isinstance(given, int) and low <= given <= high  # noqa: E731
    return Takes(f"a whole number from {low} to {high}", fits)


def number(low: int, high: int) -> Takes:
    """A number between bounds, both included."""
    return Takes(f"a number from {low} to {high}", lambda given: _is_number(given) and low <= given <= high)


def written(told: str, pattern: str) -> Takes:
    """Text, or a number, of a form."""
    return Takes(told, lambda given: _is_scalar(given) and re.fullmatch(pattern, str(given)) is not None)


def either(first: Takes, second: Takes) -> Takes:
    """What one or the other takes."""
    told = f"{first.told}, or {second.told}"
    return Takes(told, lambda given: first.fits(given) or second.fits(given), first.words + second.words)


def list_of(told: str, fits: Callable[[Any], bool], words: Iterable[str] = ()) -> Takes:
    """A list of at most 100, all of which fit."""

    def all_fit(given: Any) -> bool:
        return isinstance(given, (list, tuple)) and len(given) <= _MOST_ITEMS and all(map(fits, given))

    return Takes(f"a list of {told}", all_fit, tuple(words))


def is_text(given: Any) -> bool:
    """Tell a text that says something."""
    return isinstance(given, str) and bool(given.strip())


def has_texts(*keys: str) -> Callable[[Any], bool]:
    """Tell an object whose keys are these and whose values are texts."""
    return lambda given: (
        isinstance(given, Mapping)
        and given.keys() <= set(keys)
        and all(isinstance(value, str) for value in given.values())
    )


def _is_scalar(given: Any) -> bool:
    return isinstance(given, str) or _is_number(given)


def _is_number(given: Any) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool)
