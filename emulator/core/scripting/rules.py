"""Where a sandbox's scenarios wait for their faxes: a queue of one-shots, standing rules, shared lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from emulator.core.errors import Conflict, LimitReached
from emulator.core.item import Item
from emulator.core.scripting.scenario import Candidate, Scenario, Shelf, Source
from emulator.core.storage.store import Add, ItemT, Store

MOST = 1000
"""Rules, and one-shots, that a sandbox may hold."""

TRIES = 50


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


def add_rule(store: Store, sandbox_id: str, scenario: Scenario) -> None:
    """Add a standing rule, in place of one of its name; raise LimitReached when there are too many."""
    for _ in range(TRIES):
        old = store.get(sandbox_id, Rule, scenario.name)
        if old is None and store.count(sandbox_id, Rule.kind) >= MOST:
            raise LimitReached("rules")
        newest = store.list(sandbox_id, Rule, Rule.kind, limit=1)
        place = newest[0].sequence + 1 if newest else 1
        rule = Rule(
            id=scenario.name, version=old.version + 1 if old else 1, sequence=place, scenario=scenario
        )
        try:
            return store.commit(sandbox_id, (rule,))
        except Conflict:
            continue
    raise Conflict(f"{scenario.name} is changed by too many at once")


def enqueue(store: Store, sandbox_id: str, scenario: Scenario) -> None:
    """Queue a one-shot behind those that wait; raise LimitReached when too many do."""
    if store.count(sandbox_id, OneShot.kind) >= MOST:
        raise LimitReached("queued scenarios")
    number = store.next(sandbox_id, OneShot.kind)
    store.commit(sandbox_id, (OneShot(id=f"next-{number}", sequence=number, scenario=scenario),))


def forget(store: Store, sandbox_id: str, kind: type[ItemT]) -> int:
    """Delete all rules or all one-shots; give how many."""
    deleted = 0
    while rows := store.list(sandbox_id, kind, kind.kind, limit=MOST):
        deleted += sum(_deleted(store, sandbox_id, row) for row in rows)
    return deleted


def queue(store: Store) -> Source:
    """Give the source of one-shots: the oldest that fits, which is then gone."""

    def find(sandbox_id: str, fax: Candidate) -> Scenario | None:
        for shot in _stored(store, sandbox_id, OneShot, descending=False):
            if _taken(store, sandbox_id, shot, fax):
                return shot.scenario
        return None

    return find


def _taken(store: Store, sandbox_id: str, shot: OneShot, fax: Candidate) -> bool:
    key, times = f"{OneShot.kind}/{shot.id}", shot.scenario.times or 1
    if times == 1:  # whoever deletes it has it: nothing need be counted
        fits = serves(store, sandbox_id, key, shot.scenario, fax, None)
        return fits and _deleted(store, sandbox_id, shot)
    if not serves(store, sandbox_id, key, shot.scenario, fax, times):
        return False
    if store.number(sandbox_id, f"{key}/served") >= times:
        _deleted(store, sandbox_id, shot)
    return True


def standing(store: Store) -> Source:
    """Give the source of standing rules: the one posted last that fits."""

    def find(sandbox_id: str, fax: Candidate) -> Scenario | None:
        for rule in _stored(store, sandbox_id, Rule, descending=True):
            key = f"{Rule.kind}/{rule.id}/{rule.sequence}"
            if serves(store, sandbox_id, key, rule.scenario, fax, rule.scenario.times):
                return rule.scenario
        return None

    return find


def listed(store: Store, scenarios: Callable[[], Sequence[Scenario]]) -> Source:
    """Give the source of scenarios that all sandboxes share: the first that fits."""
    shelf = Shelf(())

    def find(sandbox_id: str, fax: Candidate) -> Scenario | None:
        nonlocal shelf
        if (found := scenarios()) is not shelf.scenarios:
            shelf = Shelf(found)
        for scenario in shelf.of(fax.to):
            if serves(store, sandbox_id, f"file/{scenario.name}", scenario, fax, scenario.times):
                return scenario
        return None

    return find


def serves(
    store: Store, sandbox_id: str, key: str, scenario: Scenario, fax: Candidate, times: int | None
) -> bool:
    """Tell whether a scenario takes a fax, and count it: by match, then nth, then chance, then times left."""
    if not scenario.match.fits(fax):
        return False
    nth = scenario.match.nth
    if nth is not None and store.next(sandbox_id, f"{key}/seen") != nth:
        return False
    if scenario.probability < 1 and not _lucky(store, sandbox_id, key, scenario.probability):
        return False
    if times is None:
        return True
    try:
        store.commit(sandbox_id, adds=(Add(f"{key}/served", 1, at_most=times),))
    except LimitReached:
        return False
    return True


def _lucky(store: Store, sandbox_id: str, key: str, probability: float) -> bool:
    number = store.next(sandbox_id, f"{key}/drawn")
    return store.sandbox(sandbox_id).ids.draw(key, number).random() < probability


def _stored(store: Store, sandbox_id: str, kind: type[ItemT], *, descending: bool) -> Iterator[ItemT]:
    if store.count(sandbox_id, kind.kind):
        yield from store.list(sandbox_id, kind, kind.kind, limit=MOST, descending=descending)


def _deleted(store: Store, sandbox_id: str, item: Item) -> bool:
    try:
        store.commit(sandbox_id, deletes=(item,))
    except Conflict:
        return False  # another call was first
    return True
