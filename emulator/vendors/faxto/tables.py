"""Fax.to's words as data: states, message codes, errors, refusals. Each table says where it is from."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome

DOCUMENTED, OBSERVED, ASSUMED = "documented", "observed", "assumed"


@dataclass(frozen=True)
class Code:
    """A msg_code: its text and the outcome that leads to it."""

    text: str
    outcome: Outcome


# Reference, "Webhook". The apostrophe of `unknown` is broken on the vendor's page; this is what was meant.
CODES: dict[str, Code] = {
    "ok": Code("Success! Your fax has been sent!", Outcome.delivered),
    "unknown": Code(
        "Fax Failed - Unknown Error ( We don’t know exactly what went wrong - contact us for more info )",  # noqa: RUF001
        Outcome.line_error,
    ),
    "no_answer": Code("Fax Failed - No Answer from Fax machine", Outcome.no_answer),
    "busy": Code("Fax Failed - Line Busy ( The fax machine could be busy )", Outcome.busy),
    "file_error": Code("Fax Failed - File conversion failed. Re-upload and Retry", Outcome.conversion_failed),
    "hangup": Code("Fax Failed - Early Hangup", Outcome.hangup),
}

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
STATION_ID = 20
"""Characters of tsi_number that a fax machine shows (T.30)."""
