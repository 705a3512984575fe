"""A call as a ladder: who says what to whom, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from emulator.web.place import JSON


@dataclass(frozen=True)
class Rung:
    """One thing said: `seconds` after the call began, by the caller (`out`) or by the one called."""

    seconds: float
    out: bool
    text: str


def list_rungs(fax: JSON, attempt: JSON) -> list[Rung]:
    """List the rungs of one call of a fax, its end too once the vendor has a word for it."""
    begun = _instant(attempt["started_at"])
    rungs = [
        Rung(_instant(entry["at"]) - begun, out, text)
        for entry in _entries(fax, attempt)
        if entry["what"] in _RUNGS
        for out, text in _RUNGS[entry["what"]](entry, fax)
    ]
    return [*rungs, *_end(attempt)]


def _entries(fax: JSON, attempt: JSON) -> Iterable[JSON]:
    number = attempt["number"]
    return (entry for entry in fax["timeline"] if entry.get("attempt", number) == number)


def _instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _dial(entry: JSON, fax: JSON) -> Iterator[tuple[bool, str]]:
    yield True, f"dial {fax['to']}"


def _answer(entry: JSON, fax: JSON) -> Iterator[tuple[bool, str]]:
    csid = entry.get("csid")
    yield False, f"answer as “{csid}”" if csid else "answer"
    if speed := entry.get("speed"):
        correction = "error correction" if entry.get("ecm") else "no error correction"
        yield True, f"training at {speed} bit/s, {correction}"


def _page(entry: JSON, fax: JSON) -> Iterator[tuple[bool, str]]:
    yield True, f"page {entry['page']} of {entry['of']} sent"
    yield False, f"page {entry['page']} of {entry['of']} confirmed"


_RUNGS: dict[str, Callable[[JSON, JSON], Iterator[tuple[bool, str]]]] = {
    "dialing": _dial,
    "ringing": _dial,
    "transmitting": _answer,
    "receiving": _answer,
    "page": _page,
}

_ENDS = {
    "delivered": (True, "end of fax, hang up"),
    "busy": (False, "busy tone"),
    "no_answer": (True, "nobody answers, hang up"),
    "not_fax": (False, "no fax tone"),
    "bad_number": (False, "number not in service"),
    "circuits_busy": (False, "all circuits busy"),
    "hangup": (False, "hang up in the middle"),
    "line_error": (False, "line lost"),
    "stuck": (True, "no end"),
}


def _end(attempt: JSON) -> Iterator[Rung]:
    if attempt["vendor_view"]:
        out, text = _ENDS.get(attempt["outcome"], (True, attempt["outcome"]))
        yield Rung(attempt["ring"] + attempt["duration"], out, text)
