"""Sending: one document to one or many recipients, each a fax of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.core.engine import Submission
from emulator.core.errors import Refused
from emulator.core.fax import Fax
from emulator.core.numbers import normalise
from emulator.vendors.dialect import concerns
from emulator.vendors.mfax.errors import MfaxError, invalid, refusal
from emulator.vendors.mfax.labels import tags
from emulator.vendors.mfax.letter import Letter, caller_id, compose
from emulator.vendors.mfax.people import caller
from emulator.vendors.mfax.recipients import Recipient, country_of, destination
from emulator.vendors.mfax.tables import NO_FILES
from emulator.vendors.mfax.tenant import NAME, Tenant

RESOLUTIONS = {"image": "fine"}
"""optimizeFax to resolution; text and auto are standard (assumed)."""

Outcomes = Sequence[tuple[Recipient | MfaxError, Fax | MfaxError]]


@dataclass(frozen=True)
class Order:
    """What a call sends: the document and everything that all its faxes share."""

    letter: Letter
    details: Mapping[str, Any]
    send_at: float | None = None
    resolution: str = "standard"


def order(
    tenant: Tenant, wanted: Mapping[str, Any], files: Sequence[tuple[str, bytes]], to: Sequence[Recipient]
) -> Order:
    """Make the order of a call; raise InvalidInputError when there is nothing to send."""
    if len(to) == 1:
        wanted = {"recipientName": to[0].name} | dict(wanted)
    letter = compose(tenant, wanted, files, [normalise(each.written) for each in to])
    texts = {name: wanted.get(name) or None for name in ("recipientName", "senderName", "subject", "notes")}
    details = texts | {
        "callerId": caller_id(tenant, wanted),
        "cf": wanted["cf"],
        "tags": [tag for tag in wanted["tags"] if tags(tenant).find(tag)],
        "webhookId": wanted.get("webhookId"),
    }
    return Order(letter, details, wanted["scheduledDate"], RESOLUTIONS.get(wanted["optimizeFax"], "standard"))


def again(tenant: Tenant, fax: Fax) -> Order:
    """Make the order that sends a fax once more."""
    shared = ("recipientName", "senderName", "subject", "notes", "callerId", "cf", "tags", "webhookId")
    unfetched = fax.source.unfetched() if fax.source and fax.document is None else None
    problem = None if unfetched else fax.problem
    parts = tuple(fax.details["parts"])
    letter = Letter(fax.document, fax.pages, problem, fax.document_name, unfetched, parts)
    if fax.document and tenant.engine.store.blob(tenant.sandbox.id, fax.document) is None:
        raise invalid(NO_FILES)
    return Order(letter, {name: fax.details[name] for name in shared}, resolution=fax.resolution)


def send(tenant: Tenant, wanted: Order, recipient: Recipient) -> Fax:
    """Accept a fax to one recipient; raise MfaxError, or Refused for a scenario."""
    to = destination(tenant, recipient.written)
    number = tenant.next("message")
    user, letter = caller(), wanted.letter
    message = tenant.uuid("message", number)
    details = {
        **wanted.details,
        **serials(tenant, number),
        "account": user["accountId"],
        "users": [user["uuid"]],
        "contacts": [recipient.contact] if recipient.contact else [],
        "country": country_of(to),
        "parts": list(letter.parts),
    }
    fax = tenant.engine.submit(
        tenant.sandbox,
        Submission(
            vendor=NAME,
            vendor_id=message,
            to=to,
            sender=details["callerId"],
            document=letter.document,
            document_name=letter.name,
            source=letter.source,
            pages=letter.pages,
            problem=letter.problem,
            resolution=wanted.resolution,
            send_at=wanted.send_at,
            details=details,
        ),
    )
    concerns(fax.id)
    return fax


def serials(tenant: Tenant, number: int) -> dict[str, str]:
    """Give the fax server's own numbers of a fax, shown when it has been handed over; digits as text."""
    lengths = {"deliveryId": 19, "messageNumber": 7, "watermark": 10}
    ids = tenant.sandbox.ids
    return {name: str(ids.serial(f"{NAME}/{name}", number, digits)) for name, digits in lengths.items()}


def send_each(tenant: Tenant, wanted: Order | MfaxError, to: Sequence[Recipient | MfaxError]) -> Outcomes:
    """Send to all; what is wrong with one recipient is its outcome and stops nobody else."""
    return [(each, _outcome(tenant, wanted, each)) for each in to]


def _outcome(tenant: Tenant, wanted: Order | MfaxError, to: Recipient | MfaxError) -> Fax | MfaxError:
    if isinstance(to, MfaxError):
        return to
    if isinstance(wanted, MfaxError):
        return wanted
    try:
        return send(tenant, wanted, to)
    except MfaxError as error:
        return error
    except Refused as refused:
        if (error_of_one := refusal(refused.fault)) is None:
            raise
        return error_of_one
