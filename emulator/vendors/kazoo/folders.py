"""Where a fax stands: outgoing, then outbox under a new id; incoming while its call lasts, then inbox."""

from __future__ import annotations

from dataclasses import replace

from emulator.core.dialect.vendor import Moment
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.submission import Arrival
from emulator.core.item import Record
from emulator.core.world import World
from emulator.vendors.kazoo.times import month, next_poll, with_patience
from emulator.vendors.kazoo.tokens import owner_of

OUTGOING, OUTBOX, INCOMING, INBOX = "outgoing", "outbox", "incoming", "inbox"
LINES = 10
"""Calls of one account at one time (observed)."""
MOST_FAXBOXES = 1000


def folder(fax: Fax) -> str:
    """Give the folder that a fax is in."""
    if fax.direction is Direction.inbound:
        return INBOX if fax.final else INCOMING
    return OUTBOX if fax.final else OUTGOING


def lists(where: str, faxbox: str | None, user: str | None) -> tuple[str, ...]:
    """Name the lists of a folder: the account's, the faxbox's, the user's."""
    name = f"kazoo/{where}"
    narrowed = (f"{name}/faxbox/{faxbox}" if faxbox else "", f"{name}/user/{user}" if user else "")
    return (name, *filter(None, narrowed))


def lists_of(fax: Fax) -> tuple[str, ...]:
    """Name the lists that hold a fax; what was received stands among the incoming ones too (observed)."""
    box, user = fax.details.get("faxbox"), fax.details.get("user")
    where = folder(fax)
    names = lists(where, box, user)
    return (*names, *lists(INCOMING, box, user)) if where == INBOX else names


def stored_id(at: float, job: str) -> str:
    """Give the id under which a job is kept once it has ended."""
    return f"{month(at)}-{job}"


def amend(moment: Moment) -> Fax:
    """Follow a change of state: the poll that picks a job up, the worker's patience, the last folder."""
    fax = moment.fax
    if fax.direction is Direction.outbound:
        return _MOVES.get(fax.state, _stay)(fax)
    if fax.state is State.failed:
        return fax.evolve(hidden=True)  # only what was received is stored (observed)
    return fax.evolve(folders=lists_of(fax)) if fax.final else fax


def _stay(fax: Fax) -> Fax:
    return fax


def _queued(fax: Fax) -> Fax:
    # A redial is picked up without waiting for the poll: it is due to the second.
    return fax if fax.attempts else fax.evolve(due_at=round(next_poll(fax.created_at, fax.changed_at), 3))


def _dialled(fax: Fax) -> Fax:
    call = with_patience(fax, fax.attempts[-1])
    if call is fax.attempts[-1]:
        return fax
    return fax.evolve(attempts=(*fax.attempts[:-1], call), due_at=round(call.answered_at, 3))


def _ended(fax: Fax) -> Fax:
    kept = stored_id(fax.created_at, fax.details["job"])
    return fax.evolve(vendor_id=kept, names=(kept,), folders=lists_of(fax))


_MOVES = {
    State.queued: _queued,
    State.dialing: _dialled,
    State.delivered: _ended,
    State.failed: _ended,
    State.cancelled: _ended,
}


def limits(moment: Moment) -> dict[str, int]:
    """Bound running calls: so many in the account, one for each destination (observed)."""
    lines, most = f"lines/{moment.vendor.name}", moment.settings.lines
    return {lines: LINES if most is None else most, f"{lines}/{moment.fax.to}": 1}


def arrive(moment: Moment, arrival: Arrival) -> Arrival:
    """Let a call ring for the faxbox that has the number called."""
    world, at = moment.world, moment.at
    job = world.ids.hex("kazoo/inbound", world.next("kazoo/inbound"))
    kept = stored_id(at, job)
    box = _faxbox_of(world, arrival.to)
    user = owner_of(world.sandbox)
    details = {
        "job": job,
        "faxbox": box and box.id,
        "user": user,
        "doc": {"from_number": arrival.sender, "to_number": arrival.to},
        "notifications": box.data.get("notifications", {}).get("inbound", {}) if box else {},
        "timezone": box.data.get("fax_timezone") if box else None,
    }
    names = lists(INCOMING, details["faxbox"], user)
    return replace(arrival, vendor_id=kept, names=(kept,), details=details, folders=names)


def _faxbox_of(world: World, number: str) -> Record | None:
    boxes = world.list(Record, "kazoo/faxboxes", limit=MOST_FAXBOXES)
    called = normalise(number)
    return next((box for box in boxes if called in _numbers(box)), None)


def _numbers(box: Record) -> set[str]:
    return {normalise(box.data[key]) for key in ("caller_id", "fax_identity") if box.data.get(key)}
