"""Sending, resending and blasting faxes, and what is done to one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, request

from emulator.core.engine.steps import Change
from emulator.core.errors import IllegalEvent
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.vendors.dialect import call, concerns
from emulator.vendors.mfax import form, labels, schemas, sending
from emulator.vendors.mfax.errors import MfaxError, invalid, not_found
from emulator.vendors.mfax.history import visible
from emulator.vendors.mfax.letter import preview
from emulator.vendors.mfax.recipients import Recipient, destination, recipients
from emulator.vendors.mfax.shapes import CHANGED, MULTIPLE, READ, RESENT, RESENT_SHORT, SENT
from emulator.vendors.mfax.spreadsheet import read_recipients
from emulator.vendors.mfax.tables import CANCELLABLE
from emulator.vendors.mfax.tenant import NAME, Tenant, here
from emulator.vendors.mfax.view import IN_SHORT, NOBODY, show, words_of


def send() -> Response:
    """Send to every destination, or to none when one is refused, and show the first fax."""
    tenant, wanted = here(), form.load(schemas.SendSchema)
    # Both are names of the one destination; a client that sets both does not want it twice.
    numbers = wanted["recipientFax"] or wanted["faxNumber"]
    found = recipients(tenant, numbers, wanted["recipientContacts"])
    to = [_good(each) for each in found]
    for each in to:
        destination(tenant, each.written)
    order = sending.order(tenant, wanted, form.files(), to)
    first, *_ = sending.send_all(tenant, order, to)
    return jsonify({"messageId": first.vendor_id} if wanted["async"] else show(tenant, first, SENT))


def _good(recipient: Recipient | MfaxError) -> Recipient:
    if isinstance(recipient, MfaxError):
        raise recipient
    return recipient


def send_multiple() -> Response:
    """Send the same fax to many; errors stand in the list, the status is 200."""
    tenant, wanted = here(), form.load(schemas.MultipleSchema)
    found = recipients(tenant, wanted["recipientFax"], wanted["recipientContacts"])
    return _to_many(tenant, wanted, form.files(), found)


def blast() -> Response:
    """Send the same fax to everybody in an Excel file; the answer is that of send multiple (assumed)."""
    tenant, wanted = here(), form.load(schemas.BlastSchema)
    part = request.files.get("recipient")
    numbers = read_recipients(part.read() if part else b"")
    return _to_many(tenant, wanted, form.files(but="recipient"), recipients(tenant, numbers, ()))


def _to_many(
    tenant: Tenant,
    wanted: Mapping[str, Any],
    files: list[tuple[str, bytes]],
    found: list[Recipient | MfaxError],
) -> Response:
    order: sending.Order | MfaxError
    try:
        order = sending.order(tenant, wanted, files, [each for each in found if isinstance(each, Recipient)])
    except MfaxError as error:
        order = error
    outcomes = sending.send_each(tenant, order, found)
    return jsonify(
        {
            "success": [show(tenant, fax, MULTIPLE, NOBODY) for _, fax in outcomes if isinstance(fax, Fax)],
            "errors": [
                {"error": str(error), "recipientFax": to.written if isinstance(to, Recipient) else ""}
                for to, error in outcomes
                if isinstance(error, MfaxError)
            ],
        }
    )


def resend() -> Response:
    """Send an earlier fax once more, as a new fax; what forbids it is listed with HTTP 200 (observed)."""
    tenant, wanted = here(), form.load(schemas.ResendSchema)
    fax = find(tenant, wanted["messageId"])
    if fax.direction is Direction.inbound and "recipientFax" not in wanted:
        raise invalid("recipientFax: a fax that came in is sent on to a number.")
    to = Recipient(wanted.get("recipientFax", fax.to))
    order: sending.Order | MfaxError
    try:
        order = sending.again(tenant, fax)
    except MfaxError as error:
        order = error
    _, outcome = sending.send_each(tenant, order, [to])[0]
    if isinstance(outcome, MfaxError):
        return jsonify(
            {"success": [], "errors": [{"input": {"faxNumber": to.written}, "error": str(outcome)}]}
        )
    keys = RESENT_SHORT if tenant.switch("resend_short") else RESENT
    return jsonify({"success": [show(tenant, outcome, keys, NOBODY)], "errors": []})


def preview_fax() -> Response:
    """Give the PDF that a send would make."""
    content = preview(here(), form.load(schemas.PreviewSchema), form.files())
    return Response(content, mimetype="application/pdf")


def cancel(messageId: str) -> Response:  # noqa: N803
    """Stop a fax that is processing or scheduled."""
    tenant = here()
    fax = find(tenant, messageId)
    states = frozenset(state for state, word in words_of(fax).items() if word in CANCELLABLE)
    try:
        cancelled = call().world.cancel(fax.id, states=states)
    except IllegalEvent:
        raise invalid("Only processing or scheduled faxes can be cancelled.") from None
    return jsonify(show(tenant, cancelled, CHANGED, NOBODY))


def update(messageId: str) -> Response:  # noqa: N803
    """Change isArchived, the only property that can be edited."""
    tenant, wanted = here(), form.load(schemas.UpdateSchema)
    fax = _note(tenant, find(tenant, messageId), **wanted)
    return jsonify(show(tenant, fax, CHANGED, NOBODY))


def delete(messageId: str) -> Response:  # noqa: N803
    """Remove a fax from every answer."""
    tenant = here()
    _note(tenant, find(tenant, messageId), hidden=True, deletedAt=tenant.now)
    return ok()


def download(messageId: str) -> Response:  # noqa: N803
    """Give the PDF of a fax; an inbound one counts as read from then on (assumed)."""
    tenant = here()
    form.load_query(schemas.DownloadSchema)
    fax = find(tenant, messageId)
    content = None if fax.problem else tenant.world.store.blob(fax.document or "")
    if content is None:
        if fax.document and not fax.problem:
            _note(tenant, fax, isFilePurged=True)
        raise not_found("File")
    if fax.direction is Direction.inbound:
        _note(tenant, fax, isRead=True)
    return Response(content, mimetype="application/pdf")


def info(messageId: str) -> Response:  # noqa: N803
    """Show a fax as it stands."""
    tenant = here()
    fax = call().world.polled(find(tenant, messageId))
    return jsonify(show(tenant, fax, READ, IN_SHORT))


def add_tag(messageId: str) -> Response:  # noqa: N803
    """Put a tag on a fax; the answer is the fax object (assumed)."""
    tenant, wanted = here(), form.load(schemas.FaxTagSchema)
    tag = labels.tags(tenant).get(wanted["tagId"]).id
    fax = find(tenant, messageId)
    fax = _note(tenant, fax, tags=list(dict.fromkeys((*fax.details["tags"], tag))))
    return jsonify(show(tenant, fax, CHANGED, NOBODY))


def find(tenant: Tenant, message: str) -> Fax:
    """Give a fax that the caller may see, or raise not found."""
    fax = tenant.world.find(NAME, message.lower())
    if fax is None or not visible(fax):
        raise not_found("Fax")
    concerns(fax.id)
    return fax


def ok() -> Response:
    """Answer the text OK, as the reference's samples do."""
    return Response("OK", mimetype="text/plain")


def _note(tenant: Tenant, fax: Fax, *, hidden: bool = False, **details: Any) -> Fax:
    if not hidden and all(fax.details.get(name) == value for name, value in details.items()):
        return fax
    return call().world.change(
        fax.id,
        lambda fax, at: Change(
            fax.evolve(version=fax.version + 1, hidden=hidden, details={**fax.details, **details})
        ),
    )
