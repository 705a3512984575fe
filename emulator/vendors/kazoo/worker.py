"""What becomes of a job without its client: the poll that picks it up, the worker's patience, its folder."""

from __future__ import annotations

from dataclasses import replace
from math import floor

from emulator.core.dialect.moment import Moment
from emulator.core.faxes.call import Attempt, setup_time
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.kazoo.tables import LINES
from emulator.vendors.kazoo.words import INBOX, INCOMING, folder_of, lists_of, stored_id

POLL = 5.0
"""Seconds between two looks at the queue (observed)."""


def limits(moment: Moment) -> dict[str, int]:
    """Bound running calls: so many in the account, one for each destination (observed)."""
    lines, most = f"lines/{moment.vendor.name}", moment.settings.lines
    return {lines: LINES if most is None else most, f"{lines}/{moment.fax.to}": 1}


def amend(moment: Moment) -> Fax:
    """Follow a change of state."""
    fax = moment.fax
    if fax.direction is Direction.inbound:
        # Only what was received is stored (observed).
        return fax.evolve(hidden=True) if fax.state is State.failed else _filed(fax)
    if fax.state is State.queued and not fax.attempts:
        # A redial is picked up without waiting for the poll: it is due to the second.
        return fax.evolve(due_at=next_poll(fax.created_at, fax.changed_at))
    if fax.state is State.dialing:
        return _dialled(fax, fax.attempts[-1])
    if fax.final:
        kept = stored_id(fax.created_at, fax.details["job"])
        fax = fax.evolve(vendor_id=kept, names=(kept,))
    return _filed(fax)


def _dialled(fax: Fax, dialled: Attempt) -> Fax:
    call = cut_off(fax, dialled)
    if call is dialled:
        return fax
    return fax.evolve(attempts=(*fax.attempts[:-1], call), due_at=round(call.answered_at, 3))


def _filed(fax: Fax) -> Fax:
    """Put a fax that has ended into its lists; what was received stays among the incoming ones (observed)."""
    if not fax.final:
        return fax
    box, user, folder = fax.details.get("faxbox"), fax.details.get("user"), folder_of(fax)
    incoming = lists_of(INCOMING, box, user) if folder == INBOX else ()
    return fax.evolve(folders=(*lists_of(folder, box, user), *incoming))


def next_poll(created_at: float, at: float) -> float:
    """The first poll after `at`; counted from the job's creation, so that a run can be repeated."""
    return round(created_at + POLL * (floor((at - created_at) / POLL) + 1), 3)


# the worker's patience
USUAL: dict[str, float] = {"originate": 60, "negotiate": 120, "send": 360}
MODERN: dict[str, float] = {"originate": 120, "negotiate": 120, "send": 300}
"""Seconds that a worker of the 4.0 era, and of 4.3, waits: for an answer, the training, a page (observed)."""


def cut_off(fax: Fax, call: Attempt) -> Attempt:
    """End a call where the worker would lose patience."""
    setup = setup_time(fax.plan.dial(call.number))
    patience = MODERN if fax.details.get("modern") else USUAL
    if call.outcome is Outcome.stuck:
        return call
    if call.ring > patience["originate"]:
        return _given_up(replace(call, ring=patience["originate"]), "originate", 0, 0.0)
    if call.duration and setup > patience["negotiate"]:
        return _given_up(call, "negotiate", 0, patience["negotiate"])
    marks = (setup, *call.pages_at)
    for page, (begun, done) in enumerate(zip(marks, call.pages_at, strict=False)):
        if done - begun > patience["send"]:
            return _given_up(call, "send", page, round(begun + patience["send"], 3))
    return call


def _given_up(call: Attempt, stage: str, pages: int, duration: float) -> Attempt:
    outcome = Outcome.no_answer if stage == "originate" else Outcome.line_error
    done, code = call.pages_at[:pages], f"timeout-{stage}"
    return replace(call, outcome=outcome, duration=duration, code=code, pages_at=done)
