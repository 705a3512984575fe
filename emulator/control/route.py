"""A route of the control plane: what is served, what it takes, and what its OpenAPI document says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

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
    slow: bool = False
    """Whether it may wait for long, which the server then lets it do beside all others."""
    slow_with: str = ""
    """The field of the query that makes it wait."""

    @property
    def name(self) -> str:
        """The operation's name."""
        return self.view.__name__


def find_slow(routes: Iterable[Route]) -> Callable[[str, str, str], bool]:
    """Make what tells by method, path and query whether a request may wait for long."""
    ways = [(_pattern(each), each.slow_with) for each in routes if each.slow or each.slow_with]

    def is_slow(method: str, path: str, query: str) -> bool:
        asked = f"{'GET' if method == 'HEAD' else method} {path}"
        return any(
            way.fullmatch(asked) and (not field or f"{field}=" in unquote(query)) for way, field in ways
        )

    return is_slow


def _pattern(route: Route) -> re.Pattern[str]:
    path = re.sub(r"<[^>]+>", "[^/]+", f"{ROOT}{route.path}")
    return re.compile(f"{route.method} {path}/?")
