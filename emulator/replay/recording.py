"""A sandbox's history as a scenario file that makes the same lives again from the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from emulator.client import Fax as Seen
from emulator.client import Sandbox
from emulator.client.submission import RESOLUTIONS
from emulator.core.call import DEFAULT_SPEED, PAGE_BITS
from emulator.core.codec import decode
from emulator.core.fax import Fax
from emulator.core.machine import Direction, State
from emulator.core.outcomes import Outcome
from emulator.core.plan import CallPlan, Plan
from emulator.core.scenario import Scenario
from emulator.core.submission import INBOUND_RESOLUTION
from emulator.fields import iso
from emulator.replay.world import world
from emulator.scenarios import written

JSON = dict[str, Any]
HEAD = "# Play it again: localfax replay FILE\n"


@dataclass(frozen=True)
class Event:
    """Something that somebody did from outside, at an instant."""

    at: float
    order: int
    step: JSON


def recording(sandbox: Sandbox, name: str = "recording") -> str:
    """Write a sandbox's history as YAML."""
    import yaml

    text = yaml.safe_dump(recorded(sandbox, name), sort_keys=False, allow_unicode=True, width=120)
    return HEAD + text


def recorded(sandbox: Sandbox, name: str = "recording") -> JSON:
    """Give a sandbox's history as a scenario: its world, what was done when, and how each fax stands.

    Kept are faxes sent and received, cancels, and status reads where a fax waited for them; other vendor
    calls, submits that were refused, and changes of settings on the way are not.
    """
    snapshot, seen = sandbox.snapshot(), {fax.id: fax for fax in sandbox.faxes()}
    faxes = sorted((_fax(item) for item in snapshot["items"] if item["kind"] == "fax"), key=_made)
    places = {fax.id: place for place, fax in enumerate(faxes, start=1)}
    events = [event for fax in faxes for event in _events(fax, places[fax.id])]
    events += _reads(snapshot["journals"].get("requests", ()), faxes, places)
    events.sort(key=lambda event: (event.at, event.order))
    begun = events[0].at if events else _now(snapshot)
    return {
        "name": name[:100],
        "purpose": "What happened once in a sandbox.",
        "sandbox": {"seed": sandbox.seed, "now": iso(begun), "vendors": world(snapshot, faxes)},
        "steps": [*_timed(events, begun), *_end(snapshot, faxes, events[-1].at if events else begun)],
        "expect": [_expected(seen[fax.id]) for fax in faxes],
    }


def _fax(item: Mapping[str, Any]) -> Fax:
    return decode(Fax, {name: value for name, value in item.items() if name != "kind"})


def _made(fax: Fax) -> int:
    return fax.sequence


def _now(snapshot: JSON) -> float:
    return next(float(item["base"]) for item in snapshot["items"] if item["kind"] == "clock")


def _events(fax: Fax, place: int) -> list[Event]:
    word = "send" if fax.direction is Direction.outbound else "receive"
    made = Event(fax.created_at, 2 * place, {word: _order(fax)})
    if fax.state is not State.cancelled:
        return [made]
    return [made, Event(fax.finished_at or fax.created_at, 2 * place + 1, {"cancel": place})]


def _order(fax: Fax) -> JSON:
    order: JSON = {"vendor": fax.vendor, "to": fax.to, "pages": max(1, fax.pages)}
    if fax.sender:
        order["from"] = fax.sender
    if fax.direction is Direction.outbound:
        order["max_attempts"] = fax.max_attempts
    elif fax.attempt and fax.attempt.csid:
        order["csid"] = fax.attempt.csid
    order["scenario"] = _script(fax)
    return order


def _script(fax: Fax) -> JSON:
    """Write what became of a fax, as the plan that it had: number and catalogue then have no say."""
    usual = INBOUND_RESOLUTION if fax.direction is Direction.inbound else RESOLUTIONS.get(fax.vendor)
    plan = fax.plan if fax.resolution == usual else _as_slow(fax.plan, fax.resolution)
    if fax.problem and not fax.attempts and fax.outcome in (Outcome.conversion_failed, Outcome.fetch_failed):
        plan = replace(plan, attempts=(CallPlan(fax.outcome, code=fax.code),))  # ours is always readable
    script = written(Scenario(fax.scenario or f"as-{fax.id}", plan))
    return {"attempts": ["delivered"], **script}


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


def _reads(journal: Any, faxes: list[Fax], places: Mapping[str, int]) -> list[Event]:
    """Find the reads that faxes waited for; one that names no fax is a list of all of its vendor."""
    latest: dict[str, str] = {}
    waited = {fax.id for fax in faxes if any(call.polls for call in fax.plan.attempts)}
    made: set[str] = set()
    events = []
    for entry in journal:
        fax = entry["fax"] or latest.get(entry["vendor"])
        if fax in made and entry["status"] == 200:
            place = places[fax]
            events.append(Event(entry["at"], 2 * place + 1, {"poll": {"fax": place, "times": 1}}))
        if entry["fax"] in waited:
            made.add(entry["fax"])
            latest[entry["vendor"]] = entry["fax"]
    return events


def _timed(events: list[Event], at: float) -> list[JSON]:
    steps: list[JSON] = []
    for event in events:
        steps += _advance(event.at - at)
        steps.append(event.step)
        at = max(at, event.at)
    return steps


def _advance(seconds: float) -> list[JSON]:
    return [{"advance": f"{seconds:.3f}s"}] if round(seconds, 3) > 0 else []


def _end(snapshot: JSON, faxes: list[Fax], at: float) -> list[JSON]:
    """Go on to the end, or as far as the sandbox had come."""
    waiting = any(item["kind"] == "delivery" and item.get("due_at") for item in snapshot["items"])
    if waiting or not all(fax.final for fax in faxes):
        return _advance(_now(snapshot) - at)
    return [{"advance": "idle"}] if faxes else []


def _expected(fax: Seen) -> JSON:
    found = {
        "state": fax.state,
        "outcome": fax.outcome,
        "attempts": len(fax.attempts),
        "pages": max(1, fax.pages),
        "sent": fax.pages_sent,
        "code": fax.vendor_code,
    }
    return {name: value for name, value in found.items() if value is not None}
