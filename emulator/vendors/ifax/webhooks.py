"""What iFax posts: the fax object as JSON when a sent fax completes, whatever its end (documented)."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.core.delivery import Notice, RetryRule
from emulator.core.machine import Direction
from emulator.core.message import Encoding, Message
from emulator.core.vendor import Moment
from emulator.vendors.ifax.view import fax_object

MINUTE = 60.0

RETRIES = {
    # Backoff table documented; what counts as failure (no 2xx, no connection) is assumed.
    "outbound": RetryRule(delays=(5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 60 * MINUTE)),
}


def notices(moment: Moment) -> Sequence[Notice]:
    """Give the webhook of a fax that has just ended."""
    hook = moment.settings.outbound
    if not moment.ended or hook.url is None or moment.fax.direction is not Direction.outbound:
        return ()
    fields = tuple(fax_object(moment.fax).items())
    return (Notice("fax.sent", Message(hook.url, encoding=Encoding.json, fields=fields, auth=hook.auth)),)
