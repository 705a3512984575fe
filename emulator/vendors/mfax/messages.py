"""One fax by its messageId: shown, downloaded, changed, cancelled, deleted; how long it can be cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import wait_briefly
from emulator.core.engine.steps import Change, cancel
from emulator.core.errors import IllegalEvent
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.sandbox import Clock
from emulator.vendors.dialect import concerns, context
from emulator.vendors.mfax import parameters, words
from emulator.vendors.mfax.account import TAGS, switch
from emulator.vendors.mfax.choices import DEFAULTS, LONGEST_WAIT
from emulator.vendors.mfax.errors import answer_ok, answer_with, invalid, not_found
from emulator.vendors.mfax.history import is_visible
from emulator.vendors.mfax.parameters import load
from emulator.vendors.mfax.tables import CANCEL_SECONDS, CANCELLABLE, MOST_PROCESSING, NOT_CANCELLED
from emulator.vendors.mfax.words import IN_SHORT, NO_USERS, show_fax

SWITCH = "processing_seconds"


def leave_time_to_cancel(clock: Clock) -> Mapping[str, Any]:
    """Make settings with which a person has time to cancel a fax, when the clock of the sandbox runs."""
    if clock.stands or clock.speed is None:
        return {}
    return {"profile": {SWITCH: min(MOST_PROCESSING, CANCEL_SECONDS * clock.speed)}}


def wait_to_be_cancelled(moment: Moment) -> float:
    """The seconds that a fax waits before its first call: those of the switch, if they are any."""
    wanted = switch(moment.settings, SWITCH)
    known = isinstance(wanted, (int, float)) and 0 <= wanted <= LONGEST_WAIT
    return max(wait_briefly(moment), float(wanted if known else DEFAULTS[SWITCH]))


def cancel_fax(messageId: str) -> Response:  # noqa: N803
    """Stop a fax that is processing or scheduled."""
    fax = find_fax(messageId)
    try:
        return _changed(context().world.cancel(fax.id, states=CANCELLABLE))
    except IllegalEvent:
        raise invalid(NOT_CANCELLED[context().world.fax(fax.id).final]) from None


def update_fax(messageId: str) -> Response:  # noqa: N803
    """Change isArchived, the only property that can be edited."""
    wanted = load(parameters.Update)
    return _changed(_note(find_fax(messageId), **wanted))


def delete_fax(messageId: str) -> Response:  # noqa: N803
    """Remove a fax from every answer; one that has not come to its end is not sent, and posts no webhook."""
    context().world.change(find_fax(messageId).id, remove)
    return answer_ok()


def download(messageId: str) -> Response:  # noqa: N803
    """Answer with the PDF of a fax; an inbound one counts as read from then on (assumed)."""
    load(parameters.Download)
    fax = find_fax(messageId)
    content = None if fax.problem else context().world.blob(fax.document)
    if content is None:
        if fax.document and not fax.problem:
            _note(fax, isFilePurged=True)
        raise not_found("File")
    if fax.direction is Direction.inbound:
        _note(fax, isRead=True)
    return answer_pdf(content)


def info(messageId: str) -> Response:  # noqa: N803
    """Show a fax as it stands."""
    world = context().world
    return answer_with(show_fax(world, world.count_poll(find_fax(messageId)), words.READ_KEYS, IN_SHORT))


def tag_fax(messageId: str) -> Response:  # noqa: N803
    """Put a tag on a fax; the answer is the fax object (assumed)."""
    wanted = load(parameters.FaxTag)
    tag = TAGS.get(context().world, wanted["tagId"]).id
    fax = find_fax(messageId)
    return _changed(_note(fax, tags=list(dict.fromkeys((*fax.details["tags"], tag)))))


def find_fax(message: str) -> Fax:
    """Find a fax that the caller may see, or raise not found."""
    fax = context().world.find("mfax", message.lower())
    if fax is None or not is_visible(fax):
        raise not_found("Fax")
    concerns(fax.id)
    return fax


def _note(fax: Fax, **details: Any) -> Fax:
    if all(fax.details.get(name) == value for name, value in details.items()):
        return fax
    return context().world.change(
        fax.id,
        lambda fax, at: Change(fax.evolve(version=fax.version + 1, details={**fax.details, **details})),
    )


def _changed(fax: Fax) -> Response:
    return answer_with(show_fax(context().world, fax, words.CHANGE_KEYS, NO_USERS))


def answer_pdf(content: bytes) -> Response:
    """Answer with a PDF."""
    return Response(content, mimetype="application/pdf")


def remove(fax: Fax, at: float) -> Change:
    """Take a fax away: one that has not come to its end is cancelled, on the telephone too."""
    gone = {"hidden": True, "details": {**fax.details, "deletedAt": at}}
    try:
        stopped = cancel(fax, at)
    except IllegalEvent:  # it has ended, or is coming in
        return Change(fax.evolve(version=fax.version + 1, **gone))
    return replace(stopped, fax=stopped.fax.evolve(**gone))
