"""Acme's vocabulary as data."""

from emulator.core.dialect.words import ASSUMED, DOCUMENTED, Word, words
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome

STATES = {State.delivered: "sent", State.arrived: "received"}
"""The word of a good end; a bad one is `failed`, and every other state `sending`."""

CODES = {
    "0": Word("0", "OK", source="table of codes", outcome=Outcome.delivered),
    "3931": Word("3931", "Busy", source="table of codes", outcome=Outcome.busy),
    "6001": Word("6001", "Failed", source="table of codes", outcome=Outcome.line_error),
}
CODE_OF = {Outcome.delivered: "0", Outcome.busy: "3931"}
OTHER = "6001"
"""The code of every other end (assumed)."""

ERRORS = {
    "-1003": Word("-1003", "Authentication error", source="table of errors", status=401),
    "-150": Word("-150", "The fax cannot be taken", source="table of errors", status=400),
}

REFUSALS = {"unauthorized": ("-1003", 401), "server_error": ("-150", 500), "rate_limited": ("-150", 503)}
"""A scenario's refusal as error and HTTP status; every other is -150 with 400."""

TABLES = {
    "states": words(
        dict.fromkeys(("sending", "failed", *STATES.values()), ""), DOCUMENTED, "the status of a fax"
    ),
    "codes": tuple(CODES.values()),
    "errors": tuple(ERRORS.values()),
    "webhooks": words({"feedback": "a form when a fax has ended"}, DOCUMENTED, "feedback"),
    "choices": words({"cancelled": "failed, with 6001"}, ASSUMED, "nothing says it"),
}
