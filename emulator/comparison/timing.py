"""How long faxes took to come to their states and to their end, compared; and how that is made good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from emulator.comparison.difference import Difference, Kind
from emulator.comparison.findings import FAXES, Differing
from emulator.comparison.history import Chronicle, Life
from emulator.comparison.scripts import Course, wanted_seconds
from emulator.comparison.stages import Lateness, find_lateness, lengthen
from emulator.core.dialect.recorded import Sense
from emulator.overlays.overlay import Occasion

_SLACK, _SHARE = 2.0, 0.1
"""Seconds, and the share of the whole, by which an instant may be off."""


def tolerance(seconds: float) -> float:
    """By how many seconds an instant may be off that comes after so many."""
    return max(_SLACK, _SHARE * seconds)


@dataclass(frozen=True)
class Pacing:
    """What differs in the timing of a recording; `states` is by how much each lasts longer."""

    found: tuple[Differing, ...]
    states: Mapping[str, float]
    going: frozenset[str] = frozenset()
    """The words of our faxes before their end."""

    def explains(self, difference: Difference) -> bool:
        """Tell whether a fax was only in another of its states, which the timings tell if it matters."""
        said = {str(difference.ours), str(difference.theirs)}
        return difference.kind is Kind.code and difference.sense is Sense.state and said <= self.going

    def courses(self, natural: Mapping[str, Course]) -> dict[str, Course]:
        """The courses of faxes whose states last so long."""
        return {
            fax: replace(each, total=each.total + lengthen(each.stages, self.states))
            for fax, each in natural.items()
        }

    def overlay(self, given: Any, vendor: str) -> Any:
        """The overlay of a world in which they do."""
        if not self.states:
            return given
        rows = list((given or {}).get("timings", ()))
        usual = {row["state"]: row["longer"] for row in rows if "state" in row}
        rows += [{"state": word, "longer": more + usual.get(word, 0.0)} for word, more in self.states.items()]
        return {"overlay": 1, "vendor": vendor, **(given or {}), "timings": rows}


def compare_timing(history: Chronicle, courses: Mapping[str, Course]) -> Pacing:
    """Compare when each state was first seen, and the last one, with when ours come by themselves."""
    found: list[Differing] = []
    for life in history.lives.values():
        if (course := courses.get(life.id)) is not None and life.last is not None:
            late = list(find_lateness(life, course.stages, history.recorded.ends, tolerance))
            found += [_state(history, life, each) for each in late]
            found += _end(history, life, course, sum(each.off for each in late))
    going = {stage.word for course in courses.values() for stage in course.stages}
    return Pacing(tuple(found), _states(history, found), frozenset(going - set(history.recorded.ends)))


def _state(history: Chronicle, life: Life, each: Lateness) -> Differing:
    difference = Difference(Kind.timing, (each.word,), f"{each.ours:.0f} s", _span(each.low, each.high))
    seen = next(one for one in life.seen if one.state == each.word)
    place, outcome = _place(history, seen.at), _outcome(history, life)
    occasion = Occasion(None, outcome)
    told = Differing(history.vendor.name, FAXES, False, occasion, place, difference, each.pace, life.id)
    return replace(told, state=each.before, longer=each.off)


def _end(history: Chronicle, life: Life, course: Course, off: float) -> Iterator[Differing]:
    low, high = wanted_seconds(history, life)
    total = course.total + off
    slack = tolerance(total)
    if low - slack <= total <= high + slack:
        return
    outcome = _outcome(history, life)
    difference = Difference(Kind.timing, (outcome,), f"{total:.0f} s", _span(low, high))
    seconds = low * 1.2 if high == float("inf") else (low + high) / 2
    pace, place = course.pace_for(seconds - off), _place(history, life.seen[-1].at)
    yield Differing(
        history.vendor.name, FAXES, False, Occasion(None, outcome), place, difference, pace, life.id
    )


def _outcome(history: Chronicle, life: Life) -> str:
    ended = history.end_of(life)
    return ended.outcome.value if ended else "delivered"


def is_usual(history: Chronicle, found: Iterable[Differing], path: str) -> bool:
    """Tell whether at least half of the faxes that come so far take as long: else the account varies."""
    lives = history.lives.values()
    alike = sum(_outcome_told(history, life) == path or _shows(life, path) for life in lives)
    differing = {
        one.fax for one in found if one.difference.kind is Kind.timing and one.difference.path[0] == path
    }
    return len(differing) * 2 >= alike


def _outcome_told(history: Chronicle, life: Life) -> str | None:
    ended = history.end_of(life)
    return ended.outcome.value if ended else None


def _shows(life: Life, word: str) -> bool:
    return any(each.state == word for each in life.seen)


def _states(history: Chronicle, found: list[Differing]) -> dict[str, float]:
    told: dict[str, list[float]] = {}
    for each in found:
        if each.state is not None and is_usual(history, found, each.difference.path[0]):
            told.setdefault(each.state, []).append(each.longer)
    return {word: round(middle(seconds), 3) for word, seconds in told.items()}


def middle(found: list[float]) -> float:
    """The one in the middle."""
    return sorted(found)[len(found) // 2]


def _span(low: float, high: float) -> str:
    """Write between how many seconds something was."""
    if low == high:
        return f"{low:.0f} s"
    return f"more than {low:.0f} s" if high == float("inf") else f"{low:.0f} to {high:.0f} s"


def _place(history: Chronicle, at: float) -> str:
    return next((each.place for each in history.recording.exchanges if each.at == at), "")
