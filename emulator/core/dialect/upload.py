"""A document that a request has brought, as the fax will send it."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.documents import Inspection, Problem


@dataclass(frozen=True)
class Upload:
    """A kept document. One with a `problem` has no pages: its fax ends later, in the vendor's way."""

    digest: str | None = None
    pages: int = 0
    problem: str | None = None

    @classmethod
    def of(cls, document: Inspection, problem: Problem | None = None) -> Upload:
        """Take a document as it was found, or with a problem that only its vendor has with it."""
        wrong = document.problem or problem
        return cls(document.digest, 0 if wrong else document.pages, wrong and wrong.value)
