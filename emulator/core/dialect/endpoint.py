"""A route of a vendor, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from emulator.core.dialect.words import DOCUMENTED, Evidence


@dataclass(frozen=True)
class Endpoint:
    """What is served where, what it takes, and how well it is known.

    `schema` is the marshmallow schema that the view loads, `place` where its fields come from (json, form,
    query, any). `statuses` are the HTTP statuses that it may answer unscripted. `source` says where the
    evidence stands, in a few words. Its `summary` is what the view's docstring says first, unless given.
    """

    name: str
    methods: tuple[str, ...]
    path: str
    view: Callable[..., Any]
    schema: type[Any] | None = None
    place: str = "json"
    statuses: tuple[int, ...] = (200,)
    evidence: Evidence = DOCUMENTED
    source: str = ""
    summary: str = ""

    def __post_init__(self) -> None:
        if not self.summary:
            object.__setattr__(self, "summary", (self.view.__doc__ or "").partition("\n")[0])
