"""Kazoo's instants: Gregorian seconds, the month in an id, the worker's poll and its patience."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor

from emulator.core.faxes.call import Attempt, setup_time
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.outcomes import Outcome
from emulator.core.instants import spell

GREGORIAN = 62_167_219_200
"""Seconds from the year 0 to 1970 (observed: the Erlang calendar's epoch)."""

POLL = 5.0
"""Seconds between two looks at the queue (observed)."""


@dataclass(frozen=True)
class Patience:
    """Seconds that a worker waits for an answer, for the training, and for each page."""

    originate: float
    negotiate: float
    send: float


USUAL, MODERN = Patience(60, 120, 360), Patience(120, 120, 300)
"""Of the 4.0 era, and of 4.3 (observed)."""


def gregorian(at: float) -> int:
    """Turn seconds since 1970 into Gregorian ones."""
    return int(at) + GREGORIAN


def month(at: float) -> str:
    """Give year and month in UTC, as ids of finished faxes begin."""
    return spell(at, "%Y%m")


def stamp(at: float) -> str:
    """Give the instant as 4.3 stamps its answers."""
    return spell(at, "%Y-%m-%dT%H:%M:%SZ")


def next_poll(created_at: float, at: float) -> float:
    """Give the first poll after `at`; counted from the job's creation, so that a run can be repeated."""
    return created_at + POLL * (floor((at - created_at) / POLL) + 1)


def with_patience(fax: Fax, call: Attempt) -> Attempt:
    """Cut a call off where the worker would lose patience."""
    setup = setup_time(fax.plan.dialled(call.number))
    patience = MODERN if fax.details.get("modern") else USUAL
    if call.outcome is Outcome.stuck:
        return call
    if call.ring > patience.originate:
        return _given_up(call, "originate", Outcome.no_answer, 0, ring=patience.originate)
    if call.duration and setup > patience.negotiate:
        return _given_up(call, "negotiate", Outcome.line_error, 0, duration=patience.negotiate)
    gaps = [after - before for before, after in zip((setup, *call.pages_at), call.pages_at, strict=False)]
    late = next((index for index, gap in enumerate(gaps) if gap > patience.send), None)
    if late is None:
        return call
    begun = (setup, *call.pages_at)[late]
    return _given_up(call, "send", Outcome.line_error, late, duration=round(begun + patience.send, 3))


def _given_up(
    call: Attempt,
    stage: str,
    outcome: Outcome,
    pages: int,
    *,
    ring: float | None = None,
    duration: float = 0.0,
) -> Attempt:
    return replace(
        call,
        ring=call.ring if ring is None else ring,
        duration=duration,
        outcome=outcome,
        code=f"timeout-{stage}",
        pages_at=call.pages_at[:pages],
    )
