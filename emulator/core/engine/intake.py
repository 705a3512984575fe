"""How what comes in becomes a fax: a scenario is chosen for it, which may have the call itself fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.submission import INBOUND_RESOLUTION, Arrival, Submission
from emulator.core.errors import Refused
from emulator.core.faxes.call import place_call
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.plan import Plan
from emulator.core.sandboxes.sandbox import Sandbox, Settings
from emulator.core.scripting.scenario import Candidate, choose

if TYPE_CHECKING:
    from emulator.core.engine.engine import Engine


@dataclass(frozen=True)
class Prepared:
    """A fax that no store has yet, and the settings under which it was made."""

    fax: Fax
    settings: Settings


def prepared(engine: Engine, sandbox: Sandbox, wanted: Submission) -> Prepared:
    """Make the fax of a submission; raise Refused when a scenario has the call itself fail."""
    headers = wanted.headers or engine.edge.headers()
    to, sender = normalise(wanted.to), normalise(wanted.sender)
    candidate = Candidate(wanted.vendor, Direction.outbound, to, sender, wanted.pages, headers)
    scenario, plan = _plan(engine, sandbox, candidate)
    if plan.http is not None and plan.http.refuses:
        raise Refused(plan.http, scenario)
    at = engine.now(sandbox.id)
    settings = engine.settings(sandbox.id, wanted.vendor)
    number = engine.store.next(sandbox.id, "fax")
    calls = _calls(engine.vendors[wanted.vendor], settings, plan)
    return Prepared(wanted.to_fax(number, at, calls, scenario, plan), settings)


def _calls(vendor: Vendor, settings: Settings, plan: Plan) -> int:
    """Give how many calls are made at most: a vendor that makes one by default makes the scenario's."""
    by_default = vendor.settings.get("max_attempts", 1)
    return len(plan.attempts) if settings.max_attempts == by_default == 1 else settings.max_attempts


def rung(engine: Engine, sandbox: Sandbox, arrival: Arrival) -> Prepared:
    """Make the fax of an inbound call that begins to ring."""
    scenario, plan = arrival.scenario, arrival.plan
    if plan is None:
        to, sender = normalise(arrival.to), normalise(arrival.sender)
        candidate = Candidate(arrival.vendor, Direction.inbound, to, sender, arrival.pages)
        scenario, plan = _plan(engine, sandbox, candidate)
    at, number = engine.now(sandbox.id), engine.store.next(sandbox.id, "fax")
    call = place_call(
        plan.dialled(1),
        number=1,
        pages=arrival.pages,
        resolution=INBOUND_RESOLUTION,
        started_at=at,
        csid=arrival.csid or normalise(arrival.sender)[:20],
        call_id=engine.store.next(sandbox.id, "call"),
    )
    return Prepared(arrival.to_fax(number, call, scenario, plan), engine.settings(sandbox.id, arrival.vendor))


def _plan(engine: Engine, sandbox: Sandbox, candidate: Candidate) -> tuple[str | None, Plan]:
    scenario, plan = choose(engine.sources, sandbox.id, candidate)
    return scenario, plan.known_to(engine.vendors[candidate.vendor].codes)
