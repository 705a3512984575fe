"""Whether a document can be drawn, and how large its coded pages are: found out once, before it is faxed."""

from __future__ import annotations

import json

from emulator.documents import child
from emulator.documents.conversion import to_pdf
from emulator.documents.inspection import Recent, inspect
from emulator.documents.problem import Problem, Unreadable

_SECONDS = 20.0
_PER_PAGE = 0.1
_MOST_SECONDS = 50.0
"""Real seconds: a proof is made under a lease, which lasts a minute."""

Sizes = tuple[int, ...]
"""Bytes of the first pages in Group 4 at standard resolution."""

_seen: Recent[Problem | Sizes] = Recent()
"""By digest: what stands in the way, or the pages."""


def seen(digest: str) -> Problem | Sizes | None:
    """Tell what this process found when it drew that document; None when it has not drawn it lately."""
    return _seen.get(digest)


def prove(content: bytes) -> Problem | Sizes:
    """Draw every page of a document in a child, once; give what stands in the way, or the pages' sizes."""
    digest = inspect(content).digest
    found = _seen.get(digest)
    if found is None:
        found = _draw(content)
        _seen.put(digest, found)
    return found


def _draw(content: bytes) -> Problem | Sizes:
    try:
        pages = inspect(pdf := to_pdf(content)).pages
        seconds = min(_SECONDS + _PER_PAGE * pages, _MOST_SECONDS)
        return tuple(json.loads(child.run("pdf_proof", pdf, seconds=seconds, pages=pages)))
    except Unreadable as error:
        return error.problem
