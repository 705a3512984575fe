"""The HTTP client of webhooks and document fetches: bounded in time and size, safe from any thread."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from emulator.core.message import Fetch, Fetched, FetchFailed, Message, Pairs, Reply, Trouble
from emulator.outbound.connections import Connections, Dialer, Inside
from emulator.outbound.encoding import Load, encode_message
from emulator.outbound.exchange import ForeignAnswer, Outgoing, exchange
from emulator.outbound.policy import OutboundPolicy

_KEPT_BODY = 4096
_KEPT_HEADER = 1024
_READ_BODY = 65536
"""A reply is read further than it is kept: only a connection that was read to its end can be used again."""
OWN_FETCH = "X-Localfax-Fetch"
"""Header of every fetch, by which a server of this program knows it: nobody's fax shows another's sandbox."""


class HttpClient:
    """Send messages and fetch documents within an outbound policy. No proxies, no netrc, no cookies.

    Certificates are checked against the system's store and those of `ca_file` (PEM); raises OSError when that
    cannot be read.
    """

    def __init__(
        self,
        policy: OutboundPolicy,
        *,
        connect_timeout: float = 3.0,
        read_timeout: float = 10.0,
        ca_file: Path | None = None,
    ) -> None:
        self._timeout = connect_timeout + read_timeout
        self._connections = Connections(Dialer(policy, connect_timeout, ca_file))

    @property
    def inside(self) -> dict[str, Inside]:
        """Applications in this process, by the host of their URLs: no connection is made to them."""
        return self._connections.inside

    def send(
        self,
        message: Message,
        load: Load,
        *,
        timeout: float | None = None,
        truncate: int | None = None,
        redirects: int = 0,
        drip: float = 0.0,
    ) -> Reply:
        """Send a message once and return what came back; trouble with the network is a reply too.

        `load` gives a file's content by digest or raises LookupError. `timeout` bounds the whole call in
        seconds. `truncate` cuts the body to so many bytes; `drip` is the real seconds between its halves.
        """
        started = time.monotonic()
        deadline = started + (timeout or self._timeout)
        answer = self._play(message, load, deadline, truncate, redirects, drip)
        return Reply(
            answer.status if answer.trouble is None else None,
            _clipped(answer.headers),
            answer.body[:_KEPT_BODY].decode("utf-8", "replace"),
            answer.trouble,
            time.monotonic() - started,
        )

    def send_together(self, times: int, message: Message, load: Load, **manner: Any) -> list[Reply]:
        """Send a message so many times at one moment, as `send` does once."""
        with ThreadPoolExecutor(times) as pool:
            sent = [pool.submit(self.send, message, load, **manner) for _ in range(times)]
            return [each.result() for each in sent]

    def _play(
        self,
        message: Message,
        load: Load,
        deadline: float,
        truncate: int | None,
        redirects: int,
        drip: float,
    ) -> ForeignAnswer:
        try:
            headers, body, url = encode_message(message, load)
        except LookupError:
            return ForeignAnswer(trouble=Trouble.bad_message)
        request = Outgoing(message.method, url, headers, body[:truncate], drip)
        return exchange(request, self._connections, limit=_READ_BODY, deadline=deadline, redirects=redirects)

    def fetch(self, fetch: Fetch) -> Fetched:
        """Fetch a document; raise FetchFailed unless a whole 2xx answer came in time and within bounds."""
        answer = exchange(
            Outgoing(
                fetch.method,
                fetch.url,
                (*fetch.headers, (OWN_FETCH, "1")),
                (fetch.body or "").encode("utf-8", "replace"),
            ),
            self._connections,
            limit=fetch.max_bytes,
            deadline=time.monotonic() + fetch.deadline,
            redirects=fetch.redirects,
        )
        reason = _reason(answer)
        if reason is not None or answer.status is None:
            raise FetchFailed(reason or Trouble.bad_reply, answer.status)
        media_type = (answer.header("content-type") or "").partition(";")[0].strip().lower()
        return Fetched(answer.status, media_type, answer.body)


NO_CONTENT = frozenset({204, 205})
"""Statuses of answers that hold no document."""


def _reason(answer: ForeignAnswer) -> Trouble | None:
    if answer.trouble is not None:
        return answer.trouble
    if answer.status is None or not 200 <= answer.status < 300 or answer.status in NO_CONTENT:
        return Trouble.bad_status
    return None if answer.whole else Trouble.too_large


def _clipped(headers: Pairs) -> Pairs:
    return tuple((name[:_KEPT_HEADER], value[:_KEPT_HEADER]) for name, value in headers)
