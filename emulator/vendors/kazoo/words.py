"""A fax in Kazoo's words: the document of a job, of the outbox and of the inbox; its row; its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import ABSENT, View
from emulator.core.dialect.words import Word
from emulator.core.faxes.call import Attempt
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.outcomes import BEFORE_CALL, Outcome
from emulator.core.instants import spell
from emulator.vendors.kazoo import tables
from emulator.vendors.kazoo.codes import BY_OUTCOME, CODES, NOT_CONNECTED, NOT_FETCHED, cause_of

OUTGOING, OUTBOX, INCOMING, INBOX = "outgoing", "outbox", "incoming", "inbox"

GREGORIAN = 62_167_219_200
"""Seconds from the year 0 to 1970 (observed: the Erlang calendar's epoch)."""

RESOLUTIONS = {"standard": "8031x3850", "fine": "8031x7700", "superfine": "8031x15400"}
"""Dots a metre, across and down, as FreeSWITCH writes them."""

BEING_ATTACHED = frozenset({State.received, State.rendering})


def is_modern(profile: Mapping[str, Any]) -> bool:
    """Tell a 4.3 server from one of the 4.0 era, which the vendor's document shows."""
    return str(profile.get("kazoo.profile", profile.get("profile", "4.0"))) == "4.3"


def gregorian(at: float) -> int:
    """Turn seconds since 1970 into Gregorian ones."""
    return int(at) + GREGORIAN


def month(at: float) -> str:
    """Year and month in UTC, as ids of finished faxes begin."""
    return spell(at, "%Y%m")


def stored_id(at: float, job: str) -> str:
    """The id under which a job is kept once it has ended."""
    return f"{month(at)}-{job}"


def lists_of(folder: str, faxbox: str | None, user: str | None) -> tuple[str, ...]:
    """Name the lists of a folder: the account's, the faxbox's, the user's."""
    name = f"kazoo/{folder}"
    narrowed = (f"{name}/faxbox/{faxbox}" if faxbox else "", f"{name}/user/{user}" if user else "")
    return (name, *filter(None, narrowed))


def call_id(fax: Fax) -> str:
    """Name the latest call."""
    return f"{fax.details['job']}-{fax.attempt.id if fax.attempt else 0}"


def folder_of(fax: Fax) -> str:
    """Name the folder that a fax is in."""
    if fax.direction is Direction.inbound:
        return INBOX if fax.final else INCOMING
    return OUTBOX if fax.final else OUTGOING


def status_of(fax: Fax) -> str:
    """The documented word for its state."""
    if fax.state in BEING_ATTACHED and fax.details["attached"] and not fax.attempts:
        return tables.ATTACHING
    return tables.STATES.get(fax.state, tables.PENDING)


def live_status(fax: Fax, at: float) -> str:
    """The worker's own words for a job that it has (observed), else the documented one."""
    call = fax.attempt
    if status_of(fax) != tables.PROCESSING or call is None:
        return status_of(fax)
    if fax.state is State.dialing:
        return "preparing"
    if fax.state is State.reporting:
        return "not available"
    if fax.pages_sent:
        return f"Sent Page {fax.pages_sent} of {fax.pages}"
    setup = (call.pages_at[0] if call.pages_at else call.duration) / 2
    return "negotiating" if at < call.answered_at + setup else f"Fax negotiated at {call.speed}"


def view(moment: Moment) -> View:
    """Show the fax's id and status, and after a try the worker's result."""
    fax, code = moment.fax, last_code(moment.fax)
    status = shown_status(fax, moment.at, moment.settings.profile)
    if code is None:
        return View(fax.vendor_id, status)
    return View(fax.vendor_id, status, str(code.code), code.text)


def absence(fax: Fax) -> View | None:
    """Show no fax that was deleted, and no call to us that failed: only what was received is stored."""
    return View(fax.vendor_id, ABSENT, "404", "bad_identifier") if fax.hidden else None


def shown_status(fax: Fax, at: float, profile: Mapping[str, Any]) -> str:
    """The status that a detail shows: the worker's own words where the profile asks for them."""
    return live_status(fax, at) if profile.get("live_status") is True else status_of(fax)


# what answers show of it
def new_job(fax: Fax) -> dict[str, Any]:
    """What a create answers: what the client sent, completed (documented)."""
    return {**fax.details["doc"], "id": fax.vendor_id}


def document(fax: Fax, status: str, *, modern: bool) -> dict[str, Any]:
    """All that a detail shows; a 4.3 server keeps apart what is the system's of a fax that has ended."""
    doc = _received(fax, modern) if fax.direction is Direction.inbound else _sent(fax, status)
    return seal(fax, doc) if modern and fax.final else doc


def _sent(fax: Fax, status: str) -> dict[str, Any]:
    done, tries = fax.finished_at is not None and fax.state is State.delivered, ended_tries(fax)
    doc = {
        **fax.details["doc"],
        "attempts": len(tries),
        "created": gregorian(fax.created_at),
        "delivered": gregorian(fax.finished_at or 0) if done else "undefined",
        "id": fax.vendor_id,
        "status": status,
        "tx_result": result_of(fax),
    }
    if tries and tries[-1].outcome is not Outcome.delivered:
        doc["retry_after"] = tables.RETRY_AFTER
    if fax.final:
        doc["folder"] = OUTBOX
    return doc


def _received(fax: Fax, modern: bool) -> dict[str, Any]:
    at = fax.finished_at or fax.created_at
    stamp = datetime.fromtimestamp(at, UTC)
    doc = {
        "id": fax.vendor_id,
        "name": f"fax message received at {stamp.year}-{stamp.month}-{stamp.day} "
        f"{stamp.hour}:{stamp.minute}:{stamp.second} UTC",
        "from_number": fax.details["doc"]["from_number"],
        "to_number": fax.details["doc"]["to_number"],
        "description": "fax document received",
        "source_type": "incoming_fax",
        "folder": folder_of(fax),
        "timestamp": gregorian(at),
        "created": gregorian(fax.created_at),
        "status": status_of(fax),
        "owner_id": fax.details["user"],
        "faxbox_id": fax.details["faxbox"],
        "media_type": "tiff",
        "call_id": call_id(fax),
        "cdr_doc_id": f"{month(fax.created_at)}-{call_id(fax)}",
        "fax_timezone": fax.details["timezone"] or "undefined",
        "rx_result": result_of(fax),
        "notifications": fax.details["notifications"],
    }
    return doc | {"from_name": fax.details["doc"]["from_number"]} if modern else doc


def seal(fax: Fax, doc: dict[str, Any], *, deleted: bool = False) -> dict[str, Any]:
    """Add what 4.3 keeps apart."""
    kept: dict[str, Any] = {"created": gregorian(fax.created_at), "status": status_of(fax)}
    return doc | {"_read_only": kept | ({"deleted": True} if deleted else {})}


def short_row(fax: Fax) -> dict[str, Any]:
    """What a row of each list shows (documented)."""
    return {
        "created": gregorian(fax.created_at),
        "from": fax.details["doc"]["from_number"],
        "id": fax.vendor_id,
        "status": status_of(fax),
        "to": fax.details["doc"]["to_number"],
    }


def outgoing_row(fax: Fax, *, modern: bool) -> dict[str, Any]:
    """A row of the outgoing faxes; of a faxbox's, and on 4.3, it shows more (observed)."""
    shown, faxbox = short_row(fax), fax.details["faxbox"]
    if faxbox is None and not modern:
        return shown
    more = {"attempts": len(ended_tries(fax))}
    return shown | more | ({} if faxbox is None else {"faxbox_id": faxbox})


# how its latest try ended
def ended_tries(fax: Fax) -> tuple[Attempt, ...]:
    """The tries that are over."""
    return fax.attempts[:-1] if fax.state in tables.ON_CALL else fax.attempts


def last_code(fax: Fax) -> Word | None:
    """The code of the latest try's end, None before the first has ended."""
    if tries := ended_tries(fax):
        return _code(fax, tries[-1].outcome, tries[-1].code)
    return _code(fax, fax.outcome, fax.code) if fax.final and fax.outcome is not None else None


def _code(fax: Fax, outcome: Outcome, code: str | None) -> Word:
    found, doc = _found(fax, outcome, code), fax.details.get("doc", {})
    text = found.text.format(to=doc.get("to_number"), sender=doc.get("from_number"))
    return replace(found, outcome=outcome, text=text)


def _found(fax: Fax, outcome: Outcome, code: str | None) -> Word:
    """Find the code of a try's end; one that is not of the table leaves the outcome to decide."""
    unfetched = outcome is Outcome.fetch_failed
    if outcome is Outcome.delivered:
        return CODES["0"]
    if unfetched and code is not None and code.isdigit():
        return Word("fetch", NOT_FETCHED.format(status=code), code=0)
    if code in CODES:
        return CODES[code or ""]
    if fax.problem == tables.NOT_OWNED:
        return CODES["invalid-cid"]
    if unfetched and fax.source is not None and fax.source.error is not None:
        return Word("fetch", _fetch_text(fax.source.status, fax.source.error), code=0)
    return BY_OUTCOME.get(outcome, CODES["48"])


def _fetch_text(status: int | None, error: str) -> str:
    if error == "bad_status":
        return NOT_FETCHED.format(status=status)
    # What was in the way is named but for plain silence (observed in two forms).
    return NOT_CONNECTED if error == "unreachable" else f"{NOT_CONNECTED}: {error}"


def result_of(fax: Fax) -> dict[str, Any]:
    """The documented keys of a result, and after a try the worker's too (observed)."""
    code, tries = last_code(fax), ended_tries(fax)
    if code is None:
        return dict(tables.UNTRIED)
    success = code.outcome is Outcome.delivered
    at = tries[-1].ended_at if tries else fax.created_at
    result = tables.UNTRIED | {
        "error_message": "" if success else code.text,
        "success": success,
        "time_elapsed": int((fax.finished_at or at) - fax.created_at),
        "result_code": code.code,
        "result_text": code.text,
        "total_pages": fax.pages,
        "transferred_pages": 0,
    }
    if (cause := cause_of(code)) is not None:
        result["result_cause"] = cause
    if not tries or tries[-1].outcome in BEFORE_CALL or tries[-1].speed is None:
        return result
    return result | negotiation_of(fax, tries[-1])


def negotiation_of(fax: Fax, call: Attempt) -> dict[str, Any]:
    """What two fax machines agreed on, under the documented names and the worker's (observed)."""
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
        "ecm_used": ecm,
        "t38_used": False,
        "transfer_rate": call.speed,
        "local_station_id": (fax.to if inbound else fax.sender)[:20],
        "remote_station_id": call.csid or "",
        "image_resolution": RESOLUTIONS[fax.resolution],
        "file_image_resolution": RESOLUTIONS[fax.resolution],
        "encoding": 3 if ecm else 1,
        "encoding_name": "T.6" if ecm else "T.4 1-D",
    }
