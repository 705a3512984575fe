"""Calls of a vendor's own API, as the smallest client of that vendor would make them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emulator.core.dialect.client import Ask, Client, Document

if TYPE_CHECKING:
    import requests

__all__ = ["CALL_HEADER", "Document", "Submitted", "client_of", "perform", "submit"]

CALL_HEADER = "X-Localfax-Call"
"""Carries a mark by which the call is found in the journal."""
PATIENCE = 660.0
"""Real seconds that a call may take: a scenario may hold it up for ten minutes."""


@dataclass(frozen=True)
class Submitted:
    """What a submit call came to: its HTTP status (None when the connection was cut), its answer, its fax."""

    vendor: str
    status: int | None
    answer: str
    fax: str | None = None

    @property
    def accepted(self) -> bool:
        """Tell whether the call made a fax, whatever was answered."""
        return self.fax is not None

    def known_as(self, fax: str | None) -> Submitted:
        """Give a copy that knows its fax."""
        return replace(self, fax=fax)


def client_of(vendor: str) -> Client:
    """Give how a vendor is called; raise LookupError for one that this program does not know."""
    from emulator.vendors import the_vendor

    known = the_vendor(vendor)
    if known.client is None:
        raise LookupError(f"this client cannot send by {vendor}")
    return known.client


def perform(session: requests.Session, ask: Ask, mark: str) -> requests.Response:
    """Make a call that the journal finds by its mark. Raises what requests raises."""
    given = ask.arguments
    return session.request(**{**given, "headers": {**given["headers"], CALL_HEADER: mark}}, timeout=PATIENCE)


def submit(session: requests.Session, vendor: str, ask: Ask, mark: str) -> Submitted:
    """Make a call that may send a fax; one that is cut is an answer too."""
    import requests

    try:
        answer = perform(session, ask, mark)
    except requests.RequestException as wrong:
        return Submitted(vendor, None, f"cut: {type(wrong).__name__}")
    return Submitted(vendor, answer.status_code, answer.text)
