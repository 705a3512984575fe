"""What Fax.to posts: a form when a sent fax has ended, a multipart form with the PDF when one has arrived."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.core.dialect.moment import Moment
from emulator.core.faxes.machine import Direction, State
from emulator.core.instants import spell
from emulator.core.message import Encoding, FilePart, Message
from emulator.core.webhooks.delivery import Accepts, Notice, RetryRule
from emulator.vendors.faxto.tables import CODES
from emulator.vendors.faxto.words import code_of, state_of

# Documented: only 200 OK stops it, every 15 minutes, up to 48 hours. For the inbound one assumed.
RULE = RetryRule(retries=4 * 48, delays=(900.0,), accepts=Accepts.ok)
OLD_RULES = {"outbound": RULE, "inbound": RULE}


def notices(moment: Moment) -> Sequence[Notice]:
    """Tell of a fax that has just ended."""
    if not moment.ended:
        return ()
    return _sent(moment) if moment.fax.direction is Direction.outbound else _arrived(moment)


def _sent(moment: Moment) -> Sequence[Notice]:
    """Tell fax_job_id, status and msg_code, and the message that later pages of the vendor add."""
    hook, fax = moment.settings.outbound, moment.fax
    if hook.url is None:
        return ()
    code = code_of(fax)
    fields = (
        ("fax_job_id", fax.vendor_id),
        ("status", state_of(fax)),
        ("msg_code", code),
        ("message", CODES[code].text),
    )
    return (
        Notice("delivery_receipt", Message(hook.url, fields=fields, auth=hook.auth), RULE, hook="outbound"),
    )


def _arrived(moment: Moment) -> Sequence[Notice]:
    hook, fax, call = moment.settings.inbound, moment.fax, moment.fax.attempt
    if hook.url is None or call is None or fax.state is not State.arrived:
        return ()
    uuid = fax.details["uuid"]
    fields = (
        ("uuid", uuid),
        ("from", fax.sender),
        ("to", fax.to),
        ("time", spell(fax.finished_at or fax.created_at)),
        ("rsid", call.csid or ""),
        ("speed", str(call.speed or "")),
        ("duration", str(round(call.duration))),
        ("ecm", "1" if call.ecm else "0"),
        ("pages", str(fax.pages_sent)),
        ("compression", "T.6"),
    )
    files = (FilePart("file", f"{uuid}.pdf", "application/pdf", fax.document),) if fax.document else ()
    message = Message(hook.url, encoding=Encoding.multipart, fields=fields, files=files, auth=hook.auth)
    return (Notice("fax_receive", message, RULE, hook="inbound"),)
