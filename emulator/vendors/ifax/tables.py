"""iFax's words as data; rows of prose stand in tables.tsv, the table of codes, to the letter, in codes.csv.

That has 232 rows, 222 codes, 8 with several texts: `263` names a code, `6002/2` its second text.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from emulator.core.dialect.words import DOCUMENTED, OBSERVED, Evidence, Word, choices
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from emulator.documents.media_types import OFFICE, PDF
from emulator.vendors.countries import table
from emulator.vendors.ifax.choices import SWITCHES
from emulator.vendors.taken import AS_IT_IS, CONVERTED, DRAWN, PICTURES, RINGING, base64_forms, taken

STATES: dict[State, str] = {
    State.delivered: "delivered",
    State.failed: "failed",
    State.cancelled: "canceled",
    State.arrived: "received",
}
"""Final states (documented; `received` observed live); every other is `sending`."""

EARLY_STATES = frozenset(
    {State.scheduled, State.received, State.rendering, State.credit_check, State.credit_hold}
)
EARLY, LATER = "-11", "-3"
"""The codes of `sending` in those states, Pre-processing, and in later ones (arrows assumed)."""

OUTCOME_CODES: dict[Outcome | None, str] = {
    None: "0",
    Outcome.delivered: "0",
    Outcome.busy: "263",
    Outcome.no_answer: "8021",
    Outcome.not_fax: "9015",
    Outcome.bad_number: "3912",
    Outcome.circuits_busy: "9001",
    Outcome.hangup: "9012",
    Outcome.line_error: "9009",
    Outcome.conversion_failed: "9042",
    Outcome.fetch_failed: "-1004",
    Outcome.no_credit: "9040",
    Outcome.cancelled: "403",
}
"""The code of a finished fax; texts are documented, which outcome has which is assumed."""

CANCELLABLE = frozenset(State) - {State.reporting}
"""A fax whose call is over can be cancelled no more, -162 (assumed)."""

REDIALLED = frozenset(
    {Outcome.busy, Outcome.no_answer, Outcome.circuits_busy, Outcome.line_error, Outcome.hangup}
)
REDIAL_WAIT = 300.0
"""No redial is documented, so one call is made unless a scenario or max_attempts asks for more."""

QUALITIES = {"Low": "standard", "Standard": "standard", "HD": "fine"}
"""faxQuality (documented in the vendor's other documents) to the fax resolution that is sent (assumed)."""

EXTENSIONS = frozenset({"pdf", "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff"})
"""Names of attachments that are taken: PDF and images alone (documented; which images is assumed)."""

NEWER = ("doc", "docx")
"""Names that newer documentation of the vendor adds: with the switch office_files."""

SHARED_NUMBER = "+12345678901"
"""What a fax comes from when nobody names a number: fromNumber is E.164 (documented; this one a sample's)."""

MOST_FILES, MOST_BYTES = 50, 25 * 2**20
"""Files of one fax, and their bytes in all (that there are limits is documented, their size assumed)."""

PAGE_PRICE = 10_000  # micros: from $0.01 a page (documented)
TEST_PAGES = 50  # that a test key may send (that there is a limit is documented, its size assumed)
PAGE_ROWS = 100  # of a live answer; the next begins behind `lastFaxId` (cursor observed, size assumed)
WHOLE_ROWS = 200  # that are written in one piece; of a longer list the rows are sent as they are read
CHUNK = 512 * 1024  # characters of base64 in a chunk of a download (documented by its codes alone; assumed)
FOR_SALE = 10  # numbers offered in an area (assumed)
LABELS = ("Important", "Work", "Personal")  # unless the profile switch `labels` names others (assumed)

REFUSALS: dict[str, tuple[int, int]] = {
    "no_credit": (12012, 200),
    "restricted": (120100, 200),
    "invalid_number": (120100, 200),
    "unauthorized": (12001, 200),
    "rate_limited": (11013, 429),
    "server_error": (256, 500),
}
"""A scenario's refusal to code and HTTP status. Texts are documented; iFax names no rate limit, so its HTTP
status, like that of a server error, is assumed."""

HTTP_ERRORS = {400: 12009, 405: 12010, 413: -1063}  # have a row in the table, so come with 200 (assumed)
LIVE_TWINS = {12012: 12005}  # what the real service was seen to answer instead: profile `live`

BAD_KEY = "accessToken invalid"
"""The text of 12001 for an unknown key (observed); the document's USER_BLOCKED is for a blocked user."""

MISSING = 12021  # the code of a fax that is not there (documented)
PROCESSED = "-3/2"  # the message of operations for which no row of the table fits better (assumed)

TOLD = ("-3", "403", "12036", "12037", "12103", "12104", "12106", "12109", "12110", "12112", "12115", "12132")
"""Codes whose text is the message of an operation's success (assumed but for -3, which was observed)."""

PROFILES = {"live": {"profile": "live"}}
"""The profile `live` answers as the real service was observed to, where its document says otherwise."""

MAGIC = {
    "02": "failed with 263: iFax documents no redial",
    "06": "12012 (12005 in the live profile)",
    "13": "120100: iFax documents no restricted numbers",
    "20": "HTTP 500 with code 256",
    "21": "HTTP 429 with code 11013: iFax documents no rate limit",
}

_PREFERRED = {"0": "NORMAL_CLEARING"}  # the text of a code with several, not its first (observed live)


def _codes() -> Iterator[tuple[Word, str]]:
    """Read the table of codes in its order, the rows of codes with several texts once more behind it.

    Beside each word stands its group, which is ours.
    """
    with _HERE.with_name("codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    times, first = Counter(code for code, *_ in rows), {code: text for code, text, *_ in reversed(rows)}
    more, seen = [], Counter[str]()
    for code, text, group, outcome, line in rows:
        seen[code] += 1
        end, full = Outcome(outcome) if outcome else None, f"{code}/{seen[code]}"
        name = code if text == _PREFERRED.get(code, first[code]) else full
        on_its_way = group == "progress" and end is None
        source = f"line {line}; {_way_to(name, end)}"
        word = Word(name, text, DOCUMENTED, source, end, int(code), ends=not on_its_way)
        if name == code:
            yield word, group
        if times[code] > 1:
            more.append((replace(word, word=full), group))
    yield from more


def _way_to(name: str, end: Outcome | None) -> str:
    """Say how a client meets a code."""
    ways = {
        _ANSWERED: [row.word for row in _PROSE["errors"]],
        "an operation's message": (*TOLD, PROCESSED),
        "a fax has it": (EARLY, LATER, *OUTCOME_CODES.values()),
    }
    last = "a scenario makes a fax end so" if end else "scenario only"
    return " and ".join(way for way, names in ways.items() if name in names) or last


_ANSWERED = "an operation answers it"
_HERE = Path(__file__)
_PROSE = {
    name: [
        Word(word, text, Evidence(evidence), source, switches=tuple(switches))
        for _, word, text, evidence, source, *switches in rows
    ]
    for name, rows in groupby(table(_HERE.with_name("tables.tsv")), itemgetter(0))
}
_DOCUMENTED = {word.word: (word, group) for word, group in _codes()}
_OBSERVED = {row.word: replace(row, code=int(row.word)) for row in _PROSE.pop("live codes")}

CODES: Mapping[str, Word] = {name: word for name, (word, _) in _DOCUMENTED.items()} | _OBSERVED
"""Every code that a scenario may name."""

SUCCESSES = frozenset(name for name, (_, group) in _DOCUMENTED.items() if group in ("ok", "progress"))
"""Those that tell of a success."""

_LIVE_TEXT = Word("12001", BAD_KEY, OBSERVED, f"live traffic; {_ANSWERED}")
_SEED = "a PDF or an image (120109)"
_BY_SWITCH = f"with the switch office_files {CONVERTED}"
TABLES: Mapping[str, Sequence[Word]] = {
    "documents": (
        *taken(
            ((PDF,), AS_IT_IS, DOCUMENTED, _SEED),
            (PICTURES, DRAWN, DOCUMENTED, f"{_SEED}; which images is assumed"),
            ([OFFICE[kind] for kind in NEWER], _BY_SWITCH, OBSERVED, "newer documentation"),
        ),
        *_PROSE.pop("documents"),
    ),
    "base64": base64_forms("fileData; which forms is our choice"),
    "choices": (*_PROSE.pop("choices"), *choices(RINGING)),
    "switches": SWITCHES,
    "states": _PROSE.pop("states"),
    "codes": (*CODES.values(), _LIVE_TEXT),
    **_PROSE,
}
