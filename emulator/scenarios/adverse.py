"""A combination of adversities as it would be written by hand: rules, and the steps of a replay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.core.dialect.vendor import Vendor
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.plan import Plan
from emulator.core.scripting.adversities import When
from emulator.core.scripting.combinations import Combination, list_combinations
from emulator.core.scripting.orders import Events, list_orders, write_order
from emulator.core.scripting.scenario import Match, Scenario
from emulator.scenarios.writer import write_scenario

MOST_ORDERS = 60

PREFIX = "adverse-"
"""How the names of the rules begin, by which the journal shows what befell whom."""


def write_rules(combination: Combination, vendor: str, to: str | None = None) -> list[dict[str, Any]]:
    """Write the rules for the faxes of one order, to a number or to any; the first of them is asked first."""
    whole, first = combination.plans
    always = _rule("always", whole, combination, vendor, to)
    if first is None:
        return [always]
    return [_rule("first", first, combination, vendor, to) | {"times": 1}, always]


def _rule(name: str, plan: Plan, combination: Combination, vendor: str, to: str | None) -> dict[str, Any]:
    direction = Direction.inbound if combination.inbound else Direction.outbound
    match = Match(vendor=vendor, direction=direction.value, to=None if combination.inbound else to)
    written = write_scenario(Scenario(f"{PREFIX}{name}", plan, match))
    return {"attempts": ["delivered"], **written}


def tell_adversities(vendor: Vendor, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Tell what can go wrong with a vendor's fax as plain data, smallest first.

    `asked` may say `where` (of a pair one lies there), `pairs` (false: only single ones), and what the
    application `has`, by commas.
    """
    where = (When(asked["where"]),) if "where" in asked else tuple(When)
    has = {*vendor.notions, *filter(None, asked.get("has", "").split(","))}
    found = list_combinations(has, where=where, pairs=asked.get("pairs") in (True, "true", None))
    if When.order in where:
        found += [each for each in _orders() if {need for part in each.parts for need in part.needs} <= has]
    return [
        {
            "name": each.name,
            "text": each.text,
            "size": list(each.size),
            "where": sorted({part.when.value for part in each.parts}),
            "rules": write_rules(each, vendor.name),
            "steps": write_steps(each),
        }
        for each in found
    ]


def _orders() -> list[Combination]:
    """The orders in which the events of a delivered fax can come that has one webhook."""
    events = Events((State.delivered.value,))
    _, *others = list_orders(events, MOST_ORDERS)
    return [Combination((write_order(events, each, place),)) for place, each in enumerate(others, start=1)]


def write_steps(combination: Combination) -> list[dict[str, Any]]:
    """Write what is done, as a replay's steps: the fax is sent (or comes), then the acts, then all ends."""
    sender = {"from": combination.sender} if combination.sender else {}
    begin: dict[str, Any] = {"receive": sender} if combination.inbound else {"send": {}}
    begun = [begin, begin] if combination.repeats else [begin]
    return [*begun, *(dict(act) for act in combination.acts), {"advance": "idle"}]
