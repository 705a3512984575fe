"""What is covered, with its evidence: rows for the coverage page, from the tables that answer the calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emulator.core.dialect.words import ASSUMED, DOCUMENTED, OBSERVED, Evidence, Word, words
from emulator.vendors.kazoo.envelope import ERRORS
from emulator.vendors.kazoo.events import EVENTS, SMTP_ERROR
from emulator.vendors.kazoo.results import UNTRIED, Row, rows
from emulator.vendors.kazoo.tables import STATE_TEXTS

REFERENCE, SOURCE = "the vendor's reference document", "public source code"
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
SWITCHES: dict[str, str] = {
    "kazoo.profile": "4.0 (default) or 4.3: node, version and timestamp in envelopes, _read_only, opaque "
    "paging keys, PDF attachments, nested webhooks that may be put and be JSON",
    "profile": "another spelling of kazoo.profile",
    "rate_limit": "true lets 100 calls through at once and then ten a second, a login counting for 35; "
    "a number is another size of the bucket; off by default",
    "live_status": "true shows the worker's own words while a job is processing",
    "strict_accept": "true offers only the type of the stored file, as 4.3 does while it sends a PDF",
    "list_cap": "rows beyond which a list without pages answers 416",
}
"""Profile keys to what they do."""
OCCASIONS = {
    "no_credit": "a scenario or a magic number says so; faxes themselves are not billed",
    "accept charges": "a scenario says so; faxes themselves are not billed",
    "datastore_conflict": "two clients change or remove one object at once (which calls meet it is assumed)",
    "datastore_fault": "the document is gone and cannot be fetched anew (4.3), or a scenario says so",
    "datastore_unreachable": "the store does not answer, or a scenario says so",
    "datastore_missing": "a scenario says so: no call of a client is known to meet it",
}
"""Errors to when they are answered, where their words do not tell."""
MAIL_ERRORS = ("invalid address", "no fax documents to save", "Message decode failed")


SOURCES = {DOCUMENTED: REFERENCE, OBSERVED: SOURCE, ASSUMED: "our choice"}


def _occasion(message: str, status: int) -> str:
    return f"HTTP {status}: {OCCASIONS[message]}" if message in OCCASIONS else f"HTTP {status}"


def _evidence(code: str) -> Evidence:
    # The document promises the text for a file that was not retrieved, with the HTTP status in it.
    return DOCUMENTED if code.startswith("HTTP ") else OBSERVED


def _words(texts: Mapping[str, str], evidence: Evidence = OBSERVED) -> tuple[Word, ...]:
    return words(texts, evidence, SOURCES[evidence])


def _code(code: str, row: Row) -> Word:
    evidence = _evidence(code)
    return Word(code, row.text, evidence, SOURCES[evidence], row.outcome, row.code)


def _error(message: str, status: int) -> Word:
    return Word(message, _occasion(message, status), OBSERVED, SOURCE, status=status)


CODES = {code: _code(code, row) for code, row in rows().items()}

TABLES: Mapping[str, Sequence[Word]] = {
    "parameters": _words(dict.fromkeys(PARAMETERS, ""), DOCUMENTED),
    "states": _words(dict(STATE_TEXTS), DOCUMENTED),
    "codes": tuple(CODES.values()),
    "errors": tuple(_error(message, status) for message, (status, _) in ERRORS.items())
    + _words({f"HTTP {status}": "no body" for status in (406, 415)}, ASSUMED),
    "rules": _words(dict.fromkeys(RULES, "")),
    "smtplog": _words(dict.fromkeys(MAIL_ERRORS, "")),
    "webhooks": _words(dict.fromkeys((*EVENTS, SMTP_ERROR), "")),
    "switches": _words(SWITCHES, ASSUMED),
}
