"""A route of the control plane: what is served, what it takes, and what its OpenAPI document says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

JSON = "application/json"
ROOT = "/_localfax"


@dataclass(frozen=True)
class Route:
    """One method of one path (Flask's notation, below ROOT).

    `body` and `query` are the schemas that the view loads, `statuses` what it may answer; the first is
    that of success. `media` is the type of that answer, `takes` further types of body beside JSON.
    """

    method: str
    path: str
    view: Callable[..., Any]
    summary: str
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    statuses: tuple[int, ...] = (200,)
    media: tuple[str, ...] = (JSON,)
    takes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The operation's name."""
        return self.view.__name__
