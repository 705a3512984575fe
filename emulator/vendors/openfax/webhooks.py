"""What Openfax posts: eight form fields, once, when a sent fax is final (documented)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.message import Message
from emulator.core.webhooks.delivery import Notice, RetryRule
from emulator.vendors.openfax.account import decimal
from emulator.vendors.openfax.history import records

MOST_RETRIES, MOST_WAIT, WAIT = 10, 86_400, 240
"""Retries of one postback, and seconds between two of them: at most, at most, and when not said (assumed)."""


def rule_of(retries: object, wait: object) -> RetryRule:
    """Make the rule of so many retries, so many seconds apart; of none where that makes no sense.

    Reply and retry are documented nowhere (assumed): a postback is tried again, until a 2xx, only when the
    account's profile asks for it.
    """
    count, seconds = _whole(retries, MOST_RETRIES), _whole(wait, MOST_WAIT)
    return RetryRule(count, (float(seconds),)) if count and seconds else RetryRule()


def _whole(said: object, most: int) -> int:
    """Read a whole number up to `most`; 0 for anything else."""
    number = int(str(said)) if re.fullmatch("[0-9]{1,5}", str(said)) else 0
    return number if number <= most else 0


def old_rule(name: str) -> RetryRule:
    """Read a name of format 1: `outbound`, or `outbound/3x60` for three retries a minute apart."""
    retries, _, wait = name.partition("/")[2].partition("x")
    return rule_of(retries, wait)


def notices(moment: Moment) -> Sequence[Notice]:
    """Make the postback of a fax that has just ended."""
    hook = moment.settings.outbound
    if not moment.ended or hook.url is None or moment.fax.direction is not Direction.outbound:
        return ()
    account = moment.world.sandbox.credentials["openfax"]["AccountID"]
    message = Message(hook.url, fields=_fields(moment.fax, account), auth=hook.auth)
    switches = moment.settings.profile
    rule = rule_of(switches.get("postback_retries"), switches.get("postback_retry_wait", WAIT))
    return (Notice("postback", message, rule, hook="outbound"),)


def _fields(fax: Fax, account: str) -> tuple[tuple[str, str], ...]:
    """The documented fields; that CallDuration is of all calls together is assumed."""
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
