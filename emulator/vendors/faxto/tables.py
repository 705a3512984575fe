"""Fax.to's words as data: states, codes, errors, limits, choices. Each table says where it is from."""

from __future__ import annotations

from functools import partial

from emulator.core.dialect.words import ASSUMED, DOCUMENTED, Word, words
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.faxto.choices import CHOICES, SWITCHES
from emulator.vendors.taken import anything

# The apostrophe of `unknown` is broken on the vendor's page; this is what was meant.
_UNKNOWN = "Fax Failed - Unknown Error ( We don’t know exactly what went wrong - contact us for more info )"  # noqa: RUF001
_code = partial(Word, evidence=DOCUMENTED, source="reference, Webhook")

_CODES = (
    _code("ok", "Success! Your fax has been sent!", outcome=Outcome.delivered),
    _code("unknown", _UNKNOWN, outcome=Outcome.line_error),
    _code("no_answer", "Fax Failed - No Answer from Fax machine", outcome=Outcome.no_answer),
    _code("busy", "Fax Failed - Line Busy ( The fax machine could be busy )", outcome=Outcome.busy),
    _code(
        "file_error",
        "Fax Failed - File conversion failed. Re-upload and Retry",
        outcome=Outcome.conversion_failed,
    ),
    _code("hangup", "Fax Failed - Early Hangup", outcome=Outcome.hangup),
)
CODES = {code.word: code for code in _CODES}
"""Each msg_code: its text and the outcome that leads to it."""

CODE_OF: dict[Outcome | None, str] = {
    **{code.outcome: word for word, code in CODES.items()},
    Outcome.fetch_failed: "file_error",
}
"""msg_code by outcome; every other outcome is `unknown` (assumed)."""

# Reference, "Keys and Values" of the response and "Webhook".
STATES: dict[str, str] = {
    "executed": "The fax job is executed and in the process of sending",
    "failed": "Failed to send the fax",
    "success": "The fax has been sent",
}

STATE_OF: dict[State, str] = {
    State.delivered: "success",
    State.failed: "failed",
    State.cancelled: "failed",
}
"""The word of a final state; every other is `executed` (that the status endpoint says so is assumed)."""

SENT = "Sent! Fax Has Been Answered."
"""The one message of the status endpoint that is published (documented)."""
PROVISIONED = "Number has been provisioned."

# The status table of every page but that of sending, and the vendor's Swagger file for 400.
ERRORS: dict[int, str] = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Rate limit exceeded",
    404: "Resource not found",
    500: "Internal server error",
}

# Message texts are published nowhere (assumed); their HTTP statuses are documented.
REFUSALS: dict[str, tuple[int, str]] = {
    "no_credit": (400, "Insufficient balance"),
    "restricted": (400, "Faxes to this number are blocked"),
    "invalid_number": (400, "The fax_number is not valid"),
    "unauthorized": (401, ERRORS[401]),
    "rate_limited": (403, ERRORS[403]),
    "server_error": (500, ERRORS[500]),
}

# No redial is documented, so one call is made unless a scenario or max_attempts asks for more (assumed).
REDIALS = frozenset(
    {Outcome.busy, Outcome.no_answer, Outcome.circuits_busy, Outcome.line_error, Outcome.hangup}
)
REDIAL_WAIT = 300.0
"""Seconds from the end of a call to the next one (assumed)."""

OWN_NUMBER = "+12048134699"
"""The sample of the reference; `numbers` of the account's settings changes it."""
SAMPLE_NUMBER = "+123456789"
"""The reference's example of a fax_number, which no country has: it is taken (documented)."""
STATION_ID = 20
"""Characters of tsi_number that a fax machine shows (T.30)."""
NAME_LENGTH, EXTENSION_LENGTH = 200, 10
"""Characters of a document's name and its extension that are kept (assumed)."""
ROWS, MOST_ROWS = 10, 1000
"""Rows of a page whose limit is not given; rows at most, and of a list that tells no page count (assumed)."""
PAID = 30 * 86_400.0
"""Seconds for which a number is paid, from when it was provisioned; it renews itself (assumed)."""

REGISTRATIONS = frozenset({"register", "register_v1"})
LOGINS = frozenset({"login", "login_v1"})
"""Endpoints that need no key."""

WEBHOOKS = {
    "delivery_receipt": "form with fax_job_id, status, msg_code and message, once, when final",
    "fax_receive": "multipart form with the PDF when a fax has arrived",
    "retries": "every 15 minutes for 48 hours until the answer is 200",
}

MAGIC = {
    "05": "msg_code unknown",
    "07": "msg_code unknown",
    "08": "msg_code unknown",
    "09": "msg_code unknown",
    "11": "msg_code unknown",
    "12": "msg_code file_error",
    "21": "HTTP 403, Rate limit exceeded",
}

TABLES = {
    "states": words(STATES, DOCUMENTED, "reference, Keys and Values; Webhook"),
    "codes": _CODES,
    "errors": words(ERRORS, DOCUMENTED, "status tables and Swagger file of later editions"),
    "documents": anything(DOCUMENTED, "reference, samples", (ASSUMED, "files are named with any extension")),
    "messages": words({"status": SENT, "provision": PROVISIONED}, DOCUMENTED, "later editions"),
    "webhooks": words(WEBHOOKS, DOCUMENTED, "reference, Webhook; later editions for the inbound one"),
    "choices": CHOICES,
    "switches": SWITCHES,
}
