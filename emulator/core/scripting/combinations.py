"""Which adversities are tried together, smallest first, and what each combination means for an order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import Any

from emulator.core.faxes.plan import Plan
from emulator.core.scripting.adversities import ADVERSITIES, Act, Adversity, When

PLACES = (When.webhook, When.poll, When.line, When.submit, When.inbound, When.order)
"""The order in which a name tells them."""

PLAIN, ARRIVES = "plain", "inbound:arrives"


@dataclass(frozen=True)
class Combination:
    """Adversities that befall one order; none of them is how it goes every day."""

    parts: tuple[Adversity, ...] = ()

    @property
    def name(self) -> str:
        """Its id, like webhook:twice-submit:cut-after."""
        told = sorted(self.parts, key=lambda each: PLACES.index(each.when))
        return "-".join(each.id for each in told) or PLAIN

    @property
    def text(self) -> str:
        """What happens, as a sentence tells it."""
        return "; ".join(each.text for each in self.parts) or "all goes well"

    @property
    def size(self) -> tuple[int, int]:
        """How many there are, and how unusual they are together."""
        return len(self.parts), sum(each.size for each in self.parts)

    @property
    def inbound(self) -> bool:
        return any(each.when is When.inbound for each in self.parts)

    @property
    def repeats(self) -> bool:
        return any(each.repeats for each in self.parts)

    @property
    def lasts(self) -> bool:
        """Whether no request to send can succeed."""
        return any(each.lasts for each in self.parts)

    @property
    def sender(self) -> str | None:
        return next((each.sender for each in self.parts if each.sender), None)

    @property
    def acts(self) -> tuple[Act, ...]:
        """What is done once the order was submitted; `webhook` before `poll`, whose reads come last."""
        return tuple(act for each in self.parts for act in each.acts)

    @property
    def plans(self) -> tuple[Plan, Plan | None]:
        """What becomes of the order's faxes, and of the first request alone when that is something else."""
        whole = Plan()
        for each in self.parts:
            whole = _merge(whole, each.plan)
        if whole.http is None or self.lasts:
            return whole, None
        return replace(whole, http=None), whole

    def implied_by(self, smaller: Combination) -> bool:
        """Tell whether another combination is a part of it, or one of its parts another form of that."""
        if self.inbound and smaller.name == ARRIVES and self.name != ARRIVES:
            return True
        likes = any(smaller.name in each.like for each in self.parts)
        return likes or {each.id for each in smaller.parts} < {each.id for each in self.parts}


def _merge(one: Plan, other: Plan) -> Plan:
    usual = Plan()
    given: dict[str, Any] = {
        each.name: getattr(other, each.name)
        for each in fields(Plan)
        if getattr(other, each.name) != getattr(usual, each.name)
    }
    return replace(one, **given)


def list_combinations(
    has: Collection[str], *, where: Collection[When] = tuple(When), pairs: bool = True
) -> list[Combination]:
    """List single adversities and pairs that make sense, smallest first; `has` are notions and settings.

    `where` bounds the places: of a pair one must lie there.
    """
    rows = [each for each in ADVERSITIES if each.needs <= set(has)]
    found = [Combination((each,)) for each in rows if each.when in where]
    if pairs:
        found += [Combination(pair) for pair in _pairs(rows) if {each.when for each in pair} & set(where)]
    return sorted(found, key=lambda each: each.size)


def _pairs(rows: Sequence[Adversity]) -> Iterator[tuple[Adversity, ...]]:
    for one, other in combinations(rows, 2):
        if other.when in one.pairs and one.when in other.pairs and not (one.acts and other.acts):
            yield one, other
