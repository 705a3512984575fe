"""What mFax's documents and clients say, as data: states, codes, errors, events, limits, switches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Word, words
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.mfax.choices import CHOICES, SWITCHES
from emulator.vendors.mfax.events import LEGACY_EVENTS, NEW_EVENTS
from emulator.vendors.taken import anything

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0

STATES: tuple[Word, ...] = (
    Word(
        "processing", "taken, prepared and sent, until it is final", DOCUMENTED, "reference, send and history"
    ),
    Word(
        "transmitting",
        "with the fax server: in the extended webhook, elsewhere with the switch transmitting_word",
        DOCUMENTED,
        "help pages, statuses",
    ),
    Word("scheduled", "waits for its date", DOCUMENTED, "reference, cancel"),
    Word("success", "sent, or received", DOCUMENTED, "reference, send multiple and history"),
    Word("failed", "not sent", DOCUMENTED, "reference, history"),
    Word("cancelled", "cancelled by the client", DOCUMENTED, "reference, cancel"),
)

STATE_OF: Mapping[State, str] = {
    **dict.fromkeys(State, "processing"),
    State.scheduled: "scheduled",
    State.delivered: "success",
    State.failed: "failed",
    State.cancelled: "cancelled",
    State.arrived: "success",
}
"""Until a fax is final its word is `processing`: the reference's filter knows no other (documented)."""

TRANSMITTING = "transmitting"
"""The extended webhook's word from a fax's first call to its end, for redials belong to the fax server (that
they do is assumed).
"""

CANCELLABLE = frozenset((
    State.scheduled, State.received, State.rendering, State.credit_check, State.credit_hold,
    State.waiting_line, State.queued, State.waiting_redial, State.retry_eligible,
))  # fmt: skip
"""Processing and scheduled faxes are cancelled (documented): before a call and between two (assumed)."""

CANCEL_SECONDS, MOST_PROCESSING = 3, MINUTE
"""Real seconds that a running clock leaves to cancel a fax, and virtual ones at most (assumed)."""

NOT_CANCELLED = {
    True: "Only processing or scheduled faxes can be cancelled.",
    False: "The fax is being transmitted and can no longer be cancelled.",
}
"""What a cancel that comes too late is told, by whether the fax is final (assumed)."""

CODES: tuple[Word, ...] = (
    Word("0", "OK", DOCUMENTED, "reference, send", Outcome.delivered),
    Word("5100", "Fax Request Blocked", OBSERVED, "public client code", Outcome.no_credit),
    Word("5200", "Fax Rendering Issue", OBSERVED, "public client code", Outcome.conversion_failed),
    Word("6000", "Fax Connect Failed", OBSERVED, "public client code", Outcome.no_answer),
    Word("6100", "Fax Number Busy", OBSERVED, "public client code", Outcome.busy),
)
"""The vendor publishes no table; a result code is text on the wire."""

RESULTS = {code.word: code for code in CODES}

RESULT_OF: Mapping[Outcome | None, str] = {
    **{code.outcome: code.word for code in CODES},
    None: "0",
    Outcome.fetch_failed: "5200",
}
"""Which outcome has which code is assumed; every other failed call is `CONNECT_FAILED`."""

CONNECT_FAILED = "6000"

REDIALLED = frozenset({Outcome.busy, Outcome.no_answer, Outcome.circuits_busy})
MOST_ATTEMPTS, REDIAL_WAIT = 3, 5 * MINUTE
"""Three calls five minutes apart: the vendor names no figures (assumed)."""

STATUS_OF: Mapping[str, int] = {
    "InvalidInputError": 400,
    "UnauthorizedError": 401,
    "NotAllowedError": 403,
    "NotFoundError": 404,
    "TooManyRequestsError": 429,
    "InternalServerError": 500,
    "ServiceUnavailableError": 503,
}
"""An error's name to its HTTP status; the first is documented, the third observed, the others assumed."""

NO_FILES = "No files and cover page in to send."
TRIAL = "Non trial mFax plan required."
INTERNATIONAL = "International fax was disabled for account"

ERRORS: tuple[Word, ...] = (
    Word("InvalidInputError", NO_FILES, DOCUMENTED, "reference, send multiple; with HTTP 400, observed"),
    Word("UnauthorizedError", "no key or a bad one", ASSUMED, "HTTP 401 is observed, the name assumed"),
    Word("NotAllowedError", TRIAL, OBSERVED, "public client code; HTTP 403 is assumed"),
    Word("NotFoundError", "an unknown id", ASSUMED, "HTTP 404 is observed, the name assumed"),
    Word(
        "TooManyRequestsError", "a ninth call a minute", ASSUMED, "HTTP 429 is documented, the name assumed"
    ),
    Word("InternalServerError", "only when a scenario asks for it", ASSUMED, "the emulator's own"),
    Word("ServiceUnavailableError", "the store cannot answer", ASSUMED, "the emulator's own"),
)

REFUSALS: Mapping[str, tuple[str, str]] = {
    "no_credit": ("NotAllowedError", "Not enough pages left in the plan of the account."),
    "restricted": ("NotAllowedError", "Faxing to this number is blocked."),
    "rate_limited": ("TooManyRequestsError", "Too many requests, please try again later."),
    "server_error": ("InternalServerError", "Internal server error."),
    "invalid_number": ("InvalidInputError", "Invalid fax number."),
    "unauthorized": (
        "UnauthorizedError",
        "Unauthorized: send the key as it is, Authorization: Basic API_KEY.",
    ),
}
"""How a scenario's refusal of a send is said; texts assumed."""

HTTP_ERRORS: Mapping[int, str] = {
    400: "The request cannot be read.",
    404: "Resource not found.",
    405: "Method not allowed.",
    413: "The request is too large.",
}
"""What is said of a request that comes to no operation (assumed)."""

OF_ONE_RECIPIENT = frozenset({"no_credit", "restricted", "invalid_number"})
"""Refusals that stand in the `errors` of a list; the others answer the whole call (assumed)."""

LONGEST_TEXTS = {"recipientName": 40, "senderName": 40, "subject": 55, "callerId": 10, "notes": 4000}
"""Longest texts, in characters (documented)."""

TOO_MANY_CALLS = (
    "Too many requests: {most} a minute. Try again in {seconds} seconds of the sandbox's clock{stands}."
)
"""Said of the ninth call: with it comes Retry-After, in real seconds when that clock runs (assumed)."""

HISTORY_CALLS = 8
HISTORY_WINDOW = MINUTE
"""Documented: 8 calls a minute. The window begins with its first call (assumed)."""

SEEN_FOR = DAY
MOST_PROVISIONED = 1000
"""Documented: an ordered number was in a search of the last 24 hours; 1,000 numbers a call."""

PENDING_FOR = 30 * DAY
"""How long a released number is pending before it leaves the account (assumed)."""

MOST_RECIPIENTS = 1000
MOST_FILES = 50
MOST_TAGS = 100
MOST_ITEMS = 5000
LONGEST_ITEM = 2000
LONGEST_OBJECT = 20_000
DEEPEST_OBJECT = 20
MOST_URLS = 10
"""Bounds of one call (assumed)."""

MOST_OBJECTS = 1000
MOST_WEBHOOKS = 100
"""What an account may have of a kind: tags, contacts, custom fields, users; webhooks (assumed)."""

LIMITS: tuple[Word, ...] = (
    Word("history", f"{HISTORY_CALLS} calls a minute", DOCUMENTED, "reference, history"),
    Word("order", "numbers that a search of the last 24 hours has shown", DOCUMENTED, "reference, provision"),
    Word("provision", f"{MOST_PROVISIONED} numbers a call", DOCUMENTED, "reference, provision"),
    Word("recipients", f"{MOST_RECIPIENTS} a call", ASSUMED, "the emulator's own"),
    Word("attachments", f"{MOST_FILES} files and {MOST_URLS} URLs a call", ASSUMED, "the emulator's own"),
    Word("tags", f"{MOST_TAGS} a fax", ASSUMED, "the emulator's own"),
    Word("objects", f"{MOST_OBJECTS} tags, contacts, custom fields, users", ASSUMED, "the emulator's own"),
    Word("webhooks", f"{MOST_WEBHOOKS} an account", ASSUMED, "the emulator's own"),
)

NOT_EMULATED: tuple[Word, ...] = (
    Word("fileIds", "refused: nothing can be stored, so no file is found", OBSERVED, "public client code"),
    Word("/files, /folders", "the vendor's storage of files", OBSERVED, "public client code"),
    Word("/api-keys", "the portal of the emulator gives the keys", OBSERVED, "public client code"),
    Word("/v1/reports/summary", "the history has what it would count", OBSERVED, "public client code"),
    Word("POST /v1/accounts", "there are two accounts, which stay", OBSERVED, "public client code"),
)

MAGIC = {
    **dict.fromkeys(("03", "05", "07", "08", "09", "10", "11"), "resultCode 6000, Fax Connect Failed"),
    "06": "HTTP 403 NotAllowedError: mFax has no balance, so the plan's pages have run out",
    "13": "HTTP 403 NotAllowedError",
    "21": "HTTP 429",
}

TABLES: Mapping[str, Sequence[Word]] = {
    "states": STATES,
    "codes": CODES,
    "errors": ERRORS,
    "webhooks": words(LEGACY_EVENTS, OBSERVED, "help pages, legacy webhooks (multipart)")
    + words(NEW_EVENTS, OBSERVED, "help pages, new webhooks (JSON)"),
    "documents": anything(
        OBSERVED, "public clients send PDF, text, JPEG, PNG, GIF", (ASSUMED, "no list is public")
    ),
    "limits": LIMITS,
    "choices": CHOICES,
    "switches": SWITCHES,
    "not_emulated": NOT_EMULATED,
}
