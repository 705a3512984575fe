"""A vendor's vocabulary as rows: each word, what it says, what leads to it, and how well that is known."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from emulator.core.dialect.switch import Takes
from emulator.core.faxes.call import Attempt
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.outcomes import Outcome


class Evidence(StrEnum):
    """How well something is known: it stands in a document, somebody saw it, or it is our guess."""

    documented = "documented"
    observed = "observed"
    assumed = "assumed"


DOCUMENTED, OBSERVED, ASSUMED = Evidence.documented, Evidence.observed, Evidence.assumed


@dataclass(frozen=True)
class Word:
    """One row of a vendor's vocabulary: a state, a code, an error, an event, a limit, a switch.

    `source` says in a few words where it is known from. A code has the `outcome` of a call that ends with it,
    None where no call does; one that `ends` none is that of a fax on its way. `code` is the number on the
    wire where that is not the word itself, `status` the HTTP status that an error comes with. A choice names
    the `switches` of the profile with which it is made otherwise, a switch what it `takes`.
    """

    word: str
    text: str
    evidence: Evidence = DOCUMENTED
    source: str = ""
    outcome: Outcome | None = None
    code: int | None = None
    status: int | None = None
    ends: bool = True
    switches: tuple[str, ...] = ()
    takes: Takes | None = None


def words(texts: Mapping[Any, Any], evidence: Evidence, source: str) -> tuple[Word, ...]:
    """Make the rows of a table whose words are all known in one way."""
    return tuple(Word(str(word), str(text), evidence, source) for word, text in texts.items())


NOBODY = "none known"
"""Who needs a switch that no public client was seen to need."""


def choices(
    texts: Mapping[str, str | tuple[str, str]],
    evidence: Evidence = ASSUMED,
    source: str = "nothing public decides",
) -> tuple[Word, ...]:
    """Make the rows of what was decided: what, beside it the names of its switches, with spaces between."""
    told = {word: (each, "") if isinstance(each, str) else each for word, each in texts.items()}
    return tuple(
        Word(word, text, evidence, source, switches=tuple(names.split()))
        for word, (text, names) in told.items()
    )


def switches(
    told: Mapping[str, tuple[Takes, str]], needed_by: Mapping[str, str] = MappingProxyType({})
) -> tuple[Word, ...]:
    """Make the rows of a profile's switches; the source of each says which public clients need it."""
    return tuple(
        Word(name, text, ASSUMED, needed_by.get(name, NOBODY), takes=takes)
        for name, (takes, text) in told.items()
    )


def code_of(
    end: Fax | Attempt, codes: Container[str], by_outcome: Mapping[Outcome | None, str], other: str = ""
) -> str:
    """How a fax or a call has ended: the code that its scenario names if the vendor has it, else the
    code of its outcome, else the other one.
    """
    own = end.code
    return own if own is not None and own in codes else by_outcome.get(end.outcome, other)
