"""An account's faxes: found by id, listed by date from a cursor on, and what is noted beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from flask import Response

from emulator.core.dialect.moment import Moment
from emulator.core.engine.steps import Change
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import Direction, State
from emulator.vendors.dialect import RequestContext, concerns
from emulator.vendors.ifax.errors import IfaxError, success, success_in_parts
from emulator.vendors.ifax.tables import MISSING, PAGE_ROWS, WHOLE_ROWS
from emulator.vendors.ifax.words import SIDES, Keys, absence, page_rows, show

SENT, RECEIVED, ARCHIVE = "ifax/sent", "ifax/received", "ifax/archive"
"""Lists of faxes; behind a slash, those that one number received."""

REPORTED = {"OB": "ifax/all/OB", "IB": "ifax/all/IB", None: "ifax/all"}
"""The report's lists, which hold archived faxes too."""

SENT_IN = (SENT, REPORTED[None], REPORTED["OB"])  # what shows a sent fax

_DAY = 86_400.0


def folders_of(fax: Fax, *, archived: bool = False) -> tuple[str, ...]:
    """Name the lists that show a fax."""
    if archived:
        return (REPORTED[None], REPORTED[SIDES[fax.direction]], ARCHIVE)
    if fax.direction is Direction.outbound:
        return SENT_IN
    return (RECEIVED, f"{RECEIVED}/{fax.to}", REPORTED[None], REPORTED["IB"])


def amend(moment: Moment) -> Fax:
    """Show a received fax in the lists once it has arrived; a call that failed never shows."""
    fax = moment.fax
    return fax.evolve(folders=folders_of(fax)) if fax.state is State.arrived else fax


def find_fax(
    here: RequestContext, name: str, direction: Direction | None = None, *, missing: int = MISSING
) -> Fax:
    """Find a fax by one of its ids; raise IfaxError `missing` when there is none.

    There is none that was deleted, is of the other direction, or is still coming in: nobody knows its ids.
    """
    fax = here.world.find("ifax", name)
    if fax is None or direction not in (None, fax.direction) or absence(fax) is not None:
        raise IfaxError(missing)
    concerns(fax.id)
    return fax


def note(here: RequestContext, fax: Fax, make: Callable[[Fax], Mapping[str, Any]]) -> None:
    """Note details beside a fax, by what it holds at that moment."""

    def note(fax: Fax, at: float) -> Change:
        return Change(fax.evolve(version=fax.version + 1, details={**fax.details, **make(fax)}))

    here.world.change(fax.id, note)


def list_faxes(
    here: RequestContext, name: str, wanted: Mapping[str, Any], rows: Mapping[Direction, Keys]
) -> Response:
    """Answer with a list: the faxes of whole days, behind a fax, newest first or oldest.

    All of them, for the document names no pages; in the live profile a page (observed), whose size is the
    switch `page_rows`. Raises IfaxError: -2040 when the last day is before the first, 12130 for a cursor that
    never was a fax.
    """
    most = page_rows(here.settings)
    found = islice(_fitting(here, name, wanted), most)
    first = [show(fax, rows[fax.direction]) for fax in islice(found, WHOLE_ROWS)]
    if len(first) < WHOLE_ROWS:
        return success(12106, data=first)
    return success_in_parts(12106, chain(first, (show(fax, rows[fax.direction]) for fax in found)))


def _fitting(here: RequestContext, name: str, wanted: Mapping[str, Any]) -> Iterator[Fax]:
    start, last = wanted.get("start", 0.0), wanted.get("end", float("inf"))
    if last < start:
        raise IfaxError(-2040)
    end, newest = last + _DAY, wanted.get("order") != "oldest"
    for fax in _walk(here, name, _cursor(here, wanted.get("after")), newest):
        if fax.created_at < start if newest else fax.created_at >= end:
            return
        if start <= fax.created_at < end:
            yield fax


def _cursor(here: RequestContext, after: str | None) -> int | None:
    if after is not None:
        fax = here.world.store.find(Fax, f"ifax/{after}")  # a deleted one still marks its place
        if fax is None:
            raise IfaxError(12130)
        return fax.sequence
    return None


def _walk(here: RequestContext, name: str, cursor: int | None, newest: bool) -> Iterator[Fax]:
    while page := here.world.list(Fax, name, after=cursor, limit=PAGE_ROWS + 1, descending=newest):
        yield from page
        cursor = page[-1].sequence
