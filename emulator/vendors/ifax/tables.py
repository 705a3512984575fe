"""iFax's words as data: paths, states, codes. Each row says how well it is known: documented, observed, assumed."""

from __future__ import annotations

from emulator.core.machine import State
from emulator.core.outcomes import Outcome

DOCUMENTED, OBSERVED, ASSUMED = "documented", "observed", "assumed"

PATHS: dict[str, tuple[str, str]] = {
    "send": ("/v1/customer/fax-send", OBSERVED),
    "status": ("/v1/customer/fax-status", OBSERVED),
}
"""Operation to its path and the path's evidence: the vendor's document lost its paths."""

TEXTS: dict[int, str] = {
    -11: "Pre-processing",
    -3: "Fax processed for sending",
    0: "NORMAL_CLEARING",
    263: "USER_BUSY",
    403: "Fax canceled.",
    3912: "UNALLOCATED_NUMBER",
    8021: "NO_ANSWER",
    9001: "NORMAL_CIRCUIT_CONGESTION",
    9009: "There was an error communicating with the far side.",
    9012: "Disconnected after permitted retries",
    9015: "Timed out waiting for initial communication",
    9042: "There was a problem in converting and merging files to the output file format.",
    12001: "USER_BLOCKED",
    12012: "Not enough credits",
    12020: "to_number not found in request data.",
    12097: "fax details not found for this request.",
    12103: "Fax status response",
    120100: "Invalid faxNumber",
}

OUTCOME_CODES: dict[Outcome, int] = {
    Outcome.delivered: 0,
    Outcome.busy: 263,
    Outcome.no_answer: 8021,
    Outcome.not_fax: 9015,
    Outcome.bad_number: 3912,
    Outcome.circuits_busy: 9001,
    Outcome.hangup: 9012,
    Outcome.line_error: 9009,
    Outcome.conversion_failed: 9042,
    Outcome.cancelled: 403,
}
"""The code of a finished fax; texts are documented, which outcome has which is assumed."""

STATES: dict[State, str] = {
    State.delivered: "delivered",
    State.failed: "failed",
    State.cancelled: "canceled",
    State.arrived: "received",
}
"""Final states (documented); every other is `sending`."""

EARLY = frozenset({State.scheduled, State.received, State.rendering, State.credit_check, State.credit_hold})
"""States in which `sending` has code -11, Pre-processing; later ones have -3 (arrows assumed)."""
