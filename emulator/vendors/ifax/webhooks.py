"""What iFax posts: when a sent fax has ended, whatever its end, and when a fax has been received."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from emulator.core.dialect.moment import Moment
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.message import Encoding, FilePart, Message
from emulator.core.sandbox import Hook
from emulator.core.webhooks.delivery import Notice, RetryRule
from emulator.vendors.ifax.words import FAX_OBJECT, RECEIVED_FORM, RECEIVED_LIVE, Keys, is_live, show

BACKOFF = tuple(60.0 * minutes for minutes in (5, 10, 20, 30, 60))

# Documented: the backoff, and 16 retries for received faxes. Assumed: beyond the table its last row is
# repeated, and a failure is anything but a 2xx answer in time.
RULES: dict[str, RetryRule] = {"outbound": RetryRule(5, BACKOFF), "inbound": RetryRule(16, BACKOFF)}

LIVE_HEADERS = (
    ("User-Agent", "curl/7.61.1"),
    ("Accept", "application/json"),
    ("Content-Type", "application/json"),
)
"""Of the received-fax webhook in live traffic (observed)."""


def notices(moment: Moment) -> Sequence[Notice]:
    """The webhook of a fax that has just ended or arrived."""
    if not moment.ended:
        return ()
    fax, settings = moment.fax, moment.settings
    sent = fax.direction is Direction.outbound
    hook = settings.outbound if sent else settings.inbound
    if hook.url is None or not (sent or fax.state is State.arrived):
        return ()
    if sent:
        return (_notice("fax.sent", hook, fax, FAX_OBJECT),)
    if is_live(settings):
        return (_notice("fax.received", hook, fax, RECEIVED_LIVE, headers=LIVE_HEADERS),)
    # A form whose part `filename` holds the PDF (documented).
    file = FilePart("filename", f"{fax.vendor_id}.pdf", "application/pdf", fax.document or "")
    form = {"encoding": Encoding.multipart, "files": (file,) if fax.document else ()}
    return (_notice("fax.received", hook, fax, RECEIVED_FORM, **form),)


def _notice(event: str, hook: Hook, fax: Fax, keys: Keys, **form: Any) -> Notice:
    fields = tuple(show(fax, keys).items())
    message = Message(hook.url or "", fields=fields, auth=hook.auth, **{"encoding": Encoding.json, **form})
    return Notice(event, message, RULES[fax.direction], hook=fax.direction.value)
