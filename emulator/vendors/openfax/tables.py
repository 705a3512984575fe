"""Openfax's words as data: states, results, answers, choices. Each table says where it is from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome

DOCUMENTED, OBSERVED, ASSUMED = "documented", "observed", "assumed"


@dataclass(frozen=True)
class Result:
    """A LastStatus: its text, the outcome that leads to it, and whether the fax is tried again."""

    text: str
    outcome: Outcome | None = None
    redial: bool = False


# Reference, "LastStatus". Which outcome of a call has which code follows from the explanations there.
RESULTS: dict[int, Result] = {
    -1: Result("Received"),
    0: Result("Successful", Outcome.delivered),
    1: Result("No Answer", Outcome.no_answer, redial=True),
    2: Result("Busy", Outcome.busy, redial=True),
    3: Result("Not Fax", Outcome.not_fax),
    4: Result("All Circuits Busy", Outcome.circuits_busy, redial=True),
    5: Result("Bad Number", Outcome.bad_number),
    6: Result("Call Disconnected", Outcome.hangup, redial=True),
    7: Result("Unknown / Other", Outcome.line_error, redial=True),
    8: Result("Doc Conversion Failed", Outcome.conversion_failed),
    9: Result("Credit Check Failed", Outcome.no_credit),
}

RESULT_OF: dict[Outcome | None, int] = {
    **{result.outcome: code for code, result in RESULTS.items()},
    Outcome.fetch_failed: 8,
    Outcome.stuck: -1,
    Outcome.cancelled: 7,
}
"""LastStatus by outcome; the last three have no documented code (assumed)."""

# Reference, "Current State".
STATES: dict[int, str] = {
    0: "Received",
    1: "Document Rendering",
    2: "Checking Credit",
    3: "On Outbound Table / Waiting for queue space",
    4: "In Outbound Queue / In queue for node",
    5: "At Fax Node / Fax dialing",
    6: "Reporting Engine",
    7: "Waiting for Redial",
    8: "Finalized / Fax Successful",
    9: "Finalized / Fax Failed",
    10: "Finalized / Fax Failed due to document conversion",
    11: "Credit Hold",
    12: "Retry Eligible",
    13: "Canceled",
}

WAITING_FOR_REDIAL, CONVERSION_FAILED = 7, 10

STATE_OF: dict[State, int] = {
    State.scheduled: 0,
    State.received: 0,
    State.rendering: 1,
    State.credit_check: 2,
    State.waiting_line: 3,
    State.queued: 4,
    State.dialing: 5,
    State.transmitting: 5,
    State.reporting: 6,
    State.waiting_redial: WAITING_FOR_REDIAL,
    State.delivered: 8,
    State.failed: 9,
    State.credit_hold: 11,
    State.retry_eligible: 12,
    State.cancelled: 13,
}
"""CurrentState by state. The order of states is documented nowhere (assumed)."""

ON_THE_PHONE = frozenset({State.dialing, State.transmitting})
"""While a call lasts: it is not charged yet."""

UNREPORTED = ON_THE_PHONE | {State.reporting}
"""Until the reporting engine is done with a call, its LastStatus is -1 (assumed)."""

# Reference, "Response Parameters" of the single fax and the samples above them, whose spelling counts.
RESPONSES: dict[str, str] = {
    "Success": "accepted; OutTransID follows",
    "Failed": "the request failed",
    "InvalidAuthentication": "unknown account or wrong key",
    "AccountInactive": "no funds, or the account is off",
    "RestrictedFaxNumber": "the number may not be dialled",
    "InvalidFaxNumberLength": "the number cannot be dialled",
    "InvalidFaxResolution": "faxResolution is not 0 or 1",
    "InvalidPapersize": "paperSize is not 0, 1 or 2",
    "InvalidPriority": "Priority is not Normal or Low",
}

# Words of the inbound side, seen in a public client.
INBOUND_RESPONSES: dict[str, str] = {
    "InvalidMissingValue": "a parameter is missing",
    "NoNewFaxReceived": "there is no unread fax",
}

REFUSALS: dict[str, tuple[str, int]] = {
    "no_credit": ("AccountInactive", 200),
    "restricted": ("RestrictedFaxNumber", 200),
    "invalid_number": ("InvalidFaxNumberLength", 200),
    "unauthorized": ("InvalidAuthentication", 200),
    "rate_limited": ("Failed", 200),
    "server_error": ("Failed", 500),
}
"""A scenario's refusal as Response and HTTP status: business errors come with 200 (observed)."""

# Reference, "Submission Parameters": our words by the values that are sent; priority 1 is served first.
PAPERS = {"0": "letter", "1": "legal", "2": "a4"}
RESOLUTIONS = {"0": "standard", "1": "fine"}
PRIORITIES = {"Normal": 1, "Low": 0}
# Reference, "Response Parameters" of the report by date.
RENDER_STATES = {0: "Pending", 1: "Complete", 2: "Failed"}

# 1NPANXXXXXX, or country code and number without plus (documented); the lengths abroad are assumed.
FAX_NUMBER = r"^(?:1[0-9]{10}|[2-9][0-9]{7,19})$(?!\n)"

WITHOUT_ITS_1 = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")
"""A North American number that lacks the 1: dialled abroad only where such digits are in use."""

DOCUMENT_BYTES = 50 * 2**20
HEADER_LENGTH = 15
"""Characters of toHeader and frHeader (documented); what is over is cut off (assumed)."""

MOST_ROWS = 1000
"""Rows of one history or inbound answer: printed "1,0000"; a public client asks for 1000."""

REDIALS, REDIAL_WAIT = 3, 240.0
"""Redials after the first call, and the seconds between a call's end and the next (documented)."""

RETRY_ELIGIBLE = 30.0
"""The last of these seconds, spent in state 12: what leads to it is documented nowhere (assumed)."""

CALLER_ID = "+17205721703"
"""The sample of the reference; `numbers` of the account's settings changes it."""
