"""A combination of adversities as it would be written by hand: rules, and the steps of a replay."""

from __future__ import annotations

from typing import Any

from emulator.core.faxes.machine import Direction
from emulator.core.faxes.plan import Plan
from emulator.core.scripting.combinations import Combination
from emulator.core.scripting.scenario import Match, Scenario
from emulator.scenarios.writer import write_scenario

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


def write_steps(combination: Combination) -> list[dict[str, Any]]:
    """Write what is done, as a replay's steps: the fax is sent (or comes), then the acts, then all ends."""
    sender = {"from": combination.sender} if combination.sender else {}
    begin: dict[str, Any] = {"receive": sender} if combination.inbound else {"send": {}}
    begun = [begin, begin] if combination.repeats else [begin]
    return [*begun, *(dict(act) for act in combination.acts), {"advance": "idle"}]
