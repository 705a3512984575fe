"""Faxes that are sent: to one or many recipients, each a fax of its own, or once more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any, TypeVar

from flask import Response, request

from emulator.core.dialect.moment import Moment
from emulator.core.engine.engine import LivingWorld
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction
from emulator.core.faxes.plan import Refused
from emulator.core.world import World
from emulator.vendors.dialect import concerns, context
from emulator.vendors.mfax import parameters, words
from emulator.vendors.mfax.account import CONTACTS, caller, country_of, destination, switch
from emulator.vendors.mfax.errors import MfaxError, answer_with, error_of_one, invalid
from emulator.vendors.mfax.letter import Letter, address, order, order_again, render
from emulator.vendors.mfax.messages import answer_pdf, find_fax
from emulator.vendors.mfax.parameters import SentFile, files, load
from emulator.vendors.mfax.spreadsheet import read_recipients
from emulator.vendors.mfax.tables import MOST_RECIPIENTS
from emulator.vendors.mfax.words import NO_USERS, show_fax

AT_ONCE = 100
"""Faxes of a list that are stored together."""

SERIALS = {"deliveryId": 19, "messageNumber": 7, "watermark": 10}
"""The fax server's own numbers of a fax and their digits; they are shown when it has been handed over."""

_Made = TypeVar("_Made")


def send() -> Response:
    """Send to every destination, or to none when one is refused, and show the first fax."""
    world, wanted = context().world, load(parameters.Send)
    found = _recipients(world, wanted)
    to = [take(each) for each in found]
    dialled = [destination(each.written) for each in to]
    ordered = order(world, wanted, files())
    prepared = [_prepare(world, ordered, *each) for each in zip(to, dialled, strict=True)]
    first, *_ = _accept(world, prepared)
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
    fax = find_fax(wanted["messageId"])
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
    return answer_pdf(render(context().world, load(parameters.Preview), files()))


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
