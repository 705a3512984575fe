"""What can go wrong with a vendor's faxes, alone and in pairs, as rules and steps that make it happen."""

from __future__ import annotations

from flask import Response, jsonify

from emulator.control.answers import query, the_program
from emulator.control.route import Route
from emulator.control.schemas import AdversityQuery
from emulator.scenarios.adverse import tell_adversities


def list_adversities() -> Response:
    wanted = query(AdversityQuery)
    return jsonify({"adversities": tell_adversities(the_program().vendors[wanted["vendor"]], wanted)})


ROUTES = (
    Route(
        "GET", "/adversities", list_adversities,
        "List what can go wrong with one fax, single and in pairs, smallest first.",
        query=AdversityQuery, statuses=(200, 400),
    ),
)  # fmt: skip
