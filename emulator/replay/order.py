"""A fax that no journal tells of, as a step that sends or receives one like it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from emulator.client.submission import client_of
from emulator.core.faxes.call import DEFAULT_SPEED, PAGE_BITS
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan, Plan
from emulator.core.faxes.submission import INBOUND_RESOLUTION
from emulator.replay.calls import script

JSON = dict[str, Any]


def order_of(fax: Fax, document: str | None) -> JSON:
    """Write the fax: its document in base 64, or, where none is given, one of so many pages."""
    step: JSON = {"vendor": fax.vendor, "to": fax.to, "pages": max(1, fax.pages)}
    if fax.sender:
        step["from"] = fax.sender
    if document is not None:
        step["document"] = document
    if fax.direction is Direction.inbound:
        csid = fax.attempt.csid if fax.attempt else None
        given = {"csid": csid} if csid else {}
        return {"receive": step | given | {"scenario": script(fax)}}
    return {"send": step | {"max_attempts": fax.max_attempts, "scenario": script(_as_played(fax))}}


def _as_played(fax: Fax) -> Fax:
    """Let the fax's plan make up for what is not sent again as it was: the resolution, a broken document."""
    plan = fax.plan
    usual = INBOUND_RESOLUTION if fax.direction is Direction.inbound else client_of(fax.vendor).resolution
    if fax.resolution != usual:
        plan = _as_slow(plan, fax.resolution)
    if fax.problem and not fax.attempts and fax.outcome in (Outcome.conversion_failed, Outcome.fetch_failed):
        plan = replace(plan, attempts=(CallPlan(fax.outcome, code=fax.code),))
    return fax.evolve(plan=plan)


def _as_slow(plan: Plan, resolution: str) -> Plan:
    """Make pages last as long as at a resolution at which the replay does not send."""
    bits = PAGE_BITS.get(resolution, PAGE_BITS["standard"])
    calls = (
        call
        if call.per_page is not None
        else replace(call, per_page=round(bits / (call.speed or DEFAULT_SPEED), 6))
        for call in plan.attempts
    )
    return replace(plan, attempts=tuple(calls))
