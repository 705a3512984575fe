"""All combinations, smallest first: what is found first is the smallest, and what it implies is not tried."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from emulator.core.sandbox import Ids
from emulator.core.scripting.combinations import Combination
from emulator.explore.judge import Flaw
from emulator.explore.story import Story

AREAS = (
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 225, 228, 229,
    301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323,
    401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 423, 501, 502, 503, 504,
)  # fmt: skip
"""Area codes; the numbers 555-0100 to 555-0199 of each are nobody's."""


class Verdict(StrEnum):
    """What became of a combination."""

    held = "held"
    broke = "did not hold"
    implied = "implied"
    unmet = "not met"
    left = "no time left"
    dead = "not tried"


@dataclass(frozen=True)
class Tried:
    """A combination, what became of it, what did not hold, and the story; `smaller` is what implies it."""

    combination: Combination
    verdict: Verdict
    problems: Sequence[Flaw] = ()
    story: Story | None = None
    smaller: Combination | None = None
    seconds: float = 0.0


def number(seed: str, place: int) -> str:
    """Make the telephone number of the order at a place, from 1: nobody's, and another one for each seed."""
    start = int(Ids(seed).hex("explore/number", 0, 8), 16)
    which = (start + place) % (len(AREAS) * 100)
    return f"+1{AREAS[which // 100]}55501{which % 100:02d}"


def explore(
    combinations: Sequence[Combination],
    play: Callable[[Combination], tuple[Story, Sequence[Flaw]]],
    *,
    deadline: float = float("inf"),
    clock: Callable[[], float] = time.monotonic,
    die: Callable[[Story], str | None] = lambda story: None,
) -> Iterator[Tried]:
    """Try each combination; what a smaller one implies is not tried, nor what is left after the deadline.

    `die` says of a run that did not hold how the application died in it, if so: then no other is tried.
    """
    broken: list[Combination] = []
    died = None
    for each in combinations:
        begun = clock()
        smaller = next((one for one in broken if each.implied_by(one)), None)
        if died is not None:
            yield Tried(each, Verdict.dead)
        elif smaller is not None:
            yield Tried(each, Verdict.implied, smaller=smaller)
        elif begun >= deadline:
            yield Tried(each, Verdict.left)
        else:
            story, problems = play(each)
            if problems:
                broken.append(each)
                died = die(story)
                problems = [Flaw("dead", died), *problems] if died else problems
            verdict = Verdict.broke if problems else Verdict.held if is_met(story) else Verdict.unmet
            yield Tried(each, verdict, problems, story, seconds=clock() - begun)


def is_met(story: Story) -> bool:
    """Tell whether the application came to meet what should befall it."""
    return all(_MET.get(each.when.value, _always)(story) for each in story.combination.parts)


def _always(story: Story) -> bool:
    return True


def _was_posted(story: Story) -> bool:
    return bool(story.webhooks) or story.truth.state in ("pending", "none")


_MET: dict[str, Callable[[Story], bool]] = {
    "webhook": _was_posted,
    "poll": lambda story: bool(story.reads),
}
