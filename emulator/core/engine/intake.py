"""How what comes in becomes a fax: a scenario is chosen for it, which may have the request itself fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from emulator.core.dialect.vendor import Moment
from emulator.core.errors import Refused
from emulator.core.faxes.call import place_call
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.plan import Plan
from emulator.core.faxes.submission import INBOUND_RESOLUTION, Arrival, Submission
from emulator.core.scripting.scenario import Candidate, Source, choose


@dataclass(frozen=True)
class Prepared:
    """A fax that no store has yet, and the moment (its vendor, its settings) in which it was made."""

    fax: Fax
    moment: Moment


def prepare(
    moment: Moment, sources: Sequence[Source], wanted: Submission, headers: Callable[[], Mapping[str, str]]
) -> Prepared:
    """Make the fax of a submission; raise Refused when a scenario has the request itself fail."""
    to, sender = normalise(wanted.to), normalise(wanted.sender)
    known = wanted.headers or headers()
    candidate = Candidate(wanted.vendor, Direction.outbound, to, sender, wanted.pages, known)
    scenario, plan = _choose_plan(moment, sources, candidate)
    if plan.http is not None and plan.http.refuses:
        raise Refused(plan.http, scenario)
    number = moment.world.next("fax")
    return Prepared(wanted.to_fax(number, moment.at, _most_calls(moment, plan), scenario, plan), moment)


def _most_calls(moment: Moment, plan: Plan) -> int:
    """How many calls are made at most: a vendor that makes one by default makes the scenario's."""
    by_default = moment.vendor.settings.get("max_attempts", 1)
    most = moment.settings.max_attempts
    return len(plan.attempts) if most == by_default == 1 else most


def ring(moment: Moment, sources: Sequence[Source], arrival: Arrival) -> Prepared:
    """Make the fax of an inbound call that begins to ring."""
    scenario, plan = arrival.scenario, arrival.plan
    if plan is None:
        to, sender = normalise(arrival.to), normalise(arrival.sender)
        candidate = Candidate(arrival.vendor, Direction.inbound, to, sender, arrival.pages)
        scenario, plan = _choose_plan(moment, sources, candidate)
    number = moment.world.next("fax")
    call = place_call(
        plan.dialled(1),
        number=1,
        pages=arrival.pages,
        resolution=INBOUND_RESOLUTION,
        started_at=moment.at,
        csid=arrival.csid or normalise(arrival.sender)[:20],
        call_id=moment.world.next("call"),
    )
    return Prepared(arrival.to_fax(number, call, scenario, plan), moment)


def _choose_plan(moment: Moment, sources: Sequence[Source], candidate: Candidate) -> tuple[str | None, Plan]:
    scenario, plan = choose(sources, moment.world, candidate)
    return scenario, plan.known_to(moment.vendor.codes)
