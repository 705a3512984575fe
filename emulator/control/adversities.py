"""What can go wrong with a vendor's faxes, alone and in pairs, as rules and steps that make it happen."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from emulator.control.answers import query, the_program
from emulator.control.route import Route
from emulator.control.schemas import AdversityQuery
from emulator.core.scripting.adversities import When
from emulator.core.scripting.combinations import Combination, list_combinations
from emulator.scenarios import write_rules, write_steps


def list_adversities() -> Response:
    wanted = query(AdversityQuery)
    vendor = the_program().vendors[wanted["vendor"]]
    where = (When(wanted["where"]),) if "where" in wanted else tuple(When)
    has = {*vendor.notions, *filter(None, wanted["has"].split(","))}
    found = list_combinations(has, where=where, pairs=wanted["pairs"])
    return jsonify({"adversities": [show(each, vendor.name) for each in found]})


def show(combination: Combination, vendor: str) -> dict[str, Any]:
    """Show a combination as plain data."""
    return {
        "name": combination.name,
        "text": combination.text,
        "size": list(combination.size),
        "where": sorted({each.when.value for each in combination.parts}),
        "rules": write_rules(combination, vendor),
        "steps": write_steps(combination),
    }


ROUTES = (
    Route(
        "GET", "/adversities", list_adversities,
        "List what can go wrong with one fax, single and in pairs, smallest first.",
        query=AdversityQuery, statuses=(200, 400),
    ),
)  # fmt: skip
