"""The history of calls: one row a call under an id that rises, found by date and by the last id seen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.words import code_of
from emulator.core.faxes.call import Attempt
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.storage.store import SandboxStore
from emulator.vendors.openfax.inbound import unread
from emulator.vendors.openfax.tables import (
    CONVERSION_FAILED,
    FINISHED,
    RESULT_OF,
    RESULTS,
    STATE_OF,
    UNREPORTED,
)

COUNTER = "call"
"""What numbers a sandbox's calls: a fax's first one at its submit, the others when they begin."""

BLOCK = 200
"""Calls of one list: a page of the history reads a few of these, however long the history is."""

SPANS = (2_000_000, 20_000, BLOCK)
"""Calls of one list of finished faxes: a summary passes over the wide ones in which nothing has finished."""

DAY = 86_400.0
UNRENDERED = frozenset({Outcome.conversion_failed, Outcome.fetch_failed})


@dataclass(frozen=True)
class CallRecord:
    """One row of the history: a call of a fax, or the fax before its first one."""

    fax: Fax
    number: int
    at: float
    count: int
    """Which call of the fax it is, from 1."""
    call: Attempt | None
    latest: bool

    @property
    def state(self) -> int:
        """The CurrentState: the fax's own in its latest row; a call that another one followed is over."""
        return current_state(self.fax) if self.latest else FINISHED

    @property
    def status(self) -> int:
        """The LastStatus: -1 until the call has been reported, and of a fax that was cancelled before it."""
        uncalled = self.call is None and self.fax.state is State.cancelled
        if uncalled or (self.latest and self.fax.state in UNREPORTED):
            return -1
        end = self.fax if self.call is None else self.call
        return int(code_of(end, RESULTS, RESULT_OF))


def current_state(fax: Fax) -> int:
    """The CurrentState of a fax."""
    if fax.state is State.failed and fax.outcome in UNRENDERED:
        return CONVERSION_FAILED
    return STATE_OF[fax.state]


def records(fax: Fax) -> list[CallRecord]:
    """The rows of a fax, oldest first; a fax that was not called yet has one."""
    calls: tuple[Attempt | None, ...] = fax.attempts or (None,)
    rows = [CallRecord(fax, fax.first_call, fax.created_at, 1, calls[0], len(calls) == 1)]
    for count, call in enumerate(fax.attempts[1:], 2):
        rows.append(CallRecord(fax, call.id, call.started_at, count, call, count == len(calls)))
    return rows


def block_of(number: int) -> str:
    """Name the list that holds the faxes with that call."""
    return f"openfax/history/{number // BLOCK}"


def _finished_of(number: int, span: int) -> str:
    """Name the list that holds the faxes that have finished with that call, or one near it."""
    return f"openfax/finished/{span}/{number // span}"


def amend(moment: Moment) -> Fax:
    """Put a fax into the list of its latest call, and into those of the finished ones when it is.

    One that has arrived is put among the unread.
    """
    fax = moment.fax
    if fax.direction is Direction.inbound:
        return fax.evolve(folders=unread(fax)) if fax.state is State.arrived else fax
    number = records(fax)[-1].number
    wanted = [block_of(number), *(_finished_of(number, span) for span in SPANS if fax.final)]
    missing = tuple(name for name in wanted if name not in fax.folders)
    return fax.evolve(folders=(*fax.folders, *missing)) if missing else fax


@dataclass(frozen=True)
class Query:
    """What is asked for: days in UTC, both inclusive (assumed), rows after a number, `finished` or all."""

    first: date
    last: date
    after: int
    limit: int
    finished: bool

    def wants(self, row: CallRecord) -> bool:
        """Tell whether a row belongs to the answer."""
        in_time = _start(self.first) <= row.at < _start(self.last) + DAY
        return in_time and row.number > self.after and (not self.finished or (row.latest and row.fax.final))


def _start(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()


def page(store: SandboxStore, query: Query) -> list[CallRecord]:
    """The rows of a query in the order of their numbers."""
    rows: list[CallRecord] = []
    blocks = range(_first_block(store, query), _last_block(store) + 1)
    for block in _finished_blocks(store, blocks) if query.finished else blocks:
        found = _block(store, block, query.finished)
        if len(rows) >= query.limit or (found and found[0].at >= _start(query.last) + DAY):
            break
        rows += filter(query.wants, found)
    return rows[: query.limit]


def _first_block(store: SandboxStore, query: Query) -> int:
    """Find where to begin: numbers rise with time, so blocks can be searched by date."""

    def began(block: int) -> float:
        later = range(block, _last_block(store) + 1)
        return next((row.at for each in later for row in _block(store, each)), float("inf"))

    blocks = range(_last_block(store) + 1)
    by_date = bisect_left(blocks, _start(query.first), key=began) - 1
    return max(0, by_date, (query.after + 1) // BLOCK)


def _finished_blocks(store: SandboxStore, blocks: range, level: int = 0) -> Iterator[int]:
    """The blocks in which a fax has finished, without a look at each of the others."""
    span = SPANS[level]
    for part in range(blocks.start * BLOCK // span, (blocks.stop * BLOCK - 1) // span + 1):
        if store.count(_finished_of(part * span, span)):
            inner = range(part * span // BLOCK, (part + 1) * span // BLOCK)
            shared = range(max(blocks.start, inner.start), min(blocks.stop, inner.stop))
            yield from shared if span == BLOCK else _finished_blocks(store, shared, level + 1)


def _last_block(store: SandboxStore) -> int:
    return store.number(COUNTER) // BLOCK


def _block(store: SandboxStore, block: int, finished: bool = False) -> list[CallRecord]:
    name = _finished_of(block * BLOCK, BLOCK) if finished else block_of(block * BLOCK)
    faxes = store.list(Fax, name, limit=BLOCK, descending=False)
    rows = [row for fax in faxes for row in records(fax) if row.number // BLOCK == block]
    return sorted(rows, key=lambda row: row.number)
