"""A running server, as its control plane shows it."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from localfax.connection import Connection, Refusal, Unreachable
from localfax.sandbox import Sandbox

if TYPE_CHECKING:
    from typing_extensions import Self

DEFAULT_URL = "http://127.0.0.1:8329"
_PAUSE = 0.05
"""Real seconds between two looks at a server that is not ready."""


class Localfax:
    """A server by its URL: the one given, else LOCALFAX_URL, else the default port of this machine."""

    def __init__(self, url: str | None = None) -> None:
        self.connection = Connection(url or os.environ.get("LOCALFAX_URL") or DEFAULT_URL)

    @property
    def url(self) -> str:
        """The server's address, without a slash at its end."""
        return self.connection.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.connection.close()

    def ready(self, wait: float = 0.0) -> dict[str, Any]:
        """Read name and version once the server is ready; raise Unreachable after `wait` real seconds."""
        deadline = time.monotonic() + wait
        while True:
            try:
                self.connection.ask("GET", "/ready", patience=max(1.0, wait))
                return cast(dict[str, Any], self.connection.ask("GET", "/version"))
            except (Unreachable, Refusal) as wrong:
                if time.monotonic() >= deadline:
                    raise Unreachable(str(wrong)) from None
                time.sleep(_PAUSE)

    def sandboxes(self) -> list[Sandbox]:
        """List the sandboxes."""
        return [Sandbox(self.connection, row) for row in self.connection.rows("/sandboxes", "sandboxes")]

    def sandbox(self, sandbox_id: str = "default") -> Sandbox:
        """Read a sandbox; raise Refusal when there is none of that id."""
        return Sandbox(self.connection, self.connection.ask("GET", f"/sandboxes/{sandbox_id}"))

    def create(self, **settings: Any) -> Sandbox:
        """Make a sandbox from name, seed, clock, webhooks and balance, as POST /sandboxes takes them."""
        given = {name: value for name, value in settings.items() if value is not None}
        return Sandbox(self.connection, self.connection.ask("POST", "/sandboxes", json=given))

    def interception(self) -> dict[str, Any]:
        """Read which hosts are answered by way of this server as a proxy, and the certificate to trust."""
        return cast(dict[str, Any], self.connection.ask("GET", "/interception"))

    @contextmanager
    def serve(self, app: Any) -> Iterator[str]:
        """Have a WSGI or ASGI application reached during the block, at the URL that is given."""
        from localfax.applications import open_application
        from localfax.receiver import AppServer

        with open_application(app) as application, AppServer(application, host=self.own_address) as served:
            yield served.url

    @property
    def own_address(self) -> str:
        """The address of this machine as the server sees it, as far as that can be known from here."""
        place = urlsplit(self.url)
        family = socket.AF_INET6 if ":" in (place.hostname or "") else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as towards:  # nothing is sent
            towards.connect((place.hostname or "127.0.0.1", place.port or 80))
            return str(towards.getsockname()[0])

    def coverage(self) -> dict[str, Any]:
        """Read every documented endpoint, state and code, with its evidence."""
        return cast(dict[str, Any], self.connection.ask("GET", "/coverage"))
