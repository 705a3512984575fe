"""What of Openfax is emulated, row by row, and how well each row is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.vendors.openfax.tables import (
    ASSUMED,
    DOCUMENTED,
    INBOUND_RESPONSES,
    OBSERVED,
    PAPERS,
    PRIORITIES,
    RENDER_STATES,
    RESOLUTIONS,
    RESPONSES,
    RESULTS,
    STATES,
)

Row = Mapping[str, Any]

CHOICES = {
    "FromHeader": "read as fromHeader (the example's name) or frHeader (the table's)",
    "ToHeader": "both headers are cut off after 15 characters",
    "numbers abroad": "of a length that their country has; North American ones without their 1 are refused",
    "missing parameter": "Failed where a fax is sent, InvalidMissingValue elsewhere",
    "empty parameter": "as if not given where it is optional",
    "order of checks": "credentials, account, number, resolution, paper, priority, restriction, document",
    "unreadable base64, over 50 MB": "Failed at once; what is no PDF fails later, with LastStatus 8",
    "redials": "one call and three redials; MaxAttempts counts redials, RetryCount calls",
    "charge": "each call as it ends, by pages and minutes at the rates of the settings",
    "credit": "checked before the first call, not reserved: faxes under way together may take it below zero",
    "days of the history": "in UTC, both inclusive, of the call's beginning",
    "Limit": "at most and by default 1000",
    "state 6": "LastStatus is still -1, and the call's cost 0, until the call has been reported",
    "state 12": "the last 30 seconds before a redial; state 7 is what comes before them",
}

SWITCHES = {
    "history_call_fields": "true; false leaves out what the reference's table of the history has not",
    "postback_retries": "0; up to 10 more tries of a postback that got no 2xx",
    "postback_retry_wait": "240; whole seconds between two tries, up to 86400",
}
"""Switches of the account's profile: the default and what another value does."""

NOT_EMULATED = {
    "fax broadcast": "named in the reference, without an endpoint",
    "mail merge broadcast": "named in the reference, without an endpoint",
    "query by OutTransID": "named in the reference, without an endpoint",
    "cancel": "state 13 is documented, a way to it is not: the control plane cancels",
    "inbound postback and S3": "named in the reference; what is posted is documented nowhere",
}

MAGIC = {
    "06": '{"Response":"AccountInactive"}: no answer to a submit is documented that tells of credit',
    "05": "LastStatus 7, Unknown / Other",
    "07": "LastStatus 3, no redial",
    "11": "LastStatus 7, Unknown / Other",
    "20": '{"Response":"Failed"} with HTTP 500',
    "21": '{"Response":"Failed"}: the vendor documents no rate limit',
}


def coverage() -> Mapping[str, Sequence[Row]]:
    """Give the rows by table."""
    reference: dict[str, tuple[str, Mapping[Any, Any]]] = {
        "states": ("Current State", STATES),
        "codes": ("LastStatus", {code: result.text for code, result in RESULTS.items()}),
        "errors": ("Response Parameters", RESPONSES),
        "render_states": ("outboundDetailsbyDate, RenderStatus", RENDER_STATES),
        "papers": ("Submission Parameters, paperSize", PAPERS),
        "resolutions": ("Submission Parameters, faxResolution", RESOLUTIONS),
        "priorities": ("Submission Parameters, Priority", PRIORITIES),
    }
    tables = {
        name: _rows(rows, DOCUMENTED, f"reference, {source}") for name, (source, rows) in reference.items()
    }
    tables["errors"] += _rows(INBOUND_RESPONSES, OBSERVED, "a public download client")
    tables["webhooks"] = _rows(
        {"postback": "eight form fields, once, when final"}, DOCUMENTED, "reference, Post Back"
    )
    tables["choices"] = _rows(CHOICES, ASSUMED, "nothing public decides")
    tables["switches"] = _rows(SWITCHES, ASSUMED, "the emulator's own")
    tables["not_emulated"] = _rows(
        NOT_EMULATED, DOCUMENTED, "reference, Getting Started and Fax Status & Reporting"
    )
    return tables


def _rows(rows: Mapping[Any, Any], evidence: str, source: str) -> list[Row]:
    return [
        {"name": str(name), "text": str(text), "evidence": evidence, "source": source}
        for name, text in rows.items()
    ]
