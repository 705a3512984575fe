"""What more than one vendor asks for a fax."""

from __future__ import annotations

from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.machine import State


def charge_delivered(moment: Moment) -> int:
    """Charge a fax that has just been delivered: the page rate for each page sent."""
    delivered = moment.ended and moment.fax.state is State.delivered
    return moment.settings.rates.page * moment.fax.pages_sent if delivered else 0
