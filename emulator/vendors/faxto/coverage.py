"""What of Fax.to is emulated, row by row, and how well each row is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.vendors.faxto.tables import ASSUMED, CODES, DOCUMENTED, ERRORS, PROVISIONED, SENT, STATES

Row = Mapping[str, Any]

WEBHOOKS = {
    "delivery_receipt": "form with fax_job_id, status, msg_code and message, once, when final",
    "fax_receive": "multipart form with the PDF when a fax has arrived",
    "retries": "every 15 minutes for 48 hours until the answer is 200",
}

CHOICES = {
    "status in progress": "executed, with the reference's explanation of it as message",
    "status failed": "failed, with the text of the msg_code as message",
    "charge": "pages times the page rate, when the fax is accepted; not paid back when it fails",
    "tsi_number": "the sender that the fax shows as `from`, by default the account's first number; cut off "
    "after 20 characters (T.30); nothing is printed on the pages",
    "balance too low": "400, nothing is sent, the balance never goes below zero",
    "unreadable document": "upload and send succeed, the fax ends with file_error",
    "limit": "10 where the answer tells the pages, else 1000, which is also the most",
    "page links": "null where there is no page",
    "users": "share the account of their sandbox; registration without a key goes to the default sandbox",
    "numbers": "can be had in the United States and Canada; new ones are among 555-0100 to 555-0199",
    "redials": "none by default; where max_attempts or a scenario asks for more calls, five minutes after "
    "busy, no_answer, circuits_busy, line_error and hangup",
}

SWITCHES = {"upload_status": "Success; set it to success for clients that want it in lower case"}
"""Switches of the account's profile: the default and what another value does."""

MAGIC = {
    "05": "msg_code unknown",
    "07": "msg_code unknown",
    "08": "msg_code unknown",
    "09": "msg_code unknown",
    "11": "msg_code unknown",
    "12": "msg_code file_error",
    "21": "HTTP 403, Rate limit exceeded",
}


def coverage() -> Mapping[str, Sequence[Row]]:
    """Give the rows by table."""
    return {
        "states": _rows(STATES, DOCUMENTED, "reference, Keys and Values; Webhook"),
        "codes": _rows({word: code.text for word, code in CODES.items()}, DOCUMENTED, "reference, Webhook"),
        "errors": _rows(ERRORS, DOCUMENTED, "status tables and Swagger file of later editions"),
        "messages": _rows({"status": SENT, "provision": PROVISIONED}, DOCUMENTED, "later editions"),
        "webhooks": _rows(WEBHOOKS, DOCUMENTED, "reference, Webhook; later editions for the inbound one"),
        "choices": _rows(CHOICES, ASSUMED, "nothing public decides"),
        "switches": _rows(SWITCHES, ASSUMED, "the emulator's own"),
    }


def _rows(rows: Mapping[Any, str], evidence: str, source: str) -> list[Row]:
    common = {"evidence": evidence, "source": source}
    return [{"name": str(name), "text": text, **common} for name, text in rows.items()]
