"""How a try ended, in the worker's words: result_code, result_cause, result_text, from one table by code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from emulator.core.faxes.call import Attempt
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.outcomes import BEFORE_CALL, Outcome
from emulator.vendors.kazoo import tables

CLEARED = "NORMAL_CLEARING"
ON_CALL = frozenset({State.dialing, State.transmitting, State.reporting, State.ringing, State.receiving})
"""States in which the latest try has not ended yet: its result is written with the state that follows."""


@dataclass(frozen=True)
class Row:
    """What the worker writes: `cause` is None when no call was made, `t30` when none was negotiated."""

    outcome: Outcome
    code: int
    text: str
    cause: str | None = None
    t30: int | None = None


@cache
def rows() -> Mapping[str, Row]:
    """Give every row by the code that a scenario may name."""
    return dict(_rows())


def _rows() -> Iterator[tuple[str, Row]]:
    for number, text in enumerate(tables.T30):
        outcome = tables.T30_OUTCOMES.get(number, Outcome.line_error)
        yield str(number), Row(outcome, number or 200, text, CLEARED, number)
    for cause in reversed(tables.CAUSES):
        # Several causes share a SIP status: the first of the table stands for it.
        row = Row(cause.outcome, cause.sip, cause.name, cause.name)
        yield from ((str(cause.sip), row), (cause.name, row))
    for stage in tables.STAGES:
        line = Outcome.no_answer if stage == "originate" else Outcome.line_error
        outcome = Outcome.conversion_failed if stage in ("acquire", "prepare") else line
        yield f"timeout-{stage}", Row(outcome, 500, tables.TIMED_OUT.format(stage=stage))
    # 400 and 500 come with several texts: as bare numbers they stand for the one that fits any call.
    for code in ("crash", "500"):
        yield code, Row(Outcome.conversion_failed, 500, tables.CRASHED)
    for code in ("invalid-number", "400"):
        yield code, Row(Outcome.conversion_failed, 400, tables.INVALID_NUMBER)
    yield "invalid-cid", Row(Outcome.conversion_failed, 400, tables.INVALID_CALLER)
    yield "no-connection", Row(Outcome.fetch_failed, 0, tables.NOT_CONNECTED)
    for status in tables.FETCH_STATUSES:
        yield f"HTTP {status}", Row(Outcome.fetch_failed, 0, tables.NOT_FETCHED.format(status=status))


BY_OUTCOME: dict[Outcome, str] = {
    Outcome.delivered: "0",
    Outcome.busy: "USER_BUSY",
    Outcome.no_answer: "NO_ANSWER",
    Outcome.not_fax: "2",
    Outcome.bad_number: "UNALLOCATED_NUMBER",
    Outcome.circuits_busy: "NORMAL_CIRCUIT_CONGESTION",
    Outcome.hangup: "49",
    Outcome.line_error: "48",
    Outcome.fetch_failed: "HTTP 404",
}
"""The code of an outcome that came without one (assumed)."""

SAID: dict[Outcome, Row] = {
    # A file that cannot be used has code 0 (observed); the text is that of the TIFF library (assumed).
    Outcome.conversion_failed: Row(Outcome.conversion_failed, 0, tables.T30[41]),
    Outcome.no_credit: Row(Outcome.no_credit, 402, "no_credit"),
    Outcome.cancelled: Row(Outcome.cancelled, 487, "ORIGINATOR_CANCEL", "ORIGINATOR_CANCEL"),
}


def row_of(fax: Fax, outcome: Outcome, code: str | None) -> Row:
    """Give the row of a try's end; a code that is not of the table leaves the outcome to decide."""
    row = _row(fax, outcome, code)
    number = {
        "to": fax.details.get("doc", {}).get("to_number"),
        "sender": fax.details.get("doc", {}).get("from_number"),
    }
    return Row(outcome, row.code, row.text.format(**number), row.cause, row.t30)


def _row(fax: Fax, outcome: Outcome, code: str | None) -> Row:
    if outcome is Outcome.delivered:
        return rows()["0"]
    if outcome is Outcome.fetch_failed and code is not None and code.isdigit():
        return Row(outcome, 0, tables.NOT_FETCHED.format(status=code))
    if code in rows():
        return rows()[code or ""]
    if fax.problem == tables.NOT_OWNED:
        return rows()["invalid-cid"]
    if outcome is Outcome.fetch_failed and fax.source is not None and fax.source.error is not None:
        return Row(outcome, 0, _fetch_text(fax.source.status, fax.source.error))
    return SAID[outcome] if outcome in SAID else rows()[BY_OUTCOME.get(outcome, "48")]


def _fetch_text(status: int | None, error: str) -> str:
    if error == "bad_status":
        return tables.NOT_FETCHED.format(status=status)
    # What was in the way is named but for plain silence (observed in two forms).
    return tables.NOT_CONNECTED if error == "unreachable" else f"{tables.NOT_CONNECTED}: {error}"


def ended(fax: Fax) -> tuple[Attempt, ...]:
    """Give the tries that are over."""
    return fax.attempts[:-1] if fax.state in ON_CALL else fax.attempts


def tried(fax: Fax) -> Row | None:
    """Give how the latest try ended, None before the first has."""
    tries = ended(fax)
    if tries:
        return row_of(fax, tries[-1].outcome, tries[-1].code)
    if fax.final and fax.outcome is not None:
        return row_of(fax, fax.outcome, fax.code)
    return None


UNTRIED: dict[str, Any] = {
    "error_message": "",
    "fax_bad_rows": 0,
    "fax_error_correction": False,
    "fax_receiver_id": "",
    "fax_speed": 0,
    "pages_sent": 0,
    "success": False,
    "time_elapsed": 0,
}
"""The eight documented keys with their documented defaults."""


def tx_result(fax: Fax) -> dict[str, Any]:
    """Give the documented keys, and after a try the worker's too (observed)."""
    row = tried(fax)
    if row is None:
        return dict(UNTRIED)
    success = row.outcome is Outcome.delivered
    result = UNTRIED | {
        "error_message": "" if success else row.text,
        "success": success,
        "time_elapsed": elapsed(fax),
        "result_code": row.code,
        "result_text": row.text,
        "total_pages": fax.pages,
        "transferred_pages": 0,
    }
    if row.cause is not None:
        result["result_cause"] = row.cause
    if (call := _last(fax)) is None or call.speed is None:
        return result
    return result | negotiated(fax, call)


def _last(fax: Fax) -> Attempt | None:
    tries = ended(fax)
    return tries[-1] if tries and tries[-1].outcome not in BEFORE_CALL else None


def elapsed(fax: Fax) -> int:
    """Give the seconds from the job's creation to the end of the latest try."""
    tries = ended(fax)
    at = tries[-1].ended_at if tries else fax.finished_at or fax.created_at
    return int((fax.finished_at or at) - fax.created_at)


def negotiated(fax: Fax, call: Attempt) -> dict[str, Any]:
    """Give what two fax machines agreed on, under the documented names and the worker's (observed)."""
    ecm, inbound = bool(call.ecm), fax.direction is Direction.inbound
    # Without error correction some lines of a page arrive damaged: two of each here (assumed).
    bad_rows = 0 if ecm else 2 * call.pages_sent
    return {
        "fax_bad_rows": bad_rows,
        "fax_error_correction": ecm,
        "fax_receiver_id": fax.to[:20] if inbound else call.csid or "",
        "fax_speed": call.speed,
        "pages_sent": call.pages_sent,
        "transferred_pages": call.pages_sent,
        "bad_rows": bad_rows,
        "ecm_used": "on" if ecm else "off",
        "t38_used": False,
        "transfer_rate": call.speed,
        "local_station_id": (fax.to if inbound else fax.sender)[:20],
        "remote_station_id": call.csid or "",
        "image_resolution": RESOLUTIONS[fax.resolution],
        "file_image_resolution": RESOLUTIONS[fax.resolution],
        "encoding": 3 if ecm else 1,
        "encoding_name": "T.6" if ecm else "T.4 1-D",
    }


RESOLUTIONS = {"standard": "8031x3850", "fine": "8031x7700", "superfine": "8031x15400"}
"""Dots a metre, across and down, as FreeSWITCH writes them."""
