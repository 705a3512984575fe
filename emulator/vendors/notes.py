"""What is noted of the request that is being answered, for its view, its answer and its journal entry.

Flask's own places for this, `request` and `g`, are proxies: each look through one takes a microsecond, and
a request makes dozens.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Request

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.plan import HttpFault, Refused

if TYPE_CHECKING:
    from emulator.vendors.dialect import RequestContext

Accepted = tuple[LivingWorld, Fax]
"""A fax that the request has made, and where."""


@dataclass(slots=True)
class Notes:
    """Notes of one request, which `begun` at that instant of `time.perf_counter`."""

    request: Request
    serves: tuple[Vendor, Engine]
    """The vendor that is asked, and the engine behind it."""
    begun: float
    context: RequestContext | None = None
    """What it is for, once its credentials have found a sandbox."""
    stranger: bool = False
    """Whether its credentials found none."""
    foreign: bool = False
    """Whether its credentials are nobody's, and the default sandbox was opened to them all the same."""
    accepted: list[Accepted] = field(default_factory=list)
    refused: Refused | None = None
    """The refusal of a scenario."""
    suffered: tuple[HttpFault | None, str | None] = (None, None)
    """What a scenario does to a request that makes no fax, and the scenario's name."""
    declined: bool = False
    """Whether what it asks for is not done, which some vendors say with HTTP 200."""
    fax: str | None = None
    """The id of the fax that it is about."""
    trouble: str | None = None
    """Why its body cannot be unpacked, or what is wrong with it."""
    read: Any = None
    """What the vendor has read of it, in the vendor's own shape."""


present: ContextVar[Notes] = ContextVar("localfax.notes")
"""The notes of the request that this thread answers."""


def asked() -> Request:
    """The request that is being answered."""
    return present.get().request
