"""When a fax came to each of its states: as a recording shows it, and in the emulator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from emulator.comparison.history import Life
from emulator.core.faxes.machine import State

_CALLING = frozenset({State.dialing.value, State.transmitting.value})


@dataclass(frozen=True)
class Stage:
    """A word that the emulator says of a fax: from how many seconds on, for how many, of those on calls."""

    word: str
    after: float
    lasts: float
    calling: float


@dataclass(frozen=True)
class Lateness:
    """A state that came at another instant than ours, all in seconds.

    `before` is the state that lasts longer by `off`; None: its calls do, which are `pace` times as long.
    """

    word: str
    ours: float
    low: float
    high: float
    before: str | None
    pace: float
    off: float


def list_stages(states: Sequence[tuple[str, float]], words: Mapping[str, str]) -> tuple[Stage, ...]:
    """Put together the neutral states of one word: each with the seconds after its fax was made."""
    found: list[Stage] = []
    for (state, begins), (_, ends) in pairwise(states):
        word, lasts = words.get(state, ""), ends - begins
        calling = lasts if state in _CALLING else 0.0
        if found and found[-1].word == word:
            last = found.pop()
            found.append(Stage(word, last.after, last.lasts + lasts, last.calling + calling))
        else:
            found.append(Stage(word, begins, lasts, calling))
    return tuple(found)


def find_lateness(
    life: Life, stages: Sequence[Stage], ends: Collection[str], tolerance: Callable[[float], float]
) -> Iterator[Lateness]:
    """Compare when each state but the last was first seen; each is measured from the one before."""
    off, known = 0.0, set[str]()
    for number, stage in enumerate(stages):
        bounds = None if stage.word in known or stage.word in ends else _bounds(life, stage.word)
        known.add(stage.word)
        if bounds is None or not number:
            continue
        low, high, before = bounds
        ours = [each.after + off for each in stages if each.word == stage.word]
        if any(low - tolerance(each) <= each <= high + tolerance(each) for each in ours):
            continue
        moved = (low + high) / 2 - ours[0]
        held = next((each for each in stages[:number] if each.word == before), stages[number - 1])
        held = held if held.calling or held.lasts + moved > 0 else stages[number - 1]
        off += moved
        pace = max(0.001, 1 + moved / held.calling) if held.calling else 1.0
        yield Lateness(stage.word, ours[0], low, high, None if held.calling else held.word, pace, moved)


def _bounds(life: Life, word: str) -> tuple[float, float, str | None] | None:
    """Between which seconds a state began, by what was seen before it and with it; and the state before."""
    told = [each for each in life.seen if each.state is not None]
    place = next((place for place, each in enumerate(told) if each.state == word), None)
    if place is None:
        return None
    high = told[place].at - life.at
    low = told[place - 1].at - life.at if place else 0.0
    return (high if told[place].webhook else low), high, (told[place - 1].state if place else None)


def lengthen(stages: Sequence[Stage], longer: Mapping[str, float]) -> float:
    """By how many seconds a fax takes longer whose states do."""
    return sum(max(longer[each.word], -each.lasts) for each in stages if each.word in longer)
