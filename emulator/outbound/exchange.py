"""One HTTP exchange: a request, the redirects it may follow, and an answer in which trouble is a value."""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from http.client import HTTPException, InvalidURL
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse

from emulator.core.decoding import BLOCK, unpack
from emulator.core.message import Pairs, Trouble
from emulator.outbound.connections import Connections, Inside
from emulator.outbound.destination import BadUrl, Destination
from emulator.outbound.encoding import basic
from emulator.outbound.policy import Forbidden


class BadMessage(Exception):
    """A request cannot be written as HTTP."""


_TROUBLES: tuple[tuple[type[Exception], Trouble], ...] = (
    # The first row that fits decides: gaierror, TimeoutError and SSLError are kinds of OSError.
    (Forbidden, Trouble.refused),
    (BadUrl, Trouble.bad_url),
    (BadMessage, Trouble.bad_message),
    (socket.gaierror, Trouble.unresolved),
    (TimeoutError, Trouble.timeout),
    (ReadTimeoutError, Trouble.timeout),
    (ssl.SSLError, Trouble.tls),
    (OSError, Trouble.unreachable),
    (HTTPException, Trouble.bad_reply),
    (HTTPError, Trouble.bad_reply),
    (zlib.error, Trouble.bad_reply),
    (ValueError, Trouble.bad_reply),
)
_EXPECTED = tuple(kind for kind, _ in _TROUBLES)

_DEFAULTS = {"User-Agent": "localfax", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})
"""Headers that say how long a message is: ours to write, or a caller could smuggle a second request."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REPEATS_METHOD = frozenset({307, 308})


@dataclass(frozen=True)
class Outgoing:
    """What goes out. Of headers with one name the last counts."""

    method: str
    url: str
    headers: Pairs = ()
    body: bytes = b""
    drip: float = 0.0
    """Real seconds between the two halves of the body."""

    def without(self, *names: str) -> Outgoing:
        """Copy it without the headers of these lower-case names."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() not in names))


@dataclass(frozen=True)
class ForeignAnswer:
    """What came back. `whole` is False when the body was cut by the limit or by trouble."""

    status: int | None = None
    headers: Pairs = ()
    body: bytes = b""
    whole: bool = False
    trouble: Trouble | None = None

    def header(self, name: str) -> str | None:
        """Look a header up by its lower-case name; of several with one name the first counts."""
        return next((value for each, value in self.headers if each.lower() == name), None)


def exchange(
    request: Outgoing, connections: Connections, *, limit: int, deadline: float, redirects: int
) -> ForeignAnswer:
    """Send a request and return the last answer; never raises for what a network or a peer does.

    `limit` bounds the decoded body in bytes; `deadline` (an instant of `time.monotonic`) bounds everything,
    redirects included. Where no redirects are followed a redirect is an answer like any other.
    """
    answer = _attempt(request, connections, limit, deadline)
    for _ in range(redirects):
        following = _redirected(request, answer)
        if following is None:
            return answer
        request, answer = following, _attempt(following, connections, limit, deadline)
    if redirects and _redirected(request, answer):
        return replace(answer, trouble=Trouble.too_many_redirects)
    return answer


def _attempt(request: Outgoing, connections: Connections, limit: int, deadline: float) -> ForeignAnswer:
    try:
        destination = Destination.parse(request.url)
        if (inside := connections.inside.get(destination.host)) is not None:
            return _ask(inside, request, destination, limit, deadline)
        with connections.lend(destination, deadline) as connection:
            _write(connection, request, destination)
            answer = _read(connection.getresponse(), limit)
            if not answer.whole:
                connection.close()
            return answer
    except _EXPECTED as error:
        return ForeignAnswer(trouble=_trouble(error))


def _ask(
    inside: Inside, request: Outgoing, destination: Destination, limit: int, deadline: float
) -> ForeignAnswer:
    """Ask an application in this process; an answer that comes too late is none."""
    headers = (*_headers(request, destination), ("Host", destination.host))
    if request.body:
        headers = (*headers, ("Content-Length", str(len(request.body))))
    status, pairs, body = inside(request.method, destination.path, headers, request.body)
    trouble = Trouble.timeout if time.monotonic() > deadline else None
    return ForeignAnswer(status, pairs, body[:limit], len(body) <= limit, trouble)


def _trouble(error: Exception) -> Trouble:
    return next(word for kind, word in _TROUBLES if isinstance(error, kind))


def _write(connection: HTTPConnection, request: Outgoing, destination: Destination) -> None:
    lines = {name: value.encode("utf-8", "replace") for name, value in _headers(request, destination)}
    if request.drip:
        lines["Content-Length"] = str(len(request.body)).encode()
    # A peer may answer, and close, before it has read everything: its answer counts.
    try:
        with suppress(BrokenPipeError):
            connection.request(
                request.method,
                destination.path,
                body=_halves(request) if request.drip else request.body or None,
                headers=lines,  # type: ignore[arg-type]  # bytes: the library would allow only Latin-1 in text
                preload_content=False,
            )
    except (ValueError, InvalidURL) as error:
        raise BadMessage(str(error)) from error


def _headers(request: Outgoing, destination: Destination) -> Pairs:
    headers = {name.lower(): (name, value) for name, value in _DEFAULTS.items()}
    if destination.credentials is not None:
        headers["authorization"] = ("Authorization", basic(destination.credentials))
    headers |= {name.lower(): (name, value) for name, value in request.headers}
    return tuple(pair for key, pair in headers.items() if key not in _FRAMING)


def _halves(request: Outgoing) -> Iterator[bytes]:
    half = len(request.body) // 2
    yield request.body[:half]
    time.sleep(request.drip)
    yield request.body[half:]


def _read(response: BaseHTTPResponse, limit: int) -> ForeignAnswer:
    body, whole, trouble = bytearray(), False, None
    if not 200 <= response.status < 300:
        limit = min(limit, BLOCK)
    try:
        for block in unpack(_blocks(response), response.headers.get("content-encoding", "")):
            body += block
            if len(body) > limit:
                break
        else:
            whole = True
    except _EXPECTED as error:
        trouble = _trouble(error)
    finally:
        response.close()
    return ForeignAnswer(
        response.status, tuple(response.headers.items()), bytes(body[:limit]), whole, trouble
    )


def _blocks(response: BaseHTTPResponse) -> Iterator[bytes]:
    # read1: a read of fixed size would wait until a slow peer has filled it.
    while block := response.read1(BLOCK, decode_content=False):
        yield block


def _redirected(request: Outgoing, answer: ForeignAnswer) -> Outgoing | None:
    """Make the request that a redirect asks for; None when the answer is no redirect."""
    location = answer.header("location")
    if answer.status not in _REDIRECTS or location is None:
        return None
    following = replace(request, url=_join(request.url, location))
    if answer.status not in _REPEATS_METHOD and request.method not in ("GET", "HEAD"):
        following = replace(following.without("content-type"), method="GET", body=b"")
    if _origin(following.url) != _origin(request.url):
        following = following.without("authorization", "cookie", "host")
    return following


def _join(base: str, location: str) -> str:
    try:
        # Header text arrives as Latin-1, whatever its bytes meant.
        return urljoin(base, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError:
        return location


def _origin(url: str) -> tuple[str, str, int] | None:
    with suppress(BadUrl):
        return Destination.parse(url).origin
    return None
