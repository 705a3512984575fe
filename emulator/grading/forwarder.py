"""A receiver that passes everything on to another one, and may lose its answer or dawdle on the way."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from localfax.received import Received
from localfax.receiver import Receiver

_PATIENCE = 30.0
"""Real seconds that the other one may take."""
_HOP = frozenset({"host", "connection"})


@dataclass(frozen=True)
class Taken:
    """How an application took one request: what that said, the status or the error, real seconds."""

    message: str
    status: int | None
    error: str | None
    seconds: float


class Forwarder(Receiver):
    """Pass requests on to `target`; `url` stands for it.

    The first `lost` answers become a 500 although the request was taken; each body arrives in two halves,
    `pause` real seconds apart.
    """

    def __init__(self, target: str, *, lost: int = 0, pause: float = 0.0) -> None:
        super().__init__()
        parts = urlsplit(target)
        self._scheme, self._host = parts.scheme, parts.netloc
        self.lost, self.pause = lost, pause
        self.taken: list[Taken] = []
        self.url += parts.path + (f"?{parts.query}" if parts.query else "")

    def status_of(self, received: Received) -> int:
        """Pass a request on and say the status to answer with."""
        one = self._forward(received)
        self.taken.append(one)
        return 500 if len(self.taken) <= self.lost or one.status is None else one.status

    def _forward(self, received: Received) -> Taken:
        kind = HTTPSConnection if self._scheme == "https" else HTTPConnection
        other, half, sent = kind(self._host, timeout=_PATIENCE), len(received.body) // 2, time.monotonic()
        try:
            other.putrequest(received.method, received.target, skip_accept_encoding=True)
            for name, value in received.headers:
                if name.lower() not in _HOP:
                    other.putheader(name, value)
            other.endheaders(received.body[:half])
            self.released.wait(self.pause)
            other.send(received.body[half:])
            sent = time.monotonic()
            status: int | None = other.getresponse().status
        except (OSError, HTTPException):
            status = None
        finally:
            other.close()
        return Taken("", status, None if status else "unreachable", time.monotonic() - sent)
