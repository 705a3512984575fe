"""Lists of faxes: by date, from a cursor on, in pages whose cost does not grow with what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response

from emulator.core.faxes.fax import Fax
from emulator.vendors.dialect import Call, call
from emulator.vendors.ifax.answers import Failure, success
from emulator.vendors.ifax.body import body
from emulator.vendors.ifax.codes import TEXTS
from emulator.vendors.ifax.schemas import ReportSchema, load
from emulator.vendors.ifax.view import reported

PAGE = 100
"""Rows of one answer; the next begins behind `lastFaxId` (cursor observed, size assumed)."""

DAY = 86_400.0

LISTS = {"OB": "ifax/all/OB", "IB": "ifax/all/IB", None: "ifax/all"}

_report = ReportSchema()


@dataclass(frozen=True)
class Window:
    """Which rows are wanted: from `start` to before `end`, behind a fax, newest first or oldest."""

    start: float = 0.0
    end: float = float("inf")
    after: str | None = None
    newest: bool = True

    @classmethod
    def of(cls, wanted: Mapping[str, Any]) -> Window:
        """Read it from loaded parameters, whole days; raise Failure -2040 when it ends before it begins."""
        start, end = wanted.get("start", 0.0), wanted.get("end", float("inf"))
        if end < start:
            raise Failure(-2040)
        return cls(start, end + DAY, wanted.get("after"), wanted.get("order") != "oldest")

    def holds(self, fax: Fax) -> bool:
        """Tell whether the fax began within it."""
        return self.start <= fax.created_at < self.end

    def passed(self, fax: Fax) -> bool:
        """Tell whether no later row of the list can be within it."""
        return fax.created_at < self.start if self.newest else fax.created_at >= self.end


def rows(here: Call, name: str, window: Window, show: Callable[[Fax], Any]) -> list[Any]:
    """Give one page of a list; raise Failure 12130 for a cursor that never was a fax."""
    found: list[Any] = []
    for fax in _walk(here, name, window):
        if window.passed(fax) or len(found) == PAGE:
            break
        if window.holds(fax):
            found.append(show(fax))
    return found


def report() -> Response:
    """List the faxes of both directions, or of one, between two days (`fax-list`)."""
    here, wanted = call(), load(_report, body())
    return success(TEXTS[12106], rows(here, LISTS[wanted.get("side")], Window.of(wanted), reported))


def _walk(here: Call, name: str, window: Window) -> Iterator[Fax]:
    cursor = None if window.after is None else _place(here, window.after)
    while page := here.world.list(Fax, name, after=cursor, limit=PAGE + 1, descending=window.newest):
        yield from page
        cursor = page[-1].sequence


def _place(here: Call, job: str) -> int:
    fax = here.world.store.find(Fax, f"ifax/{job}")  # a deleted one still marks its place
    if fax is None:
        raise Failure(12130)
    return fax.sequence
