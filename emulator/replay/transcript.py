"""What was done once, written as a step that does it again: a request, or a fax sent or received."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from emulator.core.faxes.call import page_time
from emulator.core.faxes.fax import INBOUND_RESOLUTION, Fax
from emulator.core.faxes.machine import Direction
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan, Plan
from emulator.core.scripting.scenario import Scenario
from emulator.replay.names import Names
from emulator.scenarios import write_scenario
from localfax.submission import MARK_HEADER, client_of
from localfax.things import JSON

_LEFT_OUT = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "expect", "host", "transfer-encoding",
     "user-agent", MARK_HEADER.lower()}
)  # fmt: skip
"""Headers of the connection, or of the program that asked."""
_UNAUTHORIZED = 401
_CUT = frozenset({"drop", "truncate"})
"""Faults after which the client has seen no status, or not the whole answer."""


def write_request(
    entry: Mapping[str, Any], content: bytes, made: Sequence[Fax], names: Names, credentials: Sequence[str]
) -> JSON:
    """Write a request with what became of the faxes that it made; `credentials` names those of its vendor."""
    fault = entry["fault"] or {}
    step: JSON = {
        "vendor": entry["vendor"],
        "method": entry["method"],
        "path": names.hide(entry["path"]),
        "query": names.hide(entry["query"]),
        "headers": _headers(entry, names, credentials),
        **_body(content, names),
        "status": None if _CUT & fault.keys() else entry["status"],
        "scenarios": [{"to": fax.to, **write_script(fax)} for fax in made],
    }
    if fault and not any(fax.plan.http for fax in made):
        step["scenarios"].append({"name": entry["scenario"] or "refused", "http": fault})
    return {"call": {name: part for name, part in step.items() if part not in (None, "", {}, [])}}


def write_script(fax: Fax) -> JSON:
    """Write what became of a fax as the plan that it had: numbers, rules and files then have no say."""
    return {"attempts": ["delivered"], **write_scenario(Scenario(fax.scenario or f"as-{fax.id}", fax.plan))}


def _headers(entry: Mapping[str, Any], names: Names, credentials: Sequence[str]) -> JSON:
    keys = {name.lower(): name for name in credentials}
    found = {}
    for name, value in entry["headers"].items():
        unpacked = name.lower() == "content-encoding" and not entry.get("trouble")
        if unpacked or name.lower() in _LEFT_OUT:
            continue
        hidden = names.hide(value)
        if name.lower() in keys and hidden == value and entry["status"] != _UNAUTHORIZED:
            # A key that was handed out on the way: another sandbox hands out another one.
            hidden = f"<<{entry['vendor']} {keys[name.lower()]}>>"
        found[name] = hidden
    return found


def _body(content: bytes, names: Names) -> JSON:
    hidden = names.hide(content.decode("latin-1")).encode("latin-1")
    try:
        text = hidden.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if all(sign.isprintable() or sign in "\r\n\t" for sign in text):
        return {"body": text}
    return {"base64": base64.b64encode(hidden).decode()}


def write_fax(fax: Fax, document: str | None) -> JSON:
    """Write a fax that no journal tells of: with its document in base 64, or one of so many pages."""
    step: JSON = {"vendor": fax.vendor, "to": fax.to, "pages": max(1, fax.pages)}
    if fax.sender:
        step["from"] = fax.sender
    if document is not None:
        step["document"] = document
    if fax.direction is Direction.inbound:
        csid = fax.attempt.csid if fax.attempt else None
        given = {"csid": csid} if csid else {}
        return {"receive": step | given | {"scenario": write_script(fax)}}
    return {"send": step | {"max_attempts": fax.max_attempts, "scenario": write_script(_as_played(fax))}}


def _as_played(fax: Fax) -> Fax:
    """Let the fax's plan make up for what is not sent again as it was: the resolution, a broken document."""
    plan = fax.plan
    usual = INBOUND_RESOLUTION if fax.direction is Direction.inbound else client_of(fax.vendor).resolution
    if fax.resolution != usual:
        plan = _as_slow(plan, fax)
    if fax.problem and not fax.attempts and fax.outcome in (Outcome.conversion_failed, Outcome.fetch_failed):
        plan = replace(plan, attempts=(CallPlan(fax.outcome, code=fax.code),))
    return fax.evolve(plan=plan)


def _as_slow(plan: Plan, fax: Fax) -> Plan:
    """Make calls last as long as at a resolution at which the replay does not send.

    A scenario knows one time for all pages of a call: the mean of what that call sends of each.
    """

    def seconds(call: CallPlan) -> float:
        shares = _sent(call, max(1, fax.pages))
        times = (page_time(call, fax.resolution, fax.page_bytes or (), page) for page in range(len(shares)))
        return round(sum(time * share for time, share in zip(times, shares, strict=True)) / sum(shares), 6)

    return replace(plan, attempts=tuple(replace(call, per_page=seconds(call)) for call in plan.attempts))


def _sent(call: CallPlan, pages: int) -> list[float]:
    """How much of each page a call sends: half of the one in which the line breaks."""
    planned = pages if call.outcome is Outcome.delivered else 0
    whole = planned if call.pages is None else min(call.pages, pages)
    if call.outcome is not Outcome.line_error or whole == pages:
        return [1.0] * (whole or pages)
    return [1.0] * whole + [0.5]
