"""Where the reader is: the sandbox that the page shows, and the way to the control plane."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any
from urllib.parse import quote

from flask import abort, current_app, g, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.sandboxes import DEFAULT

ROOT = "/_localfax"
_IN_MENU = 30
"""Sandboxes in the menu that switches between them."""

JSON = Mapping[str, Any]
"""An object of JSON."""
Status = tuple[int, Any]
"""An answer's HTTP status and its JSON."""
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PageView = Callable[..., Any]


class Plane:
    """The control plane as any client sees it, without a socket between.

    What it refuses while the page answers a request, the page refuses too.
    """

    def __init__(self, control: WSGI) -> None:
        self._control = control

    def read(self, path: str, **query: Any) -> Any:
        """Read `/_localfax{path}` as JSON; what is None or empty is left out of the query."""
        status, content = self._ask(path, query)
        answer = json.loads(content)
        if status >= 400:
            abort(status, answer["error"]["message"])
        return answer

    def find(self, path: str) -> Any:
        """Read `/_localfax{path}` as JSON; None when it is refused, as what was there may be gone."""
        content = self.fetch(path)
        return None if content is None else json.loads(content)

    def fetch(self, path: str) -> bytes | None:
        """Read `/_localfax{path}` as it is; None when it is refused."""
        status, content = self._ask(path, {})
        return content if status < 400 else None

    def write(self, method: str, path: str, body: JSON | None) -> Status:
        """Call `/_localfax{path}`, with a body as JSON; give the status and the answer, also a refusal's."""
        status, content = self._ask(path, {}, method=method, json=body)
        return status, json.loads(content) if content else {}

    def _ask(self, path: str, query: Mapping[str, Any], **options: Any) -> tuple[int, bytes]:
        wanted = {name: value for name, value in query.items() if value not in (None, "")}
        sent = EnvironBuilder(quote(ROOT + path), base_url=request.host_url, query_string=wanted, **options)
        pieces, status, _ = run_wsgi_app(self._control, sent.get_environ())
        return int(status[:3]), b"".join(pieces)


@dataclass(frozen=True)
class Place:
    """A sandbox as the control plane shows it."""

    sandbox: JSON

    @property
    def id(self) -> str:
        return str(self.sandbox["id"])

    @property
    def clock(self) -> JSON:
        clock: JSON = self.sandbox["clock"]
        return clock

    @cached_property
    def counts(self) -> JSON:
        """How many faxes are in each state, and what went wrong of late."""
        counts: JSON = plane().read(f"{self.root}/counts", full="true")
        return counts

    @property
    def root(self) -> str:
        """The path below which the sandbox's own pages are."""
        return f"/sandboxes/{self.id}"

    @property
    def control(self) -> str:
        """The path of the sandbox on the control plane."""
        return f"{ROOT}{self.root}"


def in_sandbox(view: PageView) -> PageView:
    """Have a view called with the sandbox of its path, the default one where the path names none."""

    @wraps(view)
    def show(sandbox: str = DEFAULT, **parts: str) -> Any:
        g.place = Place(plane().read(f"/sandboxes/{sandbox}"))
        return view(g.place, **parts)

    return show


def plane() -> Plane:
    found: Plane = current_app.extensions["plane"]
    return found


def vendors() -> Mapping[str, Vendor]:
    """The vendors by name."""
    found: Mapping[str, Vendor] = current_app.extensions["vendors"]
    return found


def origin() -> str:
    """Where the reader's browser finds this server."""
    return request.host_url.rstrip("/")


def list_sandboxes() -> Any:
    """List the first sandboxes, to switch to."""
    return plane().read("/sandboxes", limit=_IN_MENU)
