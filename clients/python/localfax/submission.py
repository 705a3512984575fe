"""Requests to a vendor's own API, as the smallest client of that vendor would make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.core.dialect.client import Ask, Client, Document

if TYPE_CHECKING:
    import requests

__all__ = ["MARK_HEADER", "Document", "Submitted", "client_of", "perform", "submit"]

OUR_NUMBER, THEIR_NUMBER = "+12125550100", "+13105550123"
"""Who is faxed, and who faxes us, when nobody says another number."""
MARK_HEADER = "X-Localfax-Call"
"""Carries a mark by which the request is found in the journal."""
_PATIENCE = 660.0
"""Real seconds that a request may take: a scenario may hold it up for ten minutes."""


@dataclass(frozen=True)
class Submitted:
    """What a submit came to: its HTTP status (None when the connection was cut), its answer, its fax."""

    vendor: str
    status: int | None
    answer: str
    fax: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether a fax was made, whatever was answered."""
        return self.fax is not None


def client_of(vendor: str) -> Client:
    """Find how a vendor is spoken to; raise LookupError for one that this program does not know."""
    from emulator.vendors import the_vendor

    known = the_vendor(vendor)
    if known.client is None:
        raise LookupError(f"this client cannot send by {vendor}")
    return known.client


def perform(session: requests.Session, ask: Ask, mark: str) -> requests.Response:
    """Make a request that the journal finds by its mark. Raises what requests raises."""
    given = ask.arguments
    return session.request(**{**given, "headers": {**given["headers"], MARK_HEADER: mark}}, timeout=_PATIENCE)


def submit(session: requests.Session, vendor: str, ask: Ask, mark: str) -> Submitted:
    """Make a request that may send a fax; a connection that is cut is an answer too."""
    import requests

    try:
        answer = perform(session, ask, mark)
    except requests.RequestException as wrong:
        return Submitted(vendor, None, f"cut: {type(wrong).__name__}")
    return Submitted(vendor, answer.status_code, answer.text)
