"""A sandbox's time: read, changed, advanced."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from emulator.control import views
from emulator.control.answers import aside, body, the_app
from emulator.control.route import Route
from emulator.control.schemas import AdvanceSchema, ClockSchema
from emulator.core.engine.player import Target
from emulator.core.errors import Invalid
from emulator.core.instants import iso


def read_clock(sandbox: str) -> Response:
    engine = the_app().engine
    return jsonify(views.clock_view(engine.clock(sandbox), engine.real()))


def change_clock(sandbox: str) -> Response:
    the_app().engine.clock(sandbox)
    the_app().sandboxes.set_clock(sandbox, **body(ClockSchema))
    return read_clock(sandbox)


def advance_clock(sandbox: str) -> Response:
    app = the_app()
    app.engine.clock(sandbox)
    target = _target(sandbox, body(AdvanceSchema))
    with aside():
        played = app.player.advance(sandbox, target)
    timeline = [views.played_view(each) for each in played]
    return jsonify({"now": iso(app.engine.now(sandbox)), "timeline": timeline})


def _target(sandbox: str, wanted: dict[str, Any]) -> Target:
    if len(wanted) != 1:
        raise Invalid("give one of by, to, until", "until")
    if "by" in wanted:
        return Target(by=wanted["by"])
    if "to" in wanted:
        if wanted["to"] < the_app().engine.now(sandbox):
            raise Invalid("time never goes back: `to` is before the sandbox's present", "to")
        return Target(to=wanted["to"])
    return Target() if wanted["until"] == "idle" else Target(**wanted["until"])


ROUTES = (
    Route("GET", "/sandboxes/<sandbox>/clock", read_clock, "Read the clock.", statuses=(200, 404)),
    Route(
        "PATCH", "/sandboxes/<sandbox>/clock", change_clock, "Set mode, speed or the present.",
        body=ClockSchema, statuses=(200, 400, 404, 409),
    ),
    Route(
        "POST", "/sandboxes/<sandbox>/clock/advance", advance_clock,
        "Play everything up to an instant, until idle, or until a fax is in a state.",
        body=AdvanceSchema, statuses=(200, 400, 404, 409),
    ),
)  # fmt: skip
