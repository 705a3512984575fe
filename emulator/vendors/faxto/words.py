"""A fax in Fax.to's words: state, message code, message; instants as the vendor prints them."""

from __future__ import annotations

from emulator.core.dialect import words
from emulator.core.dialect.vendor import Moment, View
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.instants import spell
from emulator.vendors.faxto.tables import CODE_OF, CODES, SENT, STATE_OF, STATES


def state_of(fax: Fax) -> str:
    """Executed, success or failed."""
    return STATE_OF.get(fax.state, "executed")


def code_of(fax: Fax) -> str:
    """The msg_code of a fax that has ended: a scenario's own, else by outcome."""
    return words.code_of(fax, CODES, CODE_OF, "unknown")


def message_of(fax: Fax) -> str:
    """The message of the status endpoint; only that of a sent fax is published (others assumed)."""
    if not fax.final:
        return STATES["executed"]
    return SENT if fax.state is State.delivered else CODES[code_of(fax)].text


def view(moment: Moment) -> View:
    """Show the job's id and status, and once it has ended msg_code and message as the webhook tells them."""
    fax = moment.fax
    if fax.direction is Direction.inbound:
        return View(fax.vendor_id, "received" if fax.state is State.arrived else fax.state.value)
    if not fax.final:
        return View(fax.vendor_id, state_of(fax))
    code = code_of(fax)
    return View(fax.vendor_id, state_of(fax), code, CODES[code].text)


def php_instant(at: float) -> dict[str, str | int]:
    """Print an instant as a PHP DateTime is dumped."""
    return {"date": spell(at, "%Y-%m-%d %H:%M:%S.%f"), "timezone_type": 3, "timezone": "UTC"}
