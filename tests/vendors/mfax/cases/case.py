"""One call that shows what one parameter does, and the whole of what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.vendors.mfax.world import Call

LETTER = (
    "Page 1 of 1\nDear Sir or Madam,\nplease find the requested documents below.\n"
    "Reference: 2026-0417, account 4711\nKind regards"
)
"""What the one page of one-page.pdf says."""


@dataclass(frozen=True)
class Case:
    """A call with a parameter; `body` is the answer, `pages` the text of the document that came about."""

    operation: str
    parameter: str
    call: Call
    body: Any
    pages: tuple[str, ...] | None = None
    sent: tuple[str, ...] = ()
    """To whom faxes went, the first first."""
    status: int = 200


def cover(pages: int = 1, **tokens: str) -> str:
    """Give the text of the default cover page."""
    said = {"callerId": "5095550100", **tokens}
    lines = [
        "Fax Transmission",
        f"To: {said.get('recipientName', '')}",
        f"From: {said.get('senderName', '')}",
        f"Fax: {said.get('recipientFax', '')}",
        f"Fax: {said['callerId']}",
        f"RE: {said.get('subject', '')}",
        "Date: 2026-03-02",
        f"Pages: {pages}",
        f"Comments: {said.get('notes', '')}",
    ]
    return "\n".join(line.strip() for line in lines)
