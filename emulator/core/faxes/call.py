"""A telephone call that adds up: ring, set-up, pages and release follow from one model, in seconds."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.core.faxes.outcomes import LINES, Outcome
from emulator.core.faxes.plan import CallPlan

DEFAULT_SPEED = 14_400
PAGE_BITS = {"standard": 151_000, "fine": 228_000, "superfine": 400_000}
"""A letter page in Group 4: 18 kB standard, 28 kB fine (measured on rendered pages)."""


@dataclass(frozen=True)
class Overhead:
    """Seconds of set-up before the first page, between two pages, and after the last."""

    setup: float
    between: float
    release: float


# A maker's service figures: T.30 about 12 / 4 / 3.5 s, V.8 with V.34 about 6 / 1 / 1 s.
T30 = Overhead(12, 4, 3.5)
V34 = Overhead(6, 1, 1)


@dataclass(frozen=True)
class Attempt:
    """One call. `ring` is seconds until answer or failure, `duration` seconds connected (0 if not answered).

    `pages_at` are the instants, in seconds from the answer, at which a page is confirmed.
    """

    number: int
    outcome: Outcome
    started_at: float
    ring: float
    duration: float
    pages_planned: int = 0
    pages_sent: int = 0
    speed: int | None = None
    ecm: bool | None = None
    csid: str | None = None
    code: str | None = None
    pages_at: tuple[float, ...] = ()
    id: int = 0
    """A number of the call's own, rising over the sandbox: call records and history ids follow from it."""

    @property
    def answered_at(self) -> float:
        return self.started_at + self.ring

    @property
    def ended_at(self) -> float:
        return self.started_at + self.ring + self.duration


def place_call(
    plan: CallPlan,
    *,
    number: int,
    pages: int,
    resolution: str,
    started_at: float,
    csid: str,
    call_id: int = 0,
) -> Attempt:
    """Work out a whole call before it happens; `pages` is what there is to send, `csid` the default one."""
    line = LINES[plan.outcome]
    ring = (line.ring if plan.ring is None else plan.ring) * plan.pace
    common = {
        "number": number,
        "outcome": plan.outcome,
        "started_at": started_at,
        "code": plan.code,
        "id": call_id,
    }
    if not line.answered:
        return Attempt(**common, ring=ring, duration=0.0)  # type: ignore[arg-type]
    if not line.fax:
        return Attempt(**common, ring=ring, duration=round(line.silence * plan.pace, 3))  # type: ignore[arg-type]
    confirmed = _confirmed(plan, pages, resolution)
    return Attempt(
        **common,  # type: ignore[arg-type]
        ring=ring,
        duration=_duration(plan, resolution, confirmed, pages),
        pages_planned=pages,
        speed=plan.speed or DEFAULT_SPEED,
        ecm=True if plan.ecm is None else plan.ecm,
        csid=csid if plan.csid is None else plan.csid[:20],
        pages_at=confirmed,
    )


def _confirmed(plan: CallPlan, pages: int, resolution: str) -> tuple[float, ...]:
    count = pages if plan.outcome is Outcome.delivered else 0
    count = count if plan.pages is None else min(plan.pages, pages)
    between, page = _overhead(plan).between, _page_time(plan, resolution)
    return tuple(
        round(setup_time(plan) + (page * (index + 1) + between * index) * plan.pace, 3)
        for index in range(count)
    )


def _duration(plan: CallPlan, resolution: str, confirmed: tuple[float, ...], pages: int) -> float:
    overhead = _overhead(plan)
    last = confirmed[-1] if confirmed else setup_time(plan)
    if plan.outcome is Outcome.line_error and len(confirmed) < pages:
        tail = overhead.between * bool(confirmed) + _page_time(plan, resolution) / 2
    elif plan.outcome is Outcome.hangup:
        tail = 1.0
    else:
        tail = overhead.release
    return round(last + tail * plan.pace, 3)


def setup_time(plan: CallPlan) -> float:
    """The seconds from the answer to the first page."""
    return (_overhead(plan).setup if plan.setup is None else plan.setup) * plan.pace


def _overhead(plan: CallPlan) -> Overhead:
    return V34 if (plan.speed or DEFAULT_SPEED) > DEFAULT_SPEED else T30


def _page_time(plan: CallPlan, resolution: str) -> float:
    if plan.per_page is not None:
        return plan.per_page
    return PAGE_BITS.get(resolution, PAGE_BITS["standard"]) / (plan.speed or DEFAULT_SPEED)
