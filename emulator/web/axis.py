"""One axis of time, to scale, in which long waits are folded.

For example, a call of 6 s, a wait of 5 min, a call of 60 s, drawn 470 wide: the wait takes 40, and each
second of the calls takes 430 / 66.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_FOLD = 40.0
"""Width of a wait that is folded."""
_FOLDS_SHARE = 0.5
"""Part of the width that all folds take at most."""
_SHORT = 15.0
"""Seconds of a wait that is never folded."""
_SHARE = 0.3
"""A wait that is longer than this part of all that is busy is folded."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Stretch:
    """A piece of the axis: from one instant to another, from one x to another; `folded` is not to scale."""

    begin: float
    end: float
    left: float
    right: float
    folded: bool

    def place(self, instant: float) -> float:
        """Find where an instant within is drawn."""
        part = (instant - self.begin) / (self.end - self.begin) if self.end > self.begin else 0.0
        return self.left + part * (self.right - self.left)


class Axis:
    """Where instants are drawn; `busy` spans are never folded, `marks` are further instants on the axis."""

    def __init__(self, busy: Sequence[Span], marks: Iterable[float], width: float) -> None:
        self.width = width
        self.stretches = _lay_out(busy, marks, width)
        self._begins = [each.begin for each in self.stretches]

    def place(self, instant: float) -> float:
        """Find where an instant is drawn."""
        found = self.stretches[max(0, bisect_right(self._begins, instant) - 1)]
        return found.place(min(max(instant, found.begin), found.end))

    @property
    def folds(self) -> list[Stretch]:
        return [each for each in self.stretches if each.folded]


def _lay_out(busy: Sequence[Span], marks: Iterable[float], width: float) -> list[Stretch]:
    instants = sorted({*marks, *(each for span in busy for each in span)})
    gaps = list(pairwise(instants)) or [(instants[0], instants[0] + 1.0)]
    calm = [not any(begin < gap[1] and end > gap[0] for begin, end in busy) for gap in gaps]
    active = sum(gap[1] - gap[0] for gap, is_calm in zip(gaps, calm, strict=True) if not is_calm)
    most = max(_SHORT, _SHARE * active)
    folded = [is_calm and gap[1] - gap[0] > most for gap, is_calm in zip(gaps, calm, strict=True)]
    fold = min(_FOLD, width * _FOLDS_SHARE / max(1, sum(folded)))
    scaled = sum(gap[1] - gap[0] for gap, is_folded in zip(gaps, folded, strict=True) if not is_folded)
    if not scaled:
        fold = width / max(1, sum(folded))
    scale = (width - fold * sum(folded)) / scaled if scaled else 0.0
    found, left = [], 0.0
    for (begin, end), is_folded in zip(gaps, folded, strict=True):
        right = left + (fold if is_folded else (end - begin) * scale)
        found.append(Stretch(begin, end, left, right, is_folded))
        left = right
    return found
