"""Sending: one document to one or many recipients, each a fax of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from emulator.core.engine.living import Prepared
from emulator.core.errors import Refused
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.submission import Submission
from emulator.vendors.dialect import call, concerns
from emulator.vendors.mfax.errors import MfaxError, invalid, refusal
from emulator.vendors.mfax.labels import tags
from emulator.vendors.mfax.letter import Letter, caller_id, compose
from emulator.vendors.mfax.people import caller
from emulator.vendors.mfax.recipients import Recipient, country_of, destination
from emulator.vendors.mfax.tables import NO_FILES
from emulator.vendors.mfax.tenant import NAME, Tenant

RESOLUTIONS = {"image": "fine"}
"""optimizeFax to resolution; text and auto are standard (assumed)."""

AT_ONCE = 100
"""Faxes of a list that are stored together."""

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
    if fax.document and tenant.world.store.blob(fax.document) is None:
        raise invalid(NO_FILES)
    return Order(letter, {name: fax.details[name] for name in shared}, resolution=fax.resolution)


def send_all(tenant: Tenant, wanted: Order, to: Sequence[Recipient]) -> list[Fax]:
    """Accept a fax to each recipient, or none; raise what forbids one: MfaxError, Refused by a scenario."""
    return _accepted(tenant, [_prepared(tenant, wanted, each) for each in to])


def send_each(tenant: Tenant, wanted: Order | MfaxError, to: Sequence[Recipient | MfaxError]) -> Outcomes:
    """Send to all; what is wrong with one recipient is its outcome and stops nobody else.

    Raises Refused, before anything is sent, when a scenario refuses the whole call.
    """
    outcomes = [_prepared_or_wrong(tenant, wanted, each) for each in to]
    good = [each for each in outcomes if isinstance(each, Prepared)]
    # In parts: nobody depends on the others, and a store is not held up by all of them at once.
    parts = (good[begin : begin + AT_ONCE] for begin in range(0, len(good), AT_ONCE))
    accepted = chain.from_iterable(_accepted(tenant, part) for part in parts)
    return [
        (recipient, outcome if isinstance(outcome, MfaxError) else next(accepted))
        for recipient, outcome in zip(to, outcomes, strict=True)
    ]


def _prepared_or_wrong(
    tenant: Tenant, wanted: Order | MfaxError, to: Recipient | MfaxError
) -> Prepared | MfaxError:
    if isinstance(to, MfaxError):
        return to
    if isinstance(wanted, MfaxError):
        return wanted
    try:
        return _prepared(tenant, wanted, to)
    except MfaxError as error:
        return error
    except Refused as refused:
        if (error_of_one := refusal(refused.fault)) is None:
            raise
        return error_of_one


def _prepared(tenant: Tenant, wanted: Order, recipient: Recipient) -> Prepared:
    to = destination(tenant, recipient.written)
    number = tenant.next("message")
    user, letter = caller(), wanted.letter
    details = {
        **wanted.details,
        **serials(tenant, number),
        "account": user["accountId"],
        "users": [user["uuid"]],
        "contacts": [recipient.contact] if recipient.contact else [],
        "country": country_of(to),
        "parts": list(letter.parts),
    }
    return call().world.prepare(
        Submission(
            vendor=NAME,
            vendor_id=tenant.uuid("message", number),
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


def _accepted(tenant: Tenant, prepared: Sequence[Prepared]) -> list[Fax]:
    accepted = call().world.accept(prepared)
    if accepted:
        concerns(accepted[0].id)
    return accepted


def serials(tenant: Tenant, number: int) -> dict[str, str]:
    """Give the fax server's own numbers of a fax, shown when it has been handed over; digits as text."""
    lengths = {"deliveryId": 19, "messageNumber": 7, "watermark": 10}
    ids = tenant.sandbox.ids
    return {name: str(ids.serial(f"{NAME}/{name}", number, digits)) for name, digits in lengths.items()}
