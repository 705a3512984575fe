"""Kazoo's words as data, each with its evidence: states, errors, events, figures, switches."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Word, words
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from emulator.documents.media_types import OFFICE, PDF, TEXT, TIFF
from emulator.vendors.kazoo.choices import CHOICES, PROFILE_TEXTS, SWITCHES
from emulator.vendors.kazoo.codes import CODES, REFERENCE, SOURCE
from emulator.vendors.taken import (
    AS_IT_IS,
    CONVERTED,
    DRAWN,
    MARKUP,
    NEVER,
    OFFICE_FILES,
    PICTURES,
    PRINTED,
    taken,
)

ATTACHING, PENDING, PROCESSING = "attaching_files", "pending", "processing"
COMPLETED, FAILED = "completed", "failed"

# State words are documented; which engine state shows as which is assumed.
STATES: dict[State, str] = {
    State.dialing: PROCESSING,
    State.transmitting: PROCESSING,
    State.reporting: PROCESSING,
    State.delivered: COMPLETED,
    State.failed: FAILED,
    State.cancelled: FAILED,
    State.ringing: PROCESSING,
    State.receiving: PROCESSING,
    State.arrived: COMPLETED,
}
"""Every other state is pending; a job whose uploaded files are still being read is attaching_files."""

STATE_TEXTS = {
    ATTACHING: "uploaded or mailed files are being attached to the job",
    PENDING: "waits for a worker, or for its next try",
    PROCESSING: "a worker has it",
    COMPLETED: "sent; the job is in the outbox under its new id",
    FAILED: "no document could be fetched, or all tries were used up",
}

ON_CALL = frozenset({State.dialing, State.transmitting, State.reporting, State.ringing, State.receiving})
"""States in which the latest try has not ended yet: its result is written with the state that follows."""

REDIALLED = frozenset(Outcome) - {Outcome.delivered, Outcome.stuck, Outcome.cancelled, Outcome.no_credit}
USUAL_RETRIES = 1
"""Retries of a job that names none (documented)."""
RETRY_AFTER = 300
"""Seconds between the end of a try and the next (observed)."""

LINES = 10
"""Calls of one account at one time (observed)."""

TOKEN_LIFE = 3600.0
"""Seconds that a login's token lives (observed)."""

RTF = OFFICE["rtf"]

BODY_LIMIT = 8_000_000
"""Bytes of a body (observed)."""

VERSION = "4.3.142"

DIALLABLE = re.compile(r"^(\+?1)?\d{10}$|^\+[2-9]\d{7,}$|^011\d*$|^00\d*$", re.ASCII)
"""Observed: the default of a system setting, applied after normalising."""

BUCKET, PER_TOKEN = 100, 100
"""Tokens in the bucket of `rate_limit: true`, and milliseconds until one has come back (observed)."""
CALL_PRICE, LOGIN_PRICE = 1, 35
"""Tokens that a request takes (observed)."""

NOT_OWNED = "caller id not owned"
"""The problem of a fax whose caller id is not among the account's numbers."""

UNTRIED: dict[str, Any] = {
    "error_message": "",
    "fax_bad_rows": 0,
    "fax_error_correction": False,
    "fax_receiver_id": "",
    "fax_speed": 0,
    "pages_sent": 0,
    "success": False,
    "time_elapsed": 0,
}
"""A result before the first try: the eight documented keys with their documented defaults."""

EVENTS = ("outbound_fax", "outbound_fax_error", "inbound_fax", "inbound_fax_error")
SMTP_ERROR = "outbound_smtp_fax_error"
NOTIFICATIONS, OLD_HOOKS = "notifications", ("outbound_fax", "inbound_fax")
"""What a webhook may listen to: of a 4.3 server, of the 4.0 era."""

# Why a mail makes no fax, as the log has it, and what a sender is told who is not permitted (observed).
INVALID_ADDRESS, NO_DOCUMENTS = "invalid address", "no fax documents to save"
NOT_DECODED, NOT_ALLOWED = "Message decode failed", "not allowed"
NOBODY_PERMITTED = "faxbox permissions is empty and policy doesn't allow it"
NOT_PERMITTED = "address {sender} is not allowed on faxbox {faxbox}"

ECHOED = (
    "action required", "invalid action", "error when resubmitting fax", "error when forwarding fax",
    *(f"document is not in folder {folder}" for folder in ("inbox", "incoming", "outbox")),
)  # fmt: skip
"""Mistakes that the server takes for its own: HTTP 500, the message once more in the data (observed)."""

BAD_IDENTIFIER = {"message": "bad identifier"}

ERRORS: dict[str, tuple[int, Any]] = {
    "validation error": (400, {}),
    "invalid_credentials": (401, {"message": "invalid credentials"}),
    "invalid credentials": (401, {}),
    "no_credit": (402, {}),
    "accept charges": (402, {}),
    "forbidden": (403, {"message": "forbidden"}),
    "bad_identifier": (404, BAD_IDENTIFIER),
    "bad identifier": (404, BAD_IDENTIFIER),
    "not_found": (404, {"message": "not found"}),
    "faulty_request": (404, {"message": "invalid page size"}),
    "invalid_method": (405, {"message": "method not allowed"}),
    "datastore_conflict": (409, {"message": "conflicting documents"}),
    "range not satisfiable": (416, {}),
    "locked": (423, {}),
    "too_many_requests": (429, {"message": "too many requests"}),
    **{message: (500, {"message": message}) for message in ECHOED},
    "datastore_fault": (503, {"cause": "no attachment found"}),
    "datastore_unreachable": (503, {}),
    "datastore_missing": (503, {}),
}
"""Message to its HTTP status and usual data (observed: public source code)."""

BY_STATUS = {status: message for message, (status, _) in reversed(ERRORS.items())}
"""HTTP status to the first message that has it."""

NUMBER_MISSING = {"document.to_number": {"required": {"message": "add a valid number to send the fax to"}}}
DOCUMENT_MISSING = {"document.url": {"required": {"message": "add document url or upload a document"}}}

REFUSALS: dict[str, tuple[str, int | None, Any]] = {
    "no_credit": ("no_credit", None, None),
    "restricted": ("forbidden", None, None),
    "rate_limited": ("too_many_requests", None, None),
    "server_error": ("datastore_fault", 500, {"message": "datastore fault"}),
    "invalid_number": ("validation error", None, NUMBER_MISSING),
    "unauthorized": ("invalid credentials", None, None),
}
"""A scenario's refusal as message, and as status and data where these are not the message's own.

Which words a restricted number gets is assumed.
"""

OCCASIONS = {
    "no_credit": "a scenario or a magic number says so; faxes themselves are not billed",
    "accept charges": "a scenario says so; faxes themselves are not billed",
    "datastore_conflict": "two clients change or remove one object at once (which calls meet it is assumed)",
    "datastore_fault": "the document is gone and cannot be fetched anew (4.3), or a scenario says so",
    "datastore_unreachable": "the store does not answer, or a scenario says so",
    "datastore_missing": "a scenario says so: no call of a client is known to meet it",
}
"""Errors to when they are answered, where their words do not tell."""

PARAMETERS = (
    "document", "document.url", "document.content", "document.content_type", "document.host",
    "document.method", "document.referer", "from_number", "from_name", "to_number", "to_name", "attempts",
    "retries", "notifications", "notifications.email", "notifications.email.send_to", "notifications.sms",
    "notifications.sms.send_to", "tx_result",
    *(f"tx_result.{key}" for key in UNTRIED),
)  # fmt: skip
RULES = (
    "required", "type", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "wrong_format",
    "date_range", "unique",
)  # fmt: skip

MAGIC = {
    "06": "402 no_credit: billing stands in front of other calls of the real server, not of faxes",
    "12": "result_code 0, after the job's tries",
    "13": "403 forbidden: Kazoo has no restricted numbers",
    "20": "500 datastore_fault",
    "21": "429 too_many_requests",
}


def _error(message: str, status: int) -> Word:
    occasion = f": {OCCASIONS[message]}" if message in OCCASIONS else ""
    return Word(message, f"HTTP {status}{occasion}", OBSERVED, SOURCE, status=status)


TABLES: Mapping[str, Sequence[Word]] = {
    "profiles": PROFILE_TEXTS,
    "choices": CHOICES,
    "parameters": words(dict.fromkeys(PARAMETERS, ""), DOCUMENTED, REFERENCE),
    "states": words(STATE_TEXTS, DOCUMENTED, REFERENCE),
    "codes": tuple(CODES.values()),
    "errors": tuple(_error(message, status) for message, (status, _) in ERRORS.items())
    + words({f"HTTP {status}": "no body" for status in (406, 415)}, ASSUMED, "our choice"),
    "documents": taken(
        ((PDF,), AS_IT_IS, DOCUMENTED, REFERENCE),
        ((TIFF,), "drawn, and given back as it came", OBSERVED, SOURCE),
        (PICTURES[1:], DRAWN, OBSERVED, "the mail converter's list, image/*"),
        ([kind for kind in OFFICE_FILES if kind != RTF], CONVERTED, OBSERVED, "the mail converter's list"),
        (
            (RTF,),
            f"{CONVERTED}; a mail with nothing else is refused",
            ASSUMED,
            "not on the mail converter's list",
        ),
        ((TEXT,), PRINTED, ASSUMED, "our choice"),
        (MARKUP, NEVER, ASSUMED, "our choice"),
    ),
    "rules": words(dict.fromkeys(RULES, ""), OBSERVED, SOURCE),
    "smtplog": words(
        dict.fromkeys((INVALID_ADDRESS, NO_DOCUMENTS, NOT_DECODED, NOBODY_PERMITTED, NOT_PERMITTED), ""),
        OBSERVED,
        SOURCE,
    ),
    "webhooks": words(dict.fromkeys((*EVENTS, SMTP_ERROR), ""), OBSERVED, SOURCE),
    "switches": SWITCHES,
}
