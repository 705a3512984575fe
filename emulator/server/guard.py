"""Whose requests are answered: those for known hosts and of no web page of another origin, on every route."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

# Whole addresses: 127.0.0.1.evil.example is a name of somebody else's.
_LOOPBACK = re.compile(r"127(\.\d{1,3}){3}", re.ASCII)
# What else stood in a Host would go on into the addresses that vendors answer with.
_HOST = re.compile(r"(\[[\w:.%-]+\]|[\w.-]*)(?::(\d{0,5}))?", re.ASCII)
_LAST_PORT = 65535
OWN_FETCH = "HTTP_X_LOCALFAX_FETCH"
"""WSGI environ key of the header with which this program fetches documents: none that is its own."""
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1", "[::1]", "host.docker.internal", "localfax"})


class Guard:
    """Judges the `Host`, `Origin` and `Sec-Fetch-Site` headers of a request.

    `own` are names of this server; `vendors` are hosts that it stands in for: their real pages are foreign.
    `origins` are those whose pages may call a vendor that lets pages of any origin call it.
    """

    def __init__(self, own: Iterable[str], vendors: Iterable[str] = (), origins: Iterable[str] = ()) -> None:
        self.origins = frozenset(origin.strip().rstrip("/").lower() for origin in origins)
        self.own = _LOCAL | {host.lower() for host in own}
        self.vendors = frozenset(vendors)

    def refusal(self, environ: Mapping[str, Any], *, browsers: bool = False) -> str | None:
        """Say why a request is refused; None when it may pass.

        `browsers` says that it is for a vendor that pages of other origins may call.
        """
        named = environ.get("HTTP_HOST")
        if named is None and environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
            return None  # liveness checks send none, and no browser speaks this
        host = host_name(named or "")
        if host not in self.vendors and not self.knows(host):
            return f"unknown host {host!r}: start with --allow-host {host} to serve it"
        return self.page_refusal(environ, browsers=browsers)

    def page_refusal(self, environ: Mapping[str, Any], *, browsers: bool = False) -> str | None:
        """Say why a page may not have made a request, whatever host it is for."""
        origin = environ.get("HTTP_ORIGIN")
        if browsers and origin is not None and self.lets_read(origin):
            return None
        if origin is not None and not self.knows(_origin_host(origin)):
            return "calls from pages of another origin are refused"
        if environ.get("HTTP_SEC_FETCH_SITE", "").strip().lower() == "cross-site":
            return "cross-site calls from a browser are refused"
        if OWN_FETCH in environ:
            return "documents are not fetched from here"
        return None

    def lets_read(self, origin: str) -> bool:
        """Tell whether pages of an origin may call such a vendor: this machine's, and those named."""
        return origin.lower() in self.origins or self.knows(_origin_host(origin))

    def knows(self, host: str) -> bool:
        """Tell whether a host name, without port, is one of ours."""
        return host in self.own or host.endswith(".localhost") or _LOOPBACK.fullmatch(host) is not None


@lru_cache(maxsize=100)
def host_name(value: str) -> str:
    """Read the name in a Host header in lower case, without port and root's dot; empty when it is no host."""
    found = _HOST.fullmatch(value.strip().lower())
    return found[1].rstrip(".") if found and int(found[2] or 0) <= _LAST_PORT else ""


def _origin_host(origin: str) -> str:
    try:
        return (urlsplit(origin).hostname or "").lower()
    except ValueError:
        return ""
