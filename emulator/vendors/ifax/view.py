"""A fax in iFax's words: the fax object of status answers and webhooks."""

from __future__ import annotations

from typing import Any

from emulator.core.fax import Fax
from emulator.core.outcomes import Outcome
from emulator.core.vendor import View
from emulator.vendors.ifax.tables import EARLY, OUTCOME_CODES, STATES, TEXTS


def code_of(fax: Fax) -> int:
    """Give the code of the fax as it stands: a scenario's own, else by outcome, else by stage."""
    if not fax.final:
        return -11 if fax.state in EARLY else -3
    return int(fax.code) if fax.code else OUTCOME_CODES.get(fax.outcome or Outcome.delivered, 256)


def view(fax: Fax) -> View:
    """Show the fax's id, faxStatus, code and message."""
    code = code_of(fax)
    return View(fax.vendor_id, STATES.get(fax.state, "sending"), str(code), TEXTS[code])


def fax_object(fax: Fax) -> dict[str, Any]:
    """Give the documented fax object; times in Unix seconds, 0 while they are not known (assumed)."""
    ended = int(fax.finished_at or 0)
    code = code_of(fax)
    return {
        "jobId": int(fax.vendor_id),
        "fromNumber": fax.sender,
        "toNumber": fax.to,
        "faxCallLength": ended - int(fax.created_at) if ended else 0,
        "faxCallStart": int(fax.created_at),
        "faxCallEnd": ended,
        "faxTotalPages": fax.pages,
        "faxTransferredPages": fax.pages_sent,
        "faxStatus": STATES.get(fax.state, "sending"),
        "message": TEXTS[code],
        "code": code,
    }
