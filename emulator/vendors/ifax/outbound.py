"""Sent faxes: status, cancel, download, list, delete; and the pair that puts any fax away and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from emulator.core.errors import IllegalEvent
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.vendors.dialect import Call, call
from emulator.vendors.ifax.answers import Failure, done, success
from emulator.vendors.ifax.body import body
from emulator.vendors.ifax.codes import TEXTS
from emulator.vendors.ifax.download import download_of
from emulator.vendors.ifax.listing import Window, rows
from emulator.vendors.ifax.schemas import DownloadSchema, JobSchema, KindSchema, PageSchema, load
from emulator.vendors.ifax.store import ARCHIVE, FOLDERS, find, outbound, rewrite
from emulator.vendors.ifax.tables import CANCELLABLE
from emulator.vendors.ifax.view import fax_object, listed

_job, _download, _page, _kind = JobSchema(), DownloadSchema(), PageSchema(), KindSchema()

PROCESSED = "processed"
"""The message of operations for which no row of the table fits better (assumed; a text of code -3)."""


def status() -> Response:
    """Show a fax as the fax object (`fax-status`); a received one too."""
    here = call()
    fax = find(here, load(_job, body())["job"])
    if fax is None:
        raise Failure(12021)
    return success(TEXTS[12103], fax_object(here.world.polled(fax)))


def cancel() -> Response:
    """Cancel a fax that is still being sent (`fax-cancel`)."""
    here = call()
    fax = outbound(here, load(_job, body())["job"])
    try:
        here.world.cancel(fax.id, states=CANCELLABLE)
    except IllegalEvent:
        ended = here.world.fax(fax.id)
        raise Failure(9030 if ended.state is State.cancelled else -162) from None
    return success(TEXTS[403], {"jobId": int(fax.vendor_id)})


def download() -> Response:
    """Give a sent fax's PDF in base64, whole or by chunk (`fax-download`)."""
    here, wanted = call(), load(_download, body())
    return download_of(here, outbound(here, wanted["job"]), wanted, missing=12092)


def listing() -> Response:
    """List the sent faxes, newest first (`fax-lists`)."""
    return success(TEXTS[12106], rows(call(), "ifax/sent", Window.of(load(_page, body())), listed))


def delete() -> Response:
    """Delete a sent fax that has ended (`fax-delete`)."""
    here = call()
    fax = outbound(here, load(_job, body())["job"])
    if not fax.final:
        raise Failure(12100)
    here.world.amend(fax.id, hidden=True, folders=())
    return done(12037)


def archive() -> Response:
    """Put a fax away from the lists, or its document from the file store (`fax-archive`; meaning assumed)."""
    return _move(_put_away)


def unarchive() -> Response:
    """Undo `fax-archive` (`fax-unarchive`; meaning assumed)."""
    return _move(_take_back)


def _put_away(fax: Fax, kind: str) -> Mapping[str, Any]:
    if kind == "document":
        return {"details": {**fax.details, "filed": True}}
    return {"folders": (*(name for name in fax.folders if name.startswith("ifax/all")), ARCHIVE)}


def _take_back(fax: Fax, kind: str) -> Mapping[str, Any]:
    if kind == "document":
        return {"details": {**fax.details, "filed": False}}
    return {"folders": FOLDERS[fax.direction](fax)}


def _move(change: Any) -> Response:
    here, wanted = call(), load(_kind, body())
    fax = _of_kind(here, wanted["job"], wanted["kind"])
    away = bool(fax.details.get("filed")) if wanted["kind"] == "document" else ARCHIVE in fax.folders
    if away is not (change is _take_back):
        raise Failure(12006)
    rewrite(here, fax, lambda fax: change(fax, wanted["kind"]))
    return success(PROCESSED, bare=True)


def _of_kind(here: Call, job: str, kind: str) -> Fax:
    fax = find(here, job, None if kind == "document" else Direction(kind))
    if fax is None:
        raise Failure(12091)
    return fax
