"""Somebody faxes us."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, jsonify

from emulator import documents
from emulator.control import views
from emulator.control.answers import body, the_program, the_world
from emulator.control.route import Route
from emulator.control.scenarios import find_scenario
from emulator.control.schemas import InboundSchema
from emulator.core.engine.engine import LivingWorld
from emulator.core.errors import Invalid
from emulator.core.faxes.fax import Arrival
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.outcomes import BEFORE_CALL, Outcome
from emulator.core.faxes.plan import CallPlan, Plan
from emulator.core.scripting.scenario import Scenario
from emulator.scenarios import ScenarioError, check_inbound, read_scenario

CALLS = frozenset(Outcome) - BEFORE_CALL - {Outcome.cancelled}


def receive_fax(sandbox: str) -> tuple[Response, int]:
    world = the_world(sandbox)
    wanted = body(InboundSchema)
    vendor = world.vendors[wanted["vendor"]]
    if not wanted["force"]:
        _check_number(world, vendor.name, wanted["to"])
    scenario = _scenario(sandbox, wanted.get("scenario"))
    document = world.keep(_pdf(wanted))
    arrival = Arrival(
        vendor=vendor.name,
        to=wanted["to"],
        sender=wanted["sender"],
        csid=wanted.get("csid"),
        pages=document.pages,
        document=document.digest,
        plan=None if scenario is None else scenario.plan.keep_known(vendor.codes),
        scenario=None if scenario is None else scenario.name,
    )
    return jsonify(views.fax_view(world, world.ring(arrival))), 201


def _check_number(world: LivingWorld, vendor: str, to: str) -> None:
    """Refuse a call to a number that is not the account's; an account that never had one takes any call."""
    scene = world.scene(vendor)
    numbers = scene.vendor.numbers(scene)
    if numbers is None or normalise(to) in map(normalise, numbers):
        return
    has = ", ".join(map(normalise, numbers)) or "none any more"
    raise Invalid(f"the account has no number {to} (it has {has}); `force: true` lets it ring", "to")


def _pdf(wanted: dict[str, Any]) -> bytes:
    if "document" not in wanted:
        return documents.to_pdf(_pages(wanted))
    try:
        pdf = documents.to_pdf(wanted["document"])
        found: documents.Problem | documents.Sizes = documents.prove(pdf)
    except documents.Unreadable as wrong:
        found = wrong.problem
    if isinstance(found, documents.Problem):
        raise Invalid(f"the document cannot be faxed: {found}", "document")
    return pdf


def _pages(wanted: dict[str, Any]) -> bytes:
    """Write what a fax without a document of its own shows, one text page a page."""
    count = wanted.get("pages", 1)
    head = f"Fax from {wanted['sender']} to {wanted['to']}\n\nPage {{}} of {count}\n"
    return "\f".join(head.format(number) for number in range(1, count + 1)).encode()


def _scenario(sandbox: str, given: Any) -> Scenario | None:
    if given is None:
        return None
    if isinstance(given, str) and given in {outcome.value for outcome in CALLS}:
        return Scenario(given, Plan(attempts=(CallPlan(Outcome(given)),)))
    try:
        found = find_scenario(sandbox, given) if isinstance(given, str) else _written_out(given)
        check_inbound(found.plan.attempts)
        return found
    except ScenarioError as wrong:
        problems = [replace(each, path=("scenario", *each.path)) for each in wrong.problems]
        raise ScenarioError(problems) from None


def _written_out(given: Any) -> Scenario:
    """Read a scenario that is for a fax to us, whatever its `match` says of the direction."""
    if isinstance(given, dict):
        match = given.get("match", {})
        given = given | {"match": match | {"direction": "inbound"} if isinstance(match, dict) else match}
    return read_scenario(given, the_program().vendors, name="inbound")


ROUTES = (
    Route(
        "POST", "/sandboxes/<sandbox>/inbound", receive_fax,
        "Let somebody fax us; the call rings now and lasts on the sandbox's clock.",
        body=InboundSchema, statuses=(201, 400, 404, 409),
    ),
)  # fmt: skip
