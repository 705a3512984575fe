"""A fax in iFax's words: the fax object of status answers, lists and webhooks."""

from __future__ import annotations

from typing import Any

from emulator.core.dialect.vendor import View
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.vendors.ifax.codes import TEXTS, meaning
from emulator.vendors.ifax.tables import EARLY, OUTCOME_CODES, STATES

SIDES = {Direction.outbound: "OB", Direction.inbound: "IB"}
"""How labels, custom fields and the report name a direction (documented)."""


def code_of(fax: Fax) -> tuple[int, str]:
    """Give code and text of the fax as it stands: a scenario's own, else by outcome, else by stage."""
    if not fax.final:
        code = -11 if fax.state in EARLY else -3
        return code, TEXTS[code]
    return meaning(fax.code or OUTCOME_CODES.get(fax.outcome, "256"))


def view(fax: Fax) -> View:
    """Show the fax's id, faxStatus, code and message."""
    code, text = code_of(fax)
    return View(fax.vendor_id, STATES.get(fax.state, "sending"), str(code), text)


def fax_object(fax: Fax) -> dict[str, Any]:
    """Give the documented fax object; times in Unix seconds, 0 while they are not known (assumed)."""
    code, text = code_of(fax)
    started, ended = int(fax.created_at), int(fax.finished_at or 0)
    return {
        "jobId": int(fax.vendor_id),
        "fromNumber": fax.sender,
        "toNumber": fax.to,
        "faxCallLength": ended - started if ended else 0,
        "faxCallStart": started,
        "faxCallEnd": ended,
        "faxTotalPages": fax.pages,
        "faxTransferredPages": fax.pages_sent,
        "faxStatus": STATES.get(fax.state, "sending"),
        "message": text,
        "code": code,
    }


def listed(fax: Fax) -> dict[str, Any]:
    """Give a row of the list of sent faxes: the fax object and its faxId."""
    return fax_object(fax) | {"faxId": fax.details["faxId"]}


def reported(fax: Fax) -> dict[str, Any]:
    """Give a row of the report over both directions; what stands beside faxId is assumed."""
    own = {"faxType": SIDES[fax.direction], "labelId": ",".join(fax.details.get("labels", ()))}
    return listed(fax) | own


def received(fax: Fax) -> dict[str, Any]:
    """Give a row of the lists of received faxes: the first three keys are observed, the others assumed."""
    code, text = code_of(fax)
    return {
        "jobId": int(fax.vendor_id),
        "transactionId": fax.details["transactionId"],
        "receivedTime": int(fax.finished_at or 0),
        "fromNumber": fax.sender,
        "toNumber": fax.to,
        "faxTotalPages": fax.pages,
        "faxReceivedPages": fax.pages_sent,
        "faxStatus": STATES[fax.state],
        "message": text,
        "code": code,
        "faxId": fax.details["faxId"],
    }
