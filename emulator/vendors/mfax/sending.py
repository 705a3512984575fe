"""Sending: one document to one or many recipients, each a fax of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any, TypeVar

from emulator.core.dialect.moment import Moment
from emulator.core.engine.engine import LivingWorld
from emulator.core.faxes.fax import Fax, Submission
from emulator.core.faxes.plan import Refused
from emulator.core.world import World
from emulator.vendors.dialect import concerns, context
from emulator.vendors.mfax.account import caller, country_of, destination, switch
from emulator.vendors.mfax.errors import MfaxError, error_of_one, invalid
from emulator.vendors.mfax.letter import TEXTS, Letter, address, compose, compose_again
from emulator.vendors.mfax.objects.kinds import CONTACTS, TAGS
from emulator.vendors.mfax.parameters import SentFile
from emulator.vendors.mfax.tables import MOST_RECIPIENTS, NO_FILES

RESOLUTIONS = {"image": "fine"}
"""optimizeFax to resolution; text and auto are standard (assumed)."""

AT_ONCE = 100
"""Faxes of a list that are stored together."""

SERIALS = {"deliveryId": 19, "messageNumber": 7, "watermark": 10}
"""The fax server's own numbers of a fax and their digits; they are shown when it has been handed over."""

_SHARED = (*TEXTS, "cf", "tags", "webhookId", "parts")

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Recipient:
    """One destination; `written` is the number as the client wrote it."""

    written: str
    name: str = ""
    contact: str | None = None


def list_recipients(
    world: World, numbers: Sequence[Recipient], contacts: Sequence[str] = (), name: str = ""
) -> list[Recipient | MfaxError]:
    """List every destination in order; a contact that is not there is the error in its place.

    A `name` is that of a lone recipient; of several each keeps its own (assumed).
    """
    if len(numbers) + len(contacts) > MOST_RECIPIENTS:
        raise invalid(f"A call takes at most {MOST_RECIPIENTS} recipients.")
    found = [*numbers, *(_contact(world, uuid) for uuid in contacts)]
    if not found:
        raise invalid("recipientFax: at least one fax number is required.")
    if name and len(found) == 1 and isinstance(found[0], Recipient):
        return [replace(found[0], name=name)]
    return found


def _contact(world: World, uuid: str) -> Recipient | MfaxError:
    record = CONTACTS.find(world, uuid)
    if record is None:
        return invalid(f"Contact {uuid} not found.")
    if not record.data.get("faxNumber"):
        return invalid(f"Contact {uuid} has no fax number.")
    return Recipient(record.data["faxNumber"], record.data.get("name", ""), record.id)


def order(world: World, wanted: Mapping[str, Any], files: Sequence[SentFile]) -> Letter:
    """Make what a call sends, to nobody yet; raise InvalidInputError when there is nothing to send."""
    letter = compose(world, wanted, files)
    details = {
        **letter.submission.details,
        "cf": wanted["cf"],
        "tags": _known_tags(world, wanted["tags"]),
        "webhookId": wanted.get("webhookId"),
        "scheduledDate": wanted["scheduledDate"],
    }
    resolution = RESOLUTIONS.get(wanted["optimizeFax"], "standard")
    made = replace(letter.submission, send_at=wanted["scheduledDate"], resolution=resolution, details=details)
    return replace(letter, submission=made)


def _known_tags(world: World, wanted: Sequence[str]) -> list[str]:
    """The tags that there are, each once: the reference's own example names one that is none (documented)."""
    found = (TAGS.find(world, tag) for tag in wanted)
    return list(dict.fromkeys(tag.id for tag in found if tag is not None))


def order_again(world: World, fax: Fax, wanted: Mapping[str, Any]) -> Letter:
    """Make what sends a fax once more, to nobody yet, at its own date unless the call names another."""
    unfetched = fax.source.forget() if fax.source and fax.document is None else None
    if fax.document and world.blob(fax.document) is None:
        raise invalid(NO_FILES)
    date = wanted.get("scheduledDate", fax.details.get("scheduledDate"))
    made = Submission(
        "mfax",
        "",
        fax.details["callerId"],
        document=fax.document,
        document_name=fax.document_name,
        source=unfetched,
        pages=fax.pages,
        problem=None if unfetched else fax.problem,
        resolution=fax.resolution,
        send_at=date,
        details={**{name: fax.details[name] for name in _SHARED}, "scheduledDate": date},
    )
    return compose_again(world, fax, made)


def send_all(world: LivingWorld, ordered: Letter, to: Sequence[tuple[Recipient, str]]) -> list[Fax]:
    """Accept a fax to each recipient, whose number stands beside, or none; raises Refused by a scenario."""
    return _accept(world, [_prepare(world, ordered, *each) for each in to])


def send_each(
    world: LivingWorld, make: Callable[[], Letter], to: Sequence[Recipient | MfaxError]
) -> list[Fax | MfaxError]:
    """Send what `make` makes to all; what is wrong with one recipient stands in its place and stops no other.

    Raises Refused, before anything is sent, when a scenario refuses the whole call.
    """
    ordered = _or_error(make)
    outcomes = [_or_error(partial(_prepare_one, world, ordered, each)) for each in to]
    ready = [each for each in outcomes if isinstance(each, Moment)]
    # In parts: nobody depends on the others, and a store is not held up by all of them at once.
    parts = (ready[begin : begin + AT_ONCE] for begin in range(0, len(ready), AT_ONCE))
    accepted = chain.from_iterable(_accept(world, part) for part in parts)
    return [each if isinstance(each, MfaxError) else next(accepted) for each in outcomes]


def _or_error(make: Callable[[], _Made]) -> _Made | MfaxError:
    try:
        return make()
    except MfaxError as error:
        return error


def _prepare_one(world: LivingWorld, ordered: Letter | MfaxError, to: Recipient | MfaxError) -> Moment:
    recipient, letter = take(to), take(ordered)
    try:
        return _prepare(world, letter, recipient, destination(recipient.written))
    except Refused as refused:
        raise (error_of_one(refused.fault) or refused) from None


def take(made: _Made | MfaxError) -> _Made:
    """Take what is no error; raise what is one."""
    if isinstance(made, MfaxError):
        raise made
    return made


def _prepare(world: LivingWorld, ordered: Letter, recipient: Recipient, to: str) -> Moment:
    letter = address(world, ordered, to, recipient.name)
    message, serials = name_message(world)
    user = caller()
    details = {
        **letter.details,
        **serials,
        "account": user["accountId"],
        "users": [user["uuid"]],
        "contacts": [recipient.contact] if recipient.contact else [],
        "country": country_of(to),
        "transmitting_word": bool(switch(context().settings, "transmitting_word")),
    }
    return world.prepare(replace(letter, vendor_id=message, details=details))


def _accept(world: LivingWorld, prepared: Sequence[Moment]) -> list[Fax]:
    accepted = world.accept(prepared)
    if accepted:
        concerns(accepted[0].id)
    return accepted


def name_message(world: World) -> tuple[str, dict[str, str]]:
    """Make the id of a new fax and the fax server's own numbers of it, digits as text."""
    number, ids = world.next("mfax/message"), world.ids
    serials = {name: str(ids.serial(f"mfax/{name}", number, digits)) for name, digits in SERIALS.items()}
    return ids.uuid("mfax/message", number), serials
