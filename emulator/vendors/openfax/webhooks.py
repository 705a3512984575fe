"""What Openfax posts: eight form fields, once, when a sent fax is final (documented)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.message import Message
from emulator.core.webhooks.delivery import Notice, RetryRule
from emulator.vendors.openfax.history import records
from emulator.vendors.openfax.rates import decimal

MOST_RETRIES, MOST_WAIT, WAIT = 10, 86_400, 240
"""Retries of one postback, and seconds between two of them: at most, at most, and when not said (assumed)."""

ONCE, AGAIN = "outbound", re.compile(r"outbound/([0-9]{1,2})x([0-9]{1,5})")


class Retries(Mapping[str, RetryRule]):
    """Rules by name: `outbound` tries once, `outbound/3x60` thrice more, 60 s apart.

    Reply and retry are documented nowhere (assumed): a postback is tried again, until a 2xx, only when the
    account's profile has `postback_retries`, and `postback_retry_wait` for seconds other than four minutes.
    """

    def __getitem__(self, name: str) -> RetryRule:
        if name == ONCE:
            return RetryRule()
        named = AGAIN.fullmatch(name)
        count, wait = map(int, named.groups()) if named else (0, 0)
        if not (1 <= count <= MOST_RETRIES and 1 <= wait <= MOST_WAIT):
            raise KeyError(name)
        return RetryRule(delays=(float(wait),) * count)

    def __iter__(self) -> Iterator[str]:
        return iter((ONCE,))

    def __len__(self) -> int:
        return 1


RETRIES = Retries()


def notices(moment: Moment) -> Sequence[Notice]:
    """Give the postback of a fax that has just ended."""
    hook = moment.settings.outbound
    if not moment.ended or hook.url is None or moment.fax.direction is not Direction.outbound:
        return ()
    account = moment.sandbox.credentials["openfax"]["AccountID"]
    message = Message(hook.url, fields=_fields(moment.fax, account), auth=hook.auth)
    return (Notice("postback", message, _rule(moment.settings.profile)),)


def _rule(profile: Mapping[str, Any]) -> str:
    """Name the rule that an account's profile asks for; what makes no sense asks for none."""
    rule = f"outbound/{profile.get('postback_retries')}x{profile.get('postback_retry_wait', WAIT)}"
    return rule if rule in RETRIES else ONCE


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
