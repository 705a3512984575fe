"""Sending, resending and blasting faxes, and what is done to one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from emulator.core.engine.engine import LivingWorld
from emulator.core.engine.steps import Change
from emulator.core.errors import IllegalEvent
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.vendors.dialect import concerns, context
from emulator.vendors.mfax import parameters, words
from emulator.vendors.mfax.account import destination, switch
from emulator.vendors.mfax.cancellation import remove
from emulator.vendors.mfax.errors import MfaxError, answer_ok, answer_with, invalid, not_found
from emulator.vendors.mfax.history import is_visible
from emulator.vendors.mfax.letter import render
from emulator.vendors.mfax.objects.kinds import TAGS
from emulator.vendors.mfax.parameters import SentFile, files, load
from emulator.vendors.mfax.sending import (
    Recipient,
    list_recipients,
    order,
    order_again,
    send_all,
    send_each,
    take,
)
from emulator.vendors.mfax.spreadsheet import read_recipients
from emulator.vendors.mfax.tables import CANCELLABLE, NOT_CANCELLED
from emulator.vendors.mfax.words import IN_SHORT, NO_USERS, show_fax


def send() -> Response:
    """Send to every destination, or to none when one is refused, and show the first fax."""
    world, wanted = context().world, load(parameters.Send)
    found = _recipients(world, wanted)
    to = [take(each) for each in found]
    dialled = [destination(each.written) for each in to]
    ordered = order(world, wanted, files())
    first, *_ = send_all(world, ordered, list(zip(to, dialled, strict=True)))
    return answer_with(
        {"messageId": first.vendor_id} if wanted["async"] else show_fax(world, first, words.SEND_KEYS)
    )


def send_multiple() -> Response:
    """Send the same fax to many; errors stand in the list, the status is 200."""
    return _send_listed(load(parameters.SendMultiple))


def send_fax() -> Response:
    """Send a fax, or several; it is answered as send multiple answers (observed)."""
    return _send_listed(load(parameters.SendFax))


def _send_listed(wanted: Mapping[str, Any]) -> Response:
    world = context().world
    return _to_many(world, wanted, files(), _recipients(world, wanted))


def _recipients(world: LivingWorld, wanted: Mapping[str, Any]) -> list[Recipient | MfaxError]:
    # Both are names of the one destination; a client that sets both does not want it twice.
    numbers = map(Recipient, wanted["recipientFax"] or wanted.get("faxNumber", ()))
    name = wanted.get("recipientName", "")
    return list_recipients(world, list(numbers), wanted["recipientContacts"], name)


def blast() -> Response:
    """Send the same fax to everybody in an Excel file; the answer is that of send multiple (assumed)."""
    world, wanted = context().world, load(parameters.Blast)
    part = request.files.get("recipient")
    rows = read_recipients(part.read() if part else b"")
    to = list_recipients(world, [Recipient(*row) for row in rows])
    return _to_many(world, wanted, files(but="recipient"), to)


def _to_many(
    world: LivingWorld,
    wanted: Mapping[str, Any],
    files: list[SentFile],
    found: list[Recipient | MfaxError],
) -> Response:
    outcomes = send_each(world, lambda: order(world, wanted, files), found)
    return answer_with(
        {
            "success": [
                show_fax(world, fax, words.MULTIPLE_KEYS, NO_USERS)
                for fax in outcomes
                if isinstance(fax, Fax)
            ],
            "errors": [
                {"error": str(error), "recipientFax": to.written if isinstance(to, Recipient) else ""}
                for to, error in zip(found, outcomes, strict=True)
                if isinstance(error, MfaxError)
            ],
        }
    )


def resend() -> Response:
    """Send an earlier fax once more, as a new fax; what forbids it is listed with HTTP 200 (observed)."""
    world, wanted = context().world, load(parameters.Resend)
    fax = _find(wanted["messageId"])
    if fax.direction is Direction.inbound and "recipientFax" not in wanted:
        raise invalid("recipientFax: a fax that came in is sent on to a number.")
    to = Recipient(wanted.get("recipientFax", fax.to))
    (outcome,) = send_each(world, lambda: order_again(world, fax, wanted), [to])
    if isinstance(outcome, MfaxError):
        wrong = {"input": {"faxNumber": to.written}, "error": str(outcome)}
        return answer_with({"success": [], "errors": [wrong]})
    keys = words.RESEND_SHORT_KEYS if switch(context().settings, "resend_short") else words.RESEND_KEYS
    return answer_with({"success": [show_fax(world, outcome, keys, NO_USERS)], "errors": []})


def preview() -> Response:
    """Answer with the PDF that a send would make."""
    return _pdf(render(context().world, load(parameters.Preview), files()))


def cancel_fax(messageId: str) -> Response:  # noqa: N803
    """Stop a fax that is processing or scheduled."""
    fax = _find(messageId)
    try:
        return _changed(context().world.cancel(fax.id, states=CANCELLABLE))
    except IllegalEvent:
        raise invalid(NOT_CANCELLED[context().world.fax(fax.id).final]) from None


def update_fax(messageId: str) -> Response:  # noqa: N803
    """Change isArchived, the only property that can be edited."""
    wanted = load(parameters.Update)
    return _changed(_note(_find(messageId), **wanted))


def delete_fax(messageId: str) -> Response:  # noqa: N803
    """Remove a fax from every answer; one that has not come to its end is not sent, and posts no webhook."""
    context().world.change(_find(messageId).id, remove)
    return answer_ok()


def download(messageId: str) -> Response:  # noqa: N803
    """Answer with the PDF of a fax; an inbound one counts as read from then on (assumed)."""
    load(parameters.Download)
    fax = _find(messageId)
    content = None if fax.problem else context().world.blob(fax.document)
    if content is None:
        if fax.document and not fax.problem:
            _note(fax, isFilePurged=True)
        raise not_found("File")
    if fax.direction is Direction.inbound:
        _note(fax, isRead=True)
    return _pdf(content)


def info(messageId: str) -> Response:  # noqa: N803
    """Show a fax as it stands."""
    world = context().world
    return answer_with(show_fax(world, world.count_poll(_find(messageId)), words.READ_KEYS, IN_SHORT))


def tag_fax(messageId: str) -> Response:  # noqa: N803
    """Put a tag on a fax; the answer is the fax object (assumed)."""
    wanted = load(parameters.FaxTag)
    tag = TAGS.get(context().world, wanted["tagId"]).id
    fax = _find(messageId)
    return _changed(_note(fax, tags=list(dict.fromkeys((*fax.details["tags"], tag)))))


def _find(message: str) -> Fax:
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


def _pdf(content: bytes) -> Response:
    return Response(content, mimetype="application/pdf")
