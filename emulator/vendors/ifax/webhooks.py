"""What iFax posts: when a sent fax has ended, whatever its end, and when a fax has been received."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.message import Encoding, FilePart, Message
from emulator.core.webhooks.delivery import Notice, RetryRule
from emulator.vendors.ifax.profile import is_live
from emulator.vendors.ifax.tables import STATES
from emulator.vendors.ifax.view import code_of, fax_object

MINUTE = 60.0
BACKOFF = (5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 60 * MINUTE)

# Documented: the backoff, and 16 retries for received faxes. Assumed: beyond the table its last row is
# repeated, and a failure is anything but a 2xx answer in time.
SENT, RECEIVED = RetryRule(5, BACKOFF), RetryRule(16, BACKOFF)
OLD_RULES = {"outbound": SENT, "inbound": RECEIVED}

LIVE_HEADERS = (
    ("User-Agent", "curl/7.61.1"),
    ("Accept", "application/json"),
    ("Content-Type", "application/json"),
)
"""Of the received-fax webhook in live traffic (observed)."""


def notices(moment: Moment) -> Sequence[Notice]:
    """Give the webhook of a fax that has just ended or arrived."""
    fax, settings = moment.fax, moment.settings
    sent = fax.direction is Direction.outbound
    hook = settings.outbound if sent else settings.inbound
    if not moment.ended or hook.url is None or not (sent or fax.state is State.arrived):
        return ()
    if sent:
        message = Message(
            hook.url, encoding=Encoding.json, fields=tuple(fax_object(fax).items()), auth=hook.auth
        )
        return (Notice("fax.sent", message, SENT),)
    received = _live if is_live(settings) else _documented
    return (Notice("fax.received", received(fax, hook.url, hook.auth), RECEIVED),)


def _documented(fax: Fax, url: str, auth: str | None) -> Message:
    """Make the multipart form whose part `filename` holds the PDF (documented; other fields observed)."""
    fields = (
        ("direction", "inbound"),
        ("jobId", int(fax.vendor_id)),
        ("transactionId", fax.details["transactionId"]),
        ("fromNumber", fax.sender),
        ("toNumber", fax.to),
        ("faxStatus", STATES[fax.state]),
        ("faxTotalPages", fax.pages),
    )
    file = FilePart("filename", f"{fax.vendor_id}.pdf", "application/pdf", fax.document or "")
    files = (file,) if fax.document else ()
    return Message(url, encoding=Encoding.multipart, fields=fields, files=files, auth=auth)


def _live(fax: Fax, url: str, auth: str | None) -> Message:
    """Make the JSON form without a file, keys in their order (observed)."""
    code, text = code_of(fax)
    started, ended = int(fax.created_at), int(fax.finished_at or 0)
    fields = {
        "direction": "inbound",
        "jobId": int(fax.vendor_id),
        "transactionId": fax.details["transactionId"],
        "faxCallLength": ended - started,
        "faxCallStart": started,
        "faxCallEnd": ended,
        "faxTotalPages": fax.pages,
        "faxReceivedPages": fax.pages_sent,
        "faxStatus": STATES[fax.state],
        "success": True,
        "fromNumber": fax.sender,
        "toNumber": fax.to,
        "code": code,
        "message": text,
    }
    return Message(url, encoding=Encoding.json, fields=tuple(fields.items()), headers=LIVE_HEADERS, auth=auth)
