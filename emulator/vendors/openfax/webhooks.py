"""What Openfax posts: eight form fields, once, when a sent fax is final (documented)."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.core.delivery import Notice, RetryRule
from emulator.core.fax import Fax
from emulator.core.machine import Direction
from emulator.core.message import Message
from emulator.core.vendor import Moment
from emulator.vendors.openfax.history import records
from emulator.vendors.openfax.rates import decimal

MOST_RETRIES, WAIT = 10, 240.0

RETRIES = {
    f"outbound/{count}": RetryRule(delays=(WAIT,) * count, accepts=lambda status: 200 <= status < 300)
    for count in range(1, MOST_RETRIES + 1)
} | {"outbound": RetryRule(accepts=lambda status: True)}
"""Reply and retry are documented nowhere: one try whose answer is not looked at, unless the account's profile
has `postback_retries`; then what is no 2xx is sent again every four minutes so many times (assumed)."""


def notices(moment: Moment) -> Sequence[Notice]:
    """Give the postback of a fax that has just ended."""
    hook = moment.settings.outbound
    if not moment.ended or hook.url is None or moment.fax.direction is not Direction.outbound:
        return ()
    account = moment.sandbox.credentials["openfax"]["AccountID"]
    message = Message(hook.url, fields=_fields(moment.fax, account), auth=hook.auth)
    retries = moment.settings.profile.get("postback_retries")
    rule = f"outbound/{retries}"
    return (Notice("postback", message, rule if rule in RETRIES else "outbound"),)


def _fields(fax: Fax, account: str) -> tuple[tuple[str, str], ...]:
    """Give the documented fields; that CallDuration is of all calls together is assumed."""
    return (
        ("OutTransID", fax.vendor_id),
        ("AccountID", account),
        ("From", fax.details["from_header"]),
        ("To", fax.details["to_header"]),
        ("PagesSent", str(fax.pages_sent)),
        ("CallDuration", str(round(fax.seconds_connected))),
        ("LastStatus", str(records(fax)[-1].status)),
        ("RealCost", f"{decimal(fax.charged):.6f}".rstrip("0").rstrip(".")),
    )
