"""A fax in iFax's words: which keys answers, lists and webhooks show, and what stands under each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import ABSENT, View
from emulator.core.dialect.words import Word, code_of
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.sandbox import Settings
from emulator.vendors.ifax.tables import (
    CODES,
    EARLY,
    EARLY_STATES,
    LATER,
    MISSING,
    OUTCOME_CODES,
    PAGE_ROWS,
    STATES,
)

SIDES = {Direction.outbound: "OB", Direction.inbound: "IB"}
"""How labels, custom fields and the report name a direction (documented)."""

Keys = Sequence[str]


def _keys(text: str, *before: str) -> Keys:
    return (*before, *text.split())


FAX_OBJECT = _keys(
    "jobId fromNumber toNumber faxCallLength faxCallStart faxCallEnd "
    "faxTotalPages faxTransferredPages faxStatus message code"
)
"""The fax object of status answers and of the webhook of a sent fax (documented)."""

SENT_ROW = _keys("faxId", *FAX_OBJECT)
SENT_ROWS = {Direction.outbound: SENT_ROW}
REPORT_ROW = _keys("faxType labelId", *SENT_ROW)
REPORT_ROWS = {Direction.outbound: REPORT_ROW, Direction.inbound: (*REPORT_ROW, "transactionId")}
"""Of the report over both directions; what stands beside faxId is assumed. A received fax is downloaded by
both its ids, so its row has them.
"""

RECEIVED_ROW = _keys(
    "jobId transactionId receivedTime fromNumber toNumber faxTotalPages faxReceivedPages "
    "faxStatus message code faxId"
)
RECEIVED_ROWS = {Direction.inbound: RECEIVED_ROW}
"""Of the lists of received faxes: the first three keys are observed, the others assumed."""

RECEIVED_LIVE = _keys(
    "direction jobId transactionId faxCallLength faxCallStart faxCallEnd faxTotalPages faxReceivedPages "
    "faxStatus success fromNumber toNumber code message"
)
"""Of the webhook of a received fax in live traffic, keys in their order (observed)."""

RECEIVED_FORM = (*RECEIVED_LIVE, "receivedTime")
"""Fields of the same webhook beside its file, as the document has it: the same facts (observed: a receiver of
the form reads them; their order is assumed).
"""


def is_live(settings: Settings) -> bool:
    """Tell whether the sandbox answers as the real service was observed to, and not as its document says."""
    switches = settings.profile
    return (switches.get("profile") or switches.get("ifax.profile")) == "live"


def page_rows(settings: Settings) -> int | None:
    """How many rows a list answers with; None for all."""
    rows = settings.profile.get("page_rows", PAGE_ROWS if is_live(settings) else None)
    return rows if isinstance(rows, int) and not isinstance(rows, bool) and rows > 0 else None


def result_of(fax: Fax) -> Word:
    """Find the code of the fax as it stands: a scenario's own, else by outcome, else by stage."""
    if fax.final:
        return CODES[code_of(fax, CODES, OUTCOME_CODES, "256")]
    return CODES[EARLY if fax.state in EARLY_STATES else LATER]


def labels_of(fax: Fax) -> tuple[str, ...]:
    """The ids of the fax's labels."""
    return tuple(fax.details.get("labels", ()))


def view(moment: Moment) -> View:
    """Show the fax's id, faxStatus, code and message."""
    fax, code = moment.fax, result_of(moment.fax)
    return View(fax.vendor_id, STATES.get(fax.state, "sending"), str(code.code), code.text)


def absence(fax: Fax) -> View | None:
    """Show no fax that was deleted, is still coming in or never arrived: nobody knows the latter's ids."""
    if fax.hidden or (fax.direction is Direction.inbound and fax.state is not State.arrived):
        return View(fax.vendor_id, ABSENT, str(MISSING), CODES[str(MISSING)].text)
    return None


_SHOWN: Mapping[str, Callable[[Fax], Any]] = {
    "jobId": lambda fax: int(fax.vendor_id),
    "faxId": lambda fax: fax.details["faxId"],
    "transactionId": lambda fax: fax.details["transactionId"],
    "direction": lambda fax: fax.direction.value,
    "faxType": lambda fax: SIDES[fax.direction],
    "labelId": lambda fax: ",".join(labels_of(fax)),
    "fromNumber": attrgetter("sender"),
    "toNumber": attrgetter("to"),
    "receivedTime": lambda fax: int(fax.finished_at or 0),
    "faxCallLength": lambda fax: int(fax.finished_at) - int(fax.created_at) if fax.finished_at else 0,
    "faxCallStart": lambda fax: int(fax.created_at),
    "faxCallEnd": lambda fax: int(fax.finished_at or 0),
    "faxTotalPages": attrgetter("pages"),
    "faxTransferredPages": attrgetter("pages_sent"),
    "faxReceivedPages": attrgetter("pages_sent"),
    "faxStatus": lambda fax: STATES.get(fax.state, "sending"),
    "success": lambda fax: True,
}
"""What stands under each key; times in Unix seconds, 0 while they are not known (assumed)."""


def show(fax: Fax, keys: Keys) -> dict[str, Any]:
    """Show these keys of a fax."""
    result = result_of(fax)
    said = {"code": result.code, "message": result.text}
    return {key: said[key] if key in said else _SHOWN[key](fax) for key in keys}
