"""What each fax of a recording is scripted to become, so that ours live as the recorded ones did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.comparison.history import Chronicle, Ending, Life
from emulator.comparison.stages import Stage
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.outcomes import Outcome

_LEAST_PACE, _MOST_PACE = 0.001, 10_000.0
_PARTIAL = frozenset({Outcome.line_error, Outcome.hangup})
_PACED = frozenset(Outcome) - {
    Outcome.no_credit,
    Outcome.conversion_failed,
    Outcome.fetch_failed,
    Outcome.cancelled,
}


@dataclass(frozen=True)
class Course:
    """How long a fax took in the emulator by itself: all of it, and of that its calls, in seconds.

    `stages` are what was said of it on the way, where that was asked.
    """

    total: float
    calls: float
    stages: tuple[Stage, ...] = ()

    def pace_for(self, seconds: float) -> float:
        """How much its calls must be stretched so that all of it takes so long."""
        if self.calls <= 0:
            return 1.0
        return min(_MOST_PACE, max(_LEAST_PACE, (seconds - self.total + self.calls) / self.calls))


def wanted_seconds(history: Chronicle, life: Life) -> tuple[float, float]:
    """Between how many seconds after its birth a fax had ended: inf while the recording never says so."""
    ended = history.end_of(life)
    if ended is None or ended.outcome is Outcome.cancelled:
        told = [each for each in life.seen if each.state is not None]  # a refusal says nothing of it
        said = [each.at for each in told if str(each.state) not in history.recorded.ends]
        return (max([life.at, *said]) - life.at, float("inf"))
    if ended.exact:
        return (ended.before - life.at, ended.before - life.at)
    return (ended.after - life.at, ended.before - life.at)


def write_scripts(
    history: Chronicle, lives: Iterable[Life], courses: Mapping[str, Course], match: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Write a one-shot scenario for each fax that a request may make; those with a number match that too."""
    found = []
    for life in lives:
        ended = history.end_of(life)
        to = next((seen.to for seen in life.seen if seen.to), None)
        own = {"to": normalise(to)} if to else {}
        call = _call(history, ended, _pace(history, life, courses.get(life.id)))
        found.append({"name": "as-recorded", "match": {**match, **own}, "attempts": [call]})
    # A fax whose number nothing tells of takes what is left.
    return sorted(found, key=lambda each: "to" not in each["match"])


def _pace(history: Chronicle, life: Life, course: Course | None) -> float | None:
    if course is None:
        return None
    low, high = wanted_seconds(history, life)
    if low < course.total <= high:
        return None
    seconds = low + 60 if high == float("inf") else high if low == high else (low + high) / 2
    return round(course.pace_for(seconds), 6)


def _call(history: Chronicle, ended: Ending | None, pace: float | None) -> Any:
    outcome = Outcome.delivered if ended is None or ended.outcome is Outcome.cancelled else ended.outcome
    options: dict[str, Any] = {}
    if ended is not None and (row := history.vendor.codes.get(ended.code or "")) is not None:
        agrees = row.outcome is None or (row.outcome is Outcome.delivered) == (outcome is Outcome.delivered)
        if agrees and row.ends and row.outcome is not Outcome.cancelled:
            options["code"] = ended.code
    if ended is not None and outcome in _PARTIAL and ended.sent:
        options["pages"] = ended.sent
    if pace is not None and outcome in _PACED:
        options["pace"] = pace
    return {outcome.value: options} if options else outcome.value


def refusal_of(history: Chronicle, codes: Iterable[str]) -> str | None:
    """Which of our refusals an answer is, by the codes and sentences in it."""
    return next(
        (history.recorded.refusals[code] for code in codes if code in history.recorded.refusals), None
    )
