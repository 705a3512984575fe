"""A telephone call that adds up: ring, set-up, pages and release follow from one model, in seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from emulator.core.faxes.outcomes import LINES, Outcome
from emulator.core.faxes.plan import CallPlan

DEFAULT_SPEED = 14_400
PAGE_BITS = {"standard": 151_000, "fine": 228_000, "superfine": 400_000}
"""A letter page in Group 4: 18 kB standard, 28 kB fine (measured on rendered pages); no page takes less."""

LONGEST_PAGE = 360.0
"""Seconds that a page's own size may make of it (documented: an engine's time for each)."""


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
    page_bytes: Sequence[int] = (),
) -> Attempt:
    """Work out a whole call before it happens; `pages` is what there is to send, `csid` the default one.

    `page_bytes` are the coded sizes of the first pages at standard resolution (see `large`).
    """
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
    takes = partial(page_time, plan, resolution, page_bytes)
    confirmed = _confirmed(plan, pages, takes)
    return Attempt(
        **common,  # type: ignore[arg-type]
        ring=ring,
        duration=_duration(plan, takes, confirmed, pages),
        pages_planned=pages,
        speed=plan.speed or DEFAULT_SPEED,
        ecm=True if plan.ecm is None else plan.ecm,
        csid=csid if plan.csid is None else plan.csid[:20],
        pages_at=confirmed,
    )


def large(page_bytes: Sequence[int]) -> tuple[int, ...]:
    """Keep the coded sizes of pages if any makes a call longer, for most take what an ordinary one does."""
    return tuple(page_bytes) if max(page_bytes, default=0) * 8 > PAGE_BITS["standard"] else ()


PageTime = Callable[[int], float]
"""The seconds that a page takes, by its index from 0."""


def _confirmed(plan: CallPlan, pages: int, takes: PageTime) -> tuple[float, ...]:
    count = pages if plan.outcome is Outcome.delivered else 0
    count = count if plan.pages is None else min(plan.pages, pages)
    between, setup, ends = _overhead(plan).between, setup_time(plan), accumulate(map(takes, range(count)))
    return tuple(round(setup + (end + between * index) * plan.pace, 3) for index, end in enumerate(ends))


def _duration(plan: CallPlan, takes: PageTime, confirmed: tuple[float, ...], pages: int) -> float:
    overhead = _overhead(plan)
    last = confirmed[-1] if confirmed else setup_time(plan)
    if plan.outcome is Outcome.line_error and len(confirmed) < pages:
        tail = overhead.between * bool(confirmed) + takes(len(confirmed)) / 2
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


def page_time(plan: CallPlan, resolution: str, page_bytes: Sequence[int], index: int) -> float:
    """Seconds of the page `index`, from 0: a larger one takes longer in that measure, whatever the speed."""
    if plan.per_page is not None:
        return plan.per_page
    usual = PAGE_BITS.get(resolution, PAGE_BITS["standard"]) / (plan.speed or DEFAULT_SPEED)
    times = _size(page_bytes, index) * 8 / PAGE_BITS["standard"]
    return usual if times <= 1 else max(usual, min(usual * times, LONGEST_PAGE))


def _size(page_bytes: Sequence[int], index: int) -> float:
    """The pages that follow those that were measured are as large as these are on average."""
    if index < len(page_bytes):
        return page_bytes[index]
    return sum(page_bytes) / len(page_bytes) if page_bytes else 0
