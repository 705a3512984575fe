"""Faxes that are sent: a new one, an old one again or to another number; their status, list and end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from emulator.core.errors import IllegalEvent
from emulator.core.faxes.fax import Fax, Submission
from emulator.core.faxes.machine import Direction, State
from emulator.core.instants import spell
from emulator.vendors.dialect import RequestContext, concerns, context
from emulator.vendors.ifax import files, parameters
from emulator.vendors.ifax.account import allowance, caller_id, check_destination
from emulator.vendors.ifax.errors import IfaxError, success
from emulator.vendors.ifax.folders import (
    ARCHIVE,
    REPORTED,
    SENT,
    SENT_IN,
    find_fax,
    folders_of,
    list_faxes,
    note,
)
from emulator.vendors.ifax.letter import Composed, check_attachments, compose, compose_again
from emulator.vendors.ifax.tables import CANCELLABLE, PROCESSED, QUALITIES
from emulator.vendors.ifax.words import FAX_OBJECT, REPORT_ROWS, SENT_ROWS, is_live, show

COVER = ("subject", "from_name", "to_name", "message")
"""Parameters that stand on the cover page; any of them, or a templateId, asks for one."""


def send() -> Response:
    """Send a fax (`fax-send`)."""
    here, wanted = context(), parameters.load(parameters.Send)
    attachments = wanted.get("attachments") or ()
    sender = caller_id(here, wanted.get("caller"))
    check_destination(here, wanted["to"])
    if not attachments and not is_live(here.settings):
        raise IfaxError(-123)
    check_attachments(here.settings, attachments)
    cover = _cover(here, wanted, sender)
    job = _submit(
        here,
        compose(here.world, attachments, cover),
        {"cover": cover} if cover else {},
        to=wanted["to"],
        sender=sender,
        document_name=attachments[0]["name"] if attachments else None,
        resolution=QUALITIES[wanted.get("quality", "Standard")],
        send_at=wanted.get("send_at"),
    )
    return success(-3, data={"jobId": job})


def _cover(here: RequestContext, wanted: Mapping[str, Any], sender: str) -> dict[str, str]:
    texts = {name: wanted[name] for name in COVER if wanted.get(name)}
    if not texts and not wanted.get("template"):
        return {}
    return texts | _addresses(here, wanted["to"], sender)


def _addresses(here: RequestContext, to: str, sender: str) -> dict[str, str]:
    return {"to_number": to, "from_number": sender, "date": spell(here.now, "%m/%d/%Y %H:%M UTC")}


def _submit(here: RequestContext, letter: Composed, noted: Mapping[str, Any], **wanted: Any) -> int:
    """Hand a fax to the engine within what the key allows; give the new job's id."""
    with allowance(here, letter.upload.pages) as test:
        job = here.ids.serial("job", here.next("job"), 8)
        details = {"faxId": 10**8 + job, **noted}
        if letter.parts:
            details["parts"] = letter.parts
        if test:
            details["test"] = True
        fax = here.world.submit(
            Submission(
                vendor="ifax",
                vendor_id=str(job),
                names=(str(job), f"OB/{details['faxId']}"),
                document=letter.upload.digest,
                source=letter.source,
                pages=letter.upload.pages,
                problem=letter.upload.problem,
                details=details,
                folders=SENT_IN,
                **wanted,
            ),
        )
    concerns(fax.id)
    return job


def resend() -> Response:
    """Send a fax again as a new one (`fax-resend`): whether the id is new is undocumented, so assumed."""
    here, wanted = context(), parameters.load(parameters.WhichJob)
    fax = _sent(here, wanted)
    if not fax.final:
        raise IfaxError(12107)
    return success(-3, data={"id": _submit_again(here, fax, fax.to, fax.sender, missing=12094)})


def forward() -> Response:
    """Send the document of a fax to another number (`fax-forward`; meaning assumed)."""
    here, wanted = context(), parameters.load(parameters.Forward)
    fax = _sent(here, wanted)
    check_destination(here, wanted["to"])
    sender = caller_id(here, wanted["caller"])
    return success(-3, data={"jobId": _submit_again(here, fax, wanted["to"], sender, missing=12092)})


def _submit_again(here: RequestContext, fax: Fax, to: str, sender: str, *, missing: int) -> int:
    if files.file_of(here, fax) is None:
        raise IfaxError(missing)
    old = fax.details.get("cover")
    cover = old | _addresses(here, to, sender) if old else {}
    letter = compose_again(here.world, fax, cover)
    kept = {"document_name": fax.document_name, "resolution": fax.resolution}
    return _submit(here, letter, {"cover": cover} if cover else {}, to=to, sender=sender, **kept)


def _sent(here: RequestContext, wanted: Mapping[str, Any]) -> Fax:
    return find_fax(here, wanted["job"], Direction.outbound)


def status() -> Response:
    """Show a fax as the fax object (`fax-status`); a received one too."""
    here = context()
    fax = find_fax(here, parameters.load(parameters.WhichJob)["job"])
    return success(12103, data=show(here.world.count_poll(fax), FAX_OBJECT))


def cancel() -> Response:
    """Cancel a fax that is still being sent (`fax-cancel`)."""
    here = context()
    fax = _sent(here, parameters.load(parameters.WhichJob))
    try:
        here.world.cancel(fax.id, states=CANCELLABLE)
    except IllegalEvent:
        ended = here.world.fax(fax.id)
        raise IfaxError(9030 if ended.state is State.cancelled else -162) from None
    return success(403, data={"jobId": int(fax.vendor_id)})


def download() -> Response:
    """Answer with a sent fax's PDF in base64, whole or by chunk (`fax-download`)."""
    here, wanted = context(), parameters.load(parameters.Download)
    return files.download(here, _sent(here, wanted), wanted, missing=12092)


def list_sent() -> Response:
    """List the sent faxes, newest first (`fax-lists`)."""
    return list_faxes(context(), SENT, parameters.load(parameters.FaxPage), SENT_ROWS)


def report() -> Response:
    """List the faxes of both directions, or of one, between two days (`fax-list`)."""
    here, wanted = context(), parameters.load(parameters.Report)
    return list_faxes(here, REPORTED[wanted.get("side")], wanted, REPORT_ROWS)


def delete() -> Response:
    """Delete a sent fax that has ended (`fax-delete`)."""
    here = context()
    fax = _sent(here, parameters.load(parameters.WhichJob))
    if not fax.final:
        raise IfaxError(12100)
    here.world.amend(fax.id, hidden=True, folders=())
    return success(12037)


def archive() -> Response:
    """Put a fax away from the lists, or its document from the file store (`fax-archive`; meaning assumed)."""
    return _put(away=True)


def unarchive() -> Response:
    """Undo `fax-archive` (`fax-unarchive`; meaning assumed)."""
    return _put(away=False)


def _put(*, away: bool) -> Response:
    here, wanted = context(), parameters.load(parameters.TypedJob)
    kind, alone = wanted["kind"], wanted["kind"] == "document"
    fax = find_fax(here, wanted["job"], None if alone else Direction(kind), missing=12091)
    if away is (bool(fax.details.get("filed")) if alone else ARCHIVE in fax.folders):
        raise IfaxError(12006)
    if alone:
        note(here, fax, lambda fax: {"filed": away})
    else:
        here.world.amend(fax.id, folders=folders_of(fax, archived=away))
    return success(PROCESSED)
