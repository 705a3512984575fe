"""Whether a document can be drawn: found out once, before anybody is told that it was faxed."""

from __future__ import annotations

from emulator.documents import child
from emulator.documents.conversion import to_pdf
from emulator.documents.inspection import inspect
from emulator.documents.problem import Problem, Unreadable
from emulator.documents.trust import PROVEN, is_proven

_SECONDS = 20.0
_PER_PAGE = 0.1
_MOST_SECONDS = 50.0
"""Real seconds: a proof is made under a lease, which lasts a minute."""


def prove(content: bytes) -> Problem | None:
    """Draw every page of a document, small, in a child; give what stands in the way, or None."""
    digest = inspect(content).digest
    known = PROVEN.get(digest)
    if known is None:
        known = _problem(content) or True
        PROVEN.put(digest, known)
    return known if isinstance(known, Problem) else None


def _problem(content: bytes) -> Problem | None:
    try:
        document = inspect(pdf := to_pdf(content))
        if not is_proven(document.digest):
            seconds = min(_SECONDS + _PER_PAGE * document.pages, _MOST_SECONDS)
            child.run("pdf_proof", pdf, seconds=seconds, pages=document.pages)
    except Unreadable as error:
        return error.problem
    return None
