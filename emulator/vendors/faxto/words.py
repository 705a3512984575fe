"""A fax in Fax.to's words: state, message code, message; instants as the vendor prints them."""

from __future__ import annotations

from emulator.core.dialect import words
from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import ABSENT, View
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.instants import spell
from emulator.vendors.faxto.tables import CODE_OF, CODES, ERRORS, SENT, STATE_OF, STATES


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
    """Show the job's id, its status and message as its status endpoint has them, and once it has ended the
    webhook's msg_code. A fax in the inbox has no word there: `received` is ours.
    """
    fax = moment.fax
    if fax.direction is Direction.inbound:
        return View(fax.vendor_id, "received")
    return View(fax.vendor_id, state_of(fax), code_of(fax) if fax.final else None, message_of(fax))


def absence(fax: Fax) -> View | None:
    """Show no call that has not arrived: the inbox has it only then, and its file is 404 until then."""
    if fax.direction is Direction.inbound and fax.state is not State.arrived:
        return View(fax.vendor_id, ABSENT, "404", ERRORS[404])
    return None


def php_instant(at: float) -> dict[str, str | int]:
    """Print an instant as a PHP DateTime is dumped."""
    return {"date": spell(at, "%Y-%m-%d %H:%M:%S.%f"), "timezone_type": 3, "timezone": "UTC"}
