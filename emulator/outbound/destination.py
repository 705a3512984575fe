"""What a URL names: what to connect to, what to ask for, and with which credentials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

Origin: TypeAlias = tuple[str, str, int]

PORTS = {"http": 80, "https": 443}

# Parsers disagree on these: such a URL can show one host to a reader and another to a socket.
_TRICKS = re.compile(r"[\x00-\x1f\x7f\\]|^[^/?#]*//[^/?#]*@[^/?#]*@")


# Some urllib3s take such names of hosts. An IPv6 address may have a zone behind its percent sign.
_NO_HOST = re.compile(r"[^\[].*[\s%]")


class BadUrl(ValueError):
    """A URL that this program does not follow."""


@dataclass(frozen=True)
class Destination:
    """Where a request goes. `path` includes the query; `credentials` are `user:password`."""

    scheme: str
    host: str
    port: int
    path: str
    credentials: str | None = None

    @property
    def origin(self) -> Origin:
        """Scheme, host and port: what connections and credentials are bound to."""
        return self.scheme, self.host, self.port

    @classmethod
    def parse(cls, text: str) -> Destination:
        """Read an absolute http or https URL; raise BadUrl."""
        from urllib3.exceptions import LocationParseError
        from urllib3.util import parse_url

        if _TRICKS.search(text):
            raise BadUrl("control characters, backslashes or several @ signs")
        try:
            url = parse_url(text)
        except LocationParseError as error:
            raise BadUrl("not a URL") from error
        if url.scheme not in PORTS or not url.host or _NO_HOST.match(url.host):
            raise BadUrl("only absolute http and https URLs are followed")
        # Percent-encoding leaves only ASCII in the path; credentials go out decoded.
        credentials = None if url.auth is None else unquote(url.auth)
        return cls(
            url.scheme,
            url.host.strip("[]"),
            PORTS[url.scheme] if url.port is None else url.port,
            url.request_uri,
            credentials,
        )
