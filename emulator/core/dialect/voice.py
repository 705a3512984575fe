"""How a vendor says what is no endpoint's own answer; only the web framework knows what an answer is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emulator.core.faxes.plan import HttpFault

Check = Callable[[], Any]
"""Answers a request that must not go on, else gives None."""


@dataclass(frozen=True)
class Voice:
    """Each makes an answer: `http_error` of what HTTP itself refuses (404, 405, 413, …), `refused` of a
    scenario's refusal of the request that sends a fax, `unavailable` when the store cannot answer, `errors`
    of the exceptions that the vendor's views and checks raise.
    """

    http_error: Callable[[Any], Any]
    refused: Callable[[HttpFault], Any]
    unavailable: Callable[[], Any]
    errors: Mapping[type[Exception], Callable[[Any], Any]] = field(default_factory=dict)
