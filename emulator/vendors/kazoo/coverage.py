"""What is covered, with its evidence: rows for the coverage page, from the tables that answer the calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.vendors.kazoo.envelope import ERRORS
from emulator.vendors.kazoo.events import EVENTS, SMTP_ERROR
from emulator.vendors.kazoo.results import UNTRIED, rows
from emulator.vendors.kazoo.tables import ASSUMED, DOCUMENTED, OBSERVED, STATE_TEXTS

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


def row(name: str, text: str, evidence: str = OBSERVED) -> Mapping[str, Any]:
    """Make a row."""
    return {"name": name, "text": text, "evidence": evidence, "source": SOURCES[evidence]}


SOURCES = {DOCUMENTED: REFERENCE, OBSERVED: SOURCE, ASSUMED: "our choice"}


def coverage() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Give the rows by table."""
    return {
        "parameters": [row(name, "", DOCUMENTED) for name in PARAMETERS],
        "states": [row(name, text, DOCUMENTED) for name, text in STATE_TEXTS],
        "codes": [row(code, each.text, _evidence(code)) for code, each in rows().items()],
        "errors": [
            {**row(message, _occasion(message, status)), "status": status}
            for message, (status, _) in ERRORS.items()
        ]
        + [row(f"HTTP {status}", "no body", ASSUMED) for status in (406, 415)],
        "rules": [row(rule, "") for rule in RULES],
        "smtplog": [row(text, "") for text in MAIL_ERRORS],
        "webhooks": [row(event, "") for event in (*EVENTS, SMTP_ERROR)],
        "switches": [row(name, text, ASSUMED) for name, text in SWITCHES.items()],
    }


def _occasion(message: str, status: int) -> str:
    return f"HTTP {status}: {OCCASIONS[message]}" if message in OCCASIONS else f"HTTP {status}"


def _evidence(code: str) -> str:
    # The document promises the text for a file that was not retrieved, with the HTTP status in it.
    return DOCUMENTED if code.startswith("HTTP ") else OBSERVED
