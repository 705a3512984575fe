"""The magic numbers +1 500 555 00NN: a failure for every taste without a scenario file."""

from __future__ import annotations

from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan, HttpFault, Plan, WebhookFault

PREFIX = "+150055500"


def _calls(*outcomes: Outcome, pages: int | None = None) -> Plan:
    return Plan(attempts=tuple(CallPlan(outcome, pages) for outcome in outcomes))


MAGIC: dict[str, tuple[str, Plan]] = {
    "01": ("delivered", Plan()),
    "02": ("busy, always", _calls(Outcome.busy)),
    "03": ("no answer, always", _calls(Outcome.no_answer)),
    "04": ("busy, then delivered", _calls(Outcome.busy, Outcome.delivered)),
    "05": ("line error after 1 page", _calls(Outcome.line_error, pages=1)),
    "06": ("refused at submit: no credit", Plan(http=HttpFault(refusal="no_credit"))),
    "07": ("not a fax machine", _calls(Outcome.not_fax)),
    "08": ("bad number", _calls(Outcome.bad_number)),
    "09": ("all circuits busy", _calls(Outcome.circuits_busy)),
    "10": ("hang-up", _calls(Outcome.hangup)),
    "11": ("line error, no page", _calls(Outcome.line_error, pages=0)),
    "12": ("conversion failed", _calls(Outcome.conversion_failed)),
    "13": ("refused at submit: restricted number", Plan(http=HttpFault(refusal="restricted"))),
    "14": ("stuck: never final", _calls(Outcome.stuck)),
    "15": ("delivered, ten times slower", Plan(attempts=(CallPlan(pace=10),))),
    "16": ("delivered, webhook lost for ever", Plan(webhook=WebhookFault(drop=True))),
    "17": ("delivered, webhook twice", Plan(webhook=WebhookFault(duplicate=1))),
    "18": ("webhook before the submit's own answer", Plan(webhook=WebhookFault(before_response=True))),
    "19": ("webhooks out of order", Plan(webhook=WebhookFault(reorder=True))),
    "20": ("submit answers HTTP 500", Plan(http=HttpFault(refusal="server_error"))),
    "21": ("submit answers rate limited", Plan(http=HttpFault(refusal="rate_limited"))),
    "22": ("fax accepted, then the connection is cut", Plan(http=HttpFault(drop="after"))),
}
"""Last two digits to its meaning and its plan."""


def magic_plan(to: str) -> tuple[str, Plan] | None:
    """The scenario name and plan of a magic number in E.164, else None."""
    if not to.startswith(PREFIX) or (row := MAGIC.get(to[len(PREFIX) :])) is None:
        return None
    return f"magic-{to[len(PREFIX) :]}", row[1]
