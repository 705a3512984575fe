"""Requests to a vendor's own API, as the smallest client of that vendor would make them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, cast

from localfax import vendors
from localfax.asking import Ask, Client, Document

if TYPE_CHECKING:
    import requests

__all__ = ["MARK_HEADER", "Document", "Submitted", "client_of", "perform", "submit"]

_KNOWN = frozenset(each.name for each in iter_modules(vendors.__path__))
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
    if vendor in _KNOWN:
        return cast(Client, import_module(f"localfax.vendors.{vendor}").CLIENT)
    found = _client_beside(vendor)
    if found is None:
        raise LookupError(f"this client cannot send by {vendor}")
    return found


def _client_beside(vendor: str) -> Client | None:
    """Find the client of a vendor that was added to a server that is installed here."""
    try:
        from emulator.vendors import the_vendor
    except ImportError:
        return None
    return the_vendor(vendor).client


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
