"""One request with its answer, as every reader gives it and every comparison takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from emulator.core.message import Pairs
from emulator.traffic.body import NOTHING, Payload


@dataclass(frozen=True)
class Spoken:
    """One side of an exchange: its headers and its body."""

    headers: Pairs = ()
    body: Payload = NOTHING

    def header(self, name: str) -> str | None:
        """Find the first header of that name, in any case."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)


@dataclass(frozen=True)
class Exchange:
    """A request to a vendor, or a webhook of the vendor's, with its answer.

    `at` is in seconds since 1970, `seconds` how long the answer took; `status` is None when none came. `path`
    begins behind what stands for the vendor's host. `webhook` says that the vendor asked. `place` is where it
    stands: a file and the number of its entry.
    """

    at: float
    method: str
    host: str
    path: str
    query: Pairs = ()
    asked: Spoken = Spoken()
    status: int | None = None
    answered: Spoken = Spoken()
    seconds: float = 0.0
    vendor: str = ""
    webhook: bool = False
    place: str = field(default="", compare=False)


def read_status(given: Any) -> int | None:
    """Read an HTTP status; None for what is none: nobody knows then what was answered."""
    status = int(given or 0)
    return status if 100 <= status <= 599 else None
