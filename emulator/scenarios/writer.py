"""A scenario as it would be written: the plain data that the grammar reads back to the same scenario."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from emulator.core.faxes.plan import CallPlan, HttpFault, Plan, PollFault, WebhookFault
from emulator.core.scripting.scenario import Match, Scenario


def write_scenario(scenario: Scenario) -> dict[str, Any]:
    """Write a scenario as plain data, without what is as by default."""
    plan = scenario.plan
    parts = {
        "name": scenario.name,
        "purpose": scenario.purpose,
        "match": _match(scenario.match),
        "times": scenario.times,
        "probability": None if scenario.probability == 1 else scenario.probability,
        "attempts": None if plan.attempts == Plan().attempts else [_call(each) for each in plan.attempts],
        "http": plan.http and _given(plan.http, HttpFault()),
        "webhook": plan.webhook and _webhook(plan.webhook),
        "poll": plan.poll and _poll(plan.poll),
        "document": plan.document and plan.document.value,
        "sandbox": dict(scenario.sandbox),
        "steps": [_plain(each) for each in scenario.steps],
        "expect": [dict(each) for each in scenario.expect],
    }
    return {name: part for name, part in parts.items() if part not in (None, "", {}, [])}


def _match(match: Match) -> dict[str, Any]:
    given = _given(match, Match())
    headers = given.pop("headers", ())
    if "sender" in given:
        given["from"] = given.pop("sender")
    return given | {f"header.{name}": wanted for name, wanted in headers}


def _call(call: CallPlan) -> Any:
    options = _given(call, CallPlan(outcome=call.outcome))
    if (polls := options.pop("polls", None)) is not None:
        options["after"] = {"polls": polls}
    return {call.outcome.value: options} if options else call.outcome.value


def _webhook(fault: WebhookFault) -> dict[str, Any]:
    given = _given(fault, WebhookFault())
    if given.pop("no_auth", False):
        given["wrong_auth"] = "missing"
    if "status_order" in given:
        given["status_order"] = list(given["status_order"])
    if early := given.pop("early", ()):
        given["before_response"] = list(early)
    return given


def _poll(fault: PollFault) -> dict[str, Any]:
    http = _given(fault.http, HttpFault()) if fault.http else {}
    if "drop" in http:
        http["drop"] = True
    return http | {name: value for name, value in _given(fault, PollFault()).items() if name != "http"}


def _plain(step: Any) -> dict[str, Any]:
    return {
        name: {("from" if key == "sender" else key): each for key, each in value.items()}
        if isinstance(value, dict)
        else value
        for name, value in step.items()
    }


def _given(part: Any, default: Any) -> dict[str, Any]:
    pairs = ((each.name, getattr(part, each.name)) for each in fields(part))
    return {name: value for name, value in pairs if value != getattr(default, name)}
