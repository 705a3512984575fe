"""A fax in Openfax's words: for the control plane, and as a row of the history."""

from __future__ import annotations

import re
from typing import Any

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import ABSENT, View
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.vendors.dialect import RequestContext
from emulator.vendors.openfax.account import decimal, price
from emulator.vendors.openfax.history import UNRENDERED, CallRecord, records
from emulator.vendors.openfax.links import OUTBOUND, link
from emulator.vendors.openfax.tables import PAPERS, RECEIVED, RESOLUTIONS, RESULTS

BEFORE_RENDERING = frozenset({State.scheduled, State.received, State.rendering})


def view(moment: Moment) -> View:
    """Show the transaction's id, its CurrentState, and its LastStatus with text."""
    fax = moment.fax
    if fax.direction is Direction.inbound:
        return View(fax.vendor_id, RECEIVED)
    latest = records(fax)[-1]
    return View(fax.vendor_id, str(latest.state), str(latest.status), RESULTS[str(latest.status)].text)


def absence(fax: Fax) -> View | None:
    """Show no call that has not arrived: no list has it."""
    coming = fax.direction is Direction.inbound and fax.state is not State.arrived
    return View(fax.vendor_id, ABSENT) if coming else None


def row(here: RequestContext, record: CallRecord, base: int) -> dict[str, Any]:
    """Show a history row: its 15 documented fields and what the postback tells of a call (assumed)."""
    fax, rendered = record.fax, render_status(record.fax)
    shown = {
        "HistoryOutboundFaxID": base + record.number,
        "OutTransID": int(fax.vendor_id),
        "AccountID": int(here.sandbox.credentials["openfax"]["AccountID"]),
        "FaxNumber": _number(fax.to),
        "CurrentState": record.state,
        "CallerID": _number(fax.sender),
        "MaxAttempts": fax.max_attempts - 1,
        "RetryCount": record.count - 1,
        "ToHeader": fax.details["to_header"],
        "FromHeader": fax.details["from_header"],
        "FaxResolution": _code(RESOLUTIONS, fax.resolution),
        "RenderStatus": rendered,
        "FaxDocURL": link(OUTBOUND, f"{fax.vendor_id}.tif") if rendered == 1 else "",
        "PageCount": fax.pages,
        "PaperSize": _code(PAPERS, fax.paper),
    }
    return shown | _call(record) if here.profile("history_call_fields", True) else shown


def _call(record: CallRecord) -> dict[str, Any]:
    ended = record.call if record.status != -1 else None
    return {
        "LastStatus": record.status,
        "PagesSent": ended.pages_sent if ended else 0,
        "CallDuration": round(ended.duration) if ended else 0,
        "RealCost": decimal(price(record.fax, ended)) if ended else 0.0,
    }


def render_status(fax: Fax) -> int:
    """The RenderStatus: 0 pending, 1 complete, 2 failed."""
    if fax.state in BEFORE_RENDERING:
        return 0
    return 2 if fax.outcome in UNRENDERED or fax.document is None else 1


def _number(text: str) -> int:
    """The digits of a number; the account's settings may hold a number that has none."""
    return int(re.sub(r"[^0-9]", "", text) or 0)


def _code(words: dict[str, str], word: str) -> int:
    return next(int(code) for code, each in words.items() if each == word)
