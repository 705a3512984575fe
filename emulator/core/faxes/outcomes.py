"""How a call, or a fax before any call, can end; and what each end looks like on the line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    delivered = "delivered"
    busy = "busy"
    no_answer = "no_answer"
    not_fax = "not_fax"
    bad_number = "bad_number"
    circuits_busy = "circuits_busy"
    hangup = "hangup"
    line_error = "line_error"
    stuck = "stuck"
    conversion_failed = "conversion_failed"
    no_credit = "no_credit"
    fetch_failed = "fetch_failed"
    cancelled = "cancelled"


BEFORE_CALL = frozenset({Outcome.conversion_failed, Outcome.no_credit, Outcome.fetch_failed})
"""Outcomes that end a fax before a number is dialled."""


@dataclass(frozen=True)
class Line:
    """What the line does: seconds of ringing, whether anything answers, whether it is a fax machine."""

    ring: float
    answered: bool = False
    fax: bool = False
    silence: float = 0.0
    """Seconds on an answered line before the sender gives up, when no fax machine is there."""


# Seconds: ring cadence 6; busy within 15, no answer within 60 of dialling (47 CFR 68.318(b)); T1 35 (T.30).
LINES: dict[Outcome, Line] = {
    Outcome.delivered: Line(ring=6, answered=True, fax=True),
    Outcome.line_error: Line(ring=6, answered=True, fax=True),
    Outcome.hangup: Line(ring=6, answered=True, fax=True),
    Outcome.stuck: Line(ring=6, answered=True, fax=True),
    Outcome.not_fax: Line(ring=6, answered=True, silence=35),
    Outcome.busy: Line(ring=3),
    Outcome.no_answer: Line(ring=45),
    Outcome.bad_number: Line(ring=2),
    Outcome.circuits_busy: Line(ring=2),
}
