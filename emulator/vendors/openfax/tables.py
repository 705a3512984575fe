"""Openfax's words as data: states, results, answers, choices. Each table says where it is from."""

from __future__ import annotations

import re
from functools import partial

from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Word, words
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from emulator.documents.media_types import PDF, TEXT
from emulator.vendors.openfax.choices import CHOICES, SWITCHES
from emulator.vendors.taken import AS_IT_IS, MARKUP, OFFICE_FILES, PICTURES, base64_forms, taken

# Which outcome of a call has which code follows from the explanations there.
_result = partial(Word, evidence=DOCUMENTED, source="reference, LastStatus")

_RESULTS = (
    _result("-1", "Received"),
    _result("0", "Successful", outcome=Outcome.delivered),
    _result("1", "No Answer", outcome=Outcome.no_answer),
    _result("2", "Busy", outcome=Outcome.busy),
    _result("3", "Not Fax", outcome=Outcome.not_fax),
    _result("4", "All Circuits Busy", outcome=Outcome.circuits_busy),
    _result("5", "Bad Number", outcome=Outcome.bad_number),
    _result("6", "Call Disconnected", outcome=Outcome.hangup),
    _result("7", "Unknown / Other", outcome=Outcome.line_error),
    _result("8", "Doc Conversion Failed", outcome=Outcome.conversion_failed),
    _result("9", "Credit Check Failed", outcome=Outcome.no_credit),
)
RESULTS = {result.word: result for result in _RESULTS}
"""LastStatus, each with the outcome that leads to it."""

RESULT_OF: dict[Outcome | None, str] = {
    **{result.outcome: result.word for result in _RESULTS},
    Outcome.fetch_failed: "8",
    Outcome.stuck: "-1",
    Outcome.cancelled: "7",
}
"""LastStatus by outcome; the last three have no documented code (assumed). Cancelled before any call: -1."""

REDIALLED = frozenset(
    {Outcome.no_answer, Outcome.busy, Outcome.circuits_busy, Outcome.hangup, Outcome.line_error}
)
"""After these the fax is tried again (documented)."""

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

FINISHED, CONVERSION_FAILED = 9, 10

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
    State.waiting_redial: 7,
    State.delivered: 8,
    State.failed: 9,
    State.credit_hold: 11,
    State.retry_eligible: 12,
    State.cancelled: 13,
}
"""CurrentState by state. The order of states is documented nowhere (assumed)."""

RECEIVED = "Success"
"""The Status of a fax that has arrived (assumed)."""

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

INBOUND_ENDPOINTS = frozenset({"new_faxes", "read_unread", "numbers"})
"""Endpoints that a public client alone has shown."""

LISTS = INBOUND_ENDPOINTS | {"balance", "history"}
"""Endpoints that answer with an array, for an error too."""

# Reference, "Submission Parameters": our words by the values that are sent; priority 1 is served first.
PAPERS = {"0": "letter", "1": "legal", "2": "a4"}
RESOLUTIONS = {"0": "standard", "1": "fine"}
PRIORITIES = {"Normal": 1, "Low": 0}
# Reference, "Response Parameters" of the report by date.
RENDER_STATES = {0: "Pending", 1: "Complete", 2: "Failed"}

# 1NPANXXXXXX, N from 2 to 9, or country code and number without plus (documented); the lengths are assumed.
FAX_NUMBER = r"^(?:1[2-9][0-9]{2}[2-9][0-9]{6}|[2-9][0-9]{7,19})$(?!\n)"

WITHOUT_ITS_1 = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")
"""A North American number that lacks the 1: dialled abroad only where such digits are in use."""

DOCUMENT_BYTES = 50 * 2**20
HEADER_LENGTH = 15
"""Characters of toHeader and frHeader (documented); what is over is cut off (assumed)."""

MOST_ROWS = 1000
"""Rows of one history or inbound answer: printed "1,0000"; a public client asks for 1000."""

REDIALS, REDIAL_WAIT = 3, 240.0
"""Redials after the first call, and the seconds between a call's end and the next (documented)."""

HOLD = 3_600.0
"""How long a fax without credit waits for money before it fails: documented nowhere (assumed)."""

RETRY_ELIGIBLE = 30.0
"""The last of these seconds, spent in state 12: what leads to it is documented nowhere (assumed)."""

CALLER_ID = "+17205721703"
"""The sample of the reference; `numbers` of the account's settings changes it."""

NOT_EMULATED = {
    "fax broadcast": "named in the reference, without an endpoint",
    "mail merge broadcast": "named in the reference, without an endpoint",
    "query by OutTransID": "named in the reference, without an endpoint",
    "cancel": "state 13 is documented, a way to it is not: the control plane cancels",
    "e-mail and S3": "named in the reference as ways for faxes that come in; the postback alone is there",
}

MAGIC = {
    "06": '{"Response":"AccountInactive"}: no answer to a submit is documented that tells of credit',
    "05": "LastStatus 7, Unknown / Other",
    "07": "LastStatus 3, no redial",
    "11": "LastStatus 7, Unknown / Other",
    "20": '{"Response":"Failed"} with HTTP 500',
    "21": '{"Response":"Failed"}: the vendor documents no rate limit',
}

TABLES = {
    "states": words(STATES, DOCUMENTED, "reference, Current State"),
    "codes": _RESULTS,
    "errors": words(RESPONSES, DOCUMENTED, "reference, Response Parameters")
    + words(INBOUND_RESPONSES, OBSERVED, "a public download client"),
    "render_states": words(RENDER_STATES, DOCUMENTED, "reference, outboundDetailsbyDate, RenderStatus"),
    "documents": taken(
        ((PDF,), AS_IT_IS, DOCUMENTED, "reference, PDF_encode"),
        (
            (*PICTURES, TEXT, *OFFICE_FILES, *MARKUP),
            "fails with LastStatus 8",
            ASSUMED,
            "the same",
        ),
    ),
    "base64": base64_forms("reference, PDF_encode; which forms is our choice"),
    "papers": words(PAPERS, DOCUMENTED, "reference, Submission Parameters, paperSize"),
    "resolutions": words(RESOLUTIONS, DOCUMENTED, "reference, Submission Parameters, faxResolution"),
    "priorities": words(PRIORITIES, DOCUMENTED, "reference, Submission Parameters, Priority"),
    "webhooks": words({"postback": "eight form fields, once, when final"}, DOCUMENTED, "reference, Post Back")
    + words(
        {"inbound_postback": "ten form fields, once, when a fax has arrived"},
        ASSUMED,
        "the reference names the postback, not its fields",
    ),
    "choices": CHOICES,
    "switches": SWITCHES,
    "not_emulated": words(NOT_EMULATED, DOCUMENTED, "reference, Getting Started and Fax Status & Reporting"),
}
