"""What Openfax posts: a form when a sent fax is final (documented), and when one has arrived (assumed)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emulator.core.dialect.moment import Moment
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.message import Message
from emulator.core.webhooks.delivery import Notice, RetryRule
from emulator.vendors.openfax.account import decimal
from emulator.vendors.openfax.choices import MOST_RETRIES, MOST_WAIT
from emulator.vendors.openfax.history import records
from emulator.vendors.openfax.inbound import describe

WAIT = 240
"""Seconds between two tries of one postback when it is not said (assumed)."""


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
    """The postback of a fax that has just ended, or arrived."""
    fax, sent = moment.fax, moment.fax.direction is Direction.outbound
    hook = moment.settings.outbound if sent else moment.settings.inbound
    if not moment.ended or hook.url is None or not (sent or fax.state is State.arrived):
        return ()
    fields = (
        _fields(fax, moment.world.sandbox.credentials["openfax"]["AccountID"]) if sent else _arrived(moment)
    )
    switches = moment.settings.profile
    rule = rule_of(switches.get("postback_retries"), switches.get("postback_retry_wait", WAIT))
    event = "postback" if sent else "inbound_postback"
    message = Message(hook.url, fields=fields, auth=hook.auth)
    return (Notice(event, message, rule, hook=fax.direction.value),)


def _arrived(moment: Moment) -> tuple[tuple[str, str], ...]:
    """What the list of new faxes shows of one, without its links: fields documented nowhere (assumed)."""
    return tuple((name, str(value)) for name, value in describe(moment.world, moment.fax).items())


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
