"""Which plan a fax gets: that of the queue, a rule, a file, a magic number, or plain delivery."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from emulator.core.faxes.plan import DELIVERED, Plan
from emulator.core.world import World


@dataclass(frozen=True)
class Candidate:
    """What a scenario may look at in a fax that is submitted or received.

    `headers` gives those of the request, found by name in any case; hardly any scenario looks at them.
    """

    vendor: str
    direction: str
    to: str
    sender: str
    pages: int
    headers: Callable[[], Mapping[str, str]] = dict


@dataclass(frozen=True)
class Match:
    """Conditions that must all hold; None is any. Texts may be patterns with *, ? and [...].

    `nth` is which of the faxes for which all else holds, counted from 1. Header names are in lower case; one
    that the request does not carry fits no pattern.
    """

    vendor: str | None = None
    direction: str | None = None
    to: str | None = None
    sender: str | None = None
    pages: int | None = None
    nth: int | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def fits(self, fax: Candidate) -> bool:
        """Tell whether everything but `nth` holds."""
        return (
            _like(self.to, fax.to)
            and _like(self.sender, fax.sender)
            and _like(self.vendor, fax.vendor)
            and _like(self.direction, fax.direction)
            and self.pages in (None, fax.pages)
            and (not self.headers or self._fits_headers(fax.headers()))
        )

    def _fits_headers(self, given: Mapping[str, str]) -> bool:
        return all(name in given and _like(wanted, given[name]) for name, wanted in self.headers)


def _like(wanted: str | None, given: str) -> bool:
    if wanted is None or given == wanted:
        return True
    return _is_pattern(wanted) and fnmatchcase(given, wanted)


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text or "[" in text


@dataclass(frozen=True)
class Scenario:
    """A named plan and the faxes it is for; `sandbox`, `steps` and `expect` are used by replay only."""

    name: str
    plan: Plan = DELIVERED
    match: Match = Match()
    purpose: str = ""
    times: int | None = None
    """How many faxes it serves before it is spent; None is all."""
    probability: float = 1.0
    expect: tuple[Mapping[str, Any], ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()
    sandbox: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""
    """The file and line, or where else it came from."""


class Shelf:
    """Scenarios, and in their order those that may be for a number: most of a catalogue are for one each."""

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        self.scenarios = scenarios
        wanted = {each.match.to for each in scenarios}
        numbers = {to for to in wanted if to is not None and not _is_pattern(to)}
        self._rest = [each for each in scenarios if each.match.to not in numbers]
        self._of = {
            number: [each for each in scenarios if each.match.to == number or each.match.to not in numbers]
            for number in numbers
        }

    def of(self, number: str) -> Sequence[Scenario]:
        """The scenarios that a number's fax may match."""
        return self._of.get(number, self._rest)


ScenarioSource = Callable[[World, Candidate], "Scenario | None"]
"""Finds the scenario that one source of a world has for a candidate."""
