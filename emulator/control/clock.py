"""A sandbox's time: read, changed, advanced."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from emulator.control import views
from emulator.control.answers import body, the_program, the_world
from emulator.control.route import Route
from emulator.control.schemas import AdvanceSchema, ClockSchema
from emulator.core.engine.player import Target
from emulator.core.errors import Invalid
from emulator.core.instants import iso
from emulator.core.world import World


def read_clock(sandbox: str) -> Response:
    world = the_world(sandbox)
    return jsonify(views.clock_view(world.clock, world.real()))


def change_clock(sandbox: str) -> Response:
    the_world(sandbox)
    the_program().sandboxes.set_clock(sandbox, **body(ClockSchema))
    return read_clock(sandbox)


def advance_clock(sandbox: str) -> Response:
    world = the_world(sandbox)
    target = _target(world, body(AdvanceSchema))
    played = the_program().player.advance(sandbox, target)
    timeline = [views.played_view(each) for each in played]
    return jsonify({"now": iso(world.now), "timeline": timeline})


def _target(world: World, wanted: dict[str, Any]) -> Target:
    if len(wanted) != 1:
        raise Invalid("give one of by, to, until", "until")
    if "by" in wanted:
        return Target(by=wanted["by"])
    if "to" in wanted:
        if wanted["to"] < world.now:
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
        "Play everything up to an instant, until idle, or until a fax is in a state and that is told.",
        body=AdvanceSchema, slow=True, statuses=(200, 400, 404, 409),
    ),
)  # fmt: skip
