"""Which plan a fax gets: that of the queue, a standing rule, a file, a magic number, or plain delivery."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, ClassVar

from emulator.core.errors import Conflict, LimitReached
from emulator.core.faxes.plan import DELIVERED, Plan
from emulator.core.item import Add, Item
from emulator.core.scripting.magic import PREFIX, magic_plan
from emulator.core.storage.store import ItemT
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

    def find(self, world: World, fax: Candidate) -> Scenario | None:
        """Find the first that fits; all sandboxes share them."""
        for scenario in self.of(fax.to):
            if serves(world, f"file/{scenario.name}", scenario, fax, scenario.times):
                return scenario
        return None


ScenarioSource = Callable[[World, Candidate], "Scenario | None"]
"""Finds the scenario that one source of a world has for a candidate."""


MOST = 1000
"""Rules, and one-shots, that a sandbox may hold."""


@dataclass(frozen=True, kw_only=True)
class Rule(Item):
    """A standing scenario of a sandbox; its id is the scenario's name."""

    kind: ClassVar[str] = "rule"

    scenario: Scenario


@dataclass(frozen=True, kw_only=True)
class OneShot(Item):
    """A scenario for the next fax that fits; with `times` for the next few."""

    kind: ClassVar[str] = "one_shot"

    scenario: Scenario


def add_rule(world: World, scenario: Scenario) -> None:
    """Add a standing rule, in place of one of its name; raise LimitReached when there are too many."""

    number = world.next(Rule.kind)  # no rule has the place, and so the counts, of one that is gone

    def once() -> None:
        old = world.store.get(Rule, scenario.name)
        if old is None and world.store.count(Rule.kind) >= MOST:
            raise LimitReached("rules")
        newest = world.list(Rule, Rule.kind, limit=1)
        place = max(number, newest[0].sequence + 1 if newest else 1)
        version = old.version + 1 if old else 1
        world.commit((Rule(id=scenario.name, version=version, sequence=place, scenario=scenario),))

    world.retry(once, scenario.name)


def enqueue(world: World, scenario: Scenario) -> None:
    """Queue a one-shot behind those that wait; raise LimitReached when too many do."""
    if world.store.count(OneShot.kind) >= MOST:
        raise LimitReached("queued scenarios")
    number = world.next(OneShot.kind)
    world.commit((OneShot(id=f"next-{number}", sequence=number, scenario=scenario),))


def forget(world: World, kind: type[ItemT]) -> int:
    """Delete all rules or all one-shots; give how many."""
    deleted = 0
    while rows := world.list(kind, kind.kind, limit=MOST):
        deleted += sum(_deleted(world, row) for row in rows)
    return deleted


def choose(
    sources: Sequence[ScenarioSource], world: World, fax: Candidate, codes: Container[str]
) -> tuple[str | None, Plan]:
    """Ask the sources in their order, then the magic numbers; give the scenario's name and plan.

    `codes` are those of the vendor; the plan names no other.
    """
    for source in sources:
        if (scenario := source(world, fax)) is not None:
            return scenario.name, scenario.plan.keep_known(codes)
    number = fax.to if fax.direction == "outbound" else fax.sender
    magic = magic_plan(number) if number.startswith(PREFIX) else None
    return magic or (None, DELIVERED)


def find_own(world: World, fax: Candidate) -> Scenario | None:
    """Take the sandbox's oldest one-shot that fits, else find the standing rule that was posted last."""
    if world.store.count(OneShot.kind):
        for shot in world.list(OneShot, OneShot.kind, limit=MOST, descending=False):
            if _taken(world, shot, fax):
                return shot.scenario
    if world.store.count(Rule.kind):
        for rule in world.list(Rule, Rule.kind, limit=MOST):
            key = f"{Rule.kind}/{rule.id}/{rule.sequence}"
            if serves(world, key, rule.scenario, fax, rule.scenario.times):
                return rule.scenario
    return None


def _taken(world: World, shot: OneShot, fax: Candidate) -> bool:
    key, times = f"{OneShot.kind}/{shot.id}", shot.scenario.times or 1
    if times == 1:  # whoever deletes it has it: nothing need be counted
        fits = serves(world, key, shot.scenario, fax, None)
        return fits and _deleted(world, shot)
    if not serves(world, key, shot.scenario, fax, times):
        return False
    if world.store.number(f"{key}/served") >= times:
        _deleted(world, shot)
    return True


def serves(world: World, key: str, scenario: Scenario, fax: Candidate, times: int | None) -> bool:
    """Tell whether a scenario takes a fax, and count it: by match, then nth, then chance, then times left."""
    if not scenario.match.fits(fax):
        return False
    nth = scenario.match.nth
    if nth is not None and world.next(f"{key}/seen") != nth:
        return False
    if scenario.probability < 1 and not _lucky(world, key, scenario.probability):
        return False
    if times is None:
        return True
    try:
        world.commit(adds=(Add(f"{key}/served", 1, at_most=times),))
    except LimitReached:
        return False
    return True


def _lucky(world: World, key: str, probability: float) -> bool:
    number = world.next(f"{key}/drawn")
    return world.ids.draw(key, number).random() < probability


def _deleted(world: World, item: Item) -> bool:
    try:
        world.commit(deletes=(item,))
    except Conflict:
        return False  # another request was first
    return True
