"""The account: its credit, and what calls cost, as they end, by pages and minutes (assumed)."""

from __future__ import annotations

import re

from flask import Response

from emulator.core.dialect.moment import Moment
from emulator.core.faxes.call import Attempt
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.sandbox import MICROS, Rates
from emulator.vendors.dialect import context
from emulator.vendors.openfax.errors import answer
from emulator.vendors.openfax.tables import HOLD, ON_THE_PHONE

RATES = Rates(page=50_000)
"""0.05 a page and nothing a minute: the vendor's prices are behind its portal (assumed)."""


def decimal(micros: int) -> float:
    """Show an amount in the account's currency."""
    return micros / MICROS


def price(fax: Fax, call: Attempt) -> int:
    """The price of a call in micros, at the rates of the fax's submit."""
    page, minute = fax.details["rates"]
    return int(page * call.pages_sent + round(minute * call.duration / 60))


def charge(moment: Moment) -> int:
    """The price of the call that this change ends, in micros."""
    before, fax = moment.before, moment.fax
    if before is None or fax.direction is Direction.inbound or fax.attempt is None:
        return 0
    ends = before.state in ON_THE_PHONE and fax.state not in ON_THE_PHONE
    return price(fax, fax.attempt) if ends else 0


def estimate(moment: Moment) -> int:
    """The credit that a fax must find before it is called: all its pages and one minute (assumed)."""
    page, minute = moment.fax.details["rates"]
    return int(page * moment.fax.pages + minute)


def hold(moment: Moment) -> float:
    """The seconds for which a fax waits for money (assumed; a switch says otherwise)."""
    said = str(moment.settings.profile.get("credit_hold_seconds", HOLD))
    return float(said) if re.fullmatch("[0-9]{1,8}", said) else HOLD


def balance() -> Response:
    """Tell the credit."""
    here = context()
    micros = here.world.balance("openfax")
    return answer([{"AvailableCredit": here.settings.amount(micros)}])
