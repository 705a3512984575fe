"""The proxy that records: requests go on to the real vendor, webhooks to the application, both into one file.

Addresses are those that the outbound policy lets in; the internet only when it was allowed.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from emulator.core.decoding import unpack
from emulator.core.message import Pairs, Trouble
from emulator.core.request_body import sent_headers
from emulator.outbound.connections import Connections, Dialer
from emulator.outbound.exchange import ForeignAnswer, Outgoing, exchange
from emulator.outbound.policy import OutboundPolicy
from emulator.server.answer import error_body
from emulator.server.environ import PROXIED_KEY
from emulator.server.guard import Guard, host_name
from emulator.server.proxy import Proxy
from emulator.traffic.body import read_body
from emulator.traffic.exchange import Exchange, Spoken
from emulator.traffic.recorder import HarFile
from emulator.vendors import all_vendors

WEBHOOKS = "/_webhooks"
"""Where the vendor's webhooks are taken, with whatever stands behind it."""
_LIMIT = 100 * 2**20
"""Bytes of an answer."""
_CONNECT, _PATIENCE = 10.0, 300.0
"""Real seconds to connect, and for a whole answer."""
_HOPS = frozenset({
    "connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "host", "content-length", "accept-encoding",
})  # fmt: skip
"""Headers between two neighbours, which are not passed on."""
_UNPACKED = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"})


@dataclass(frozen=True)
class Onward:
    """Where requests of one kind go: the URL before their path, or nowhere; the host that is recorded."""

    base: str | None
    host: str = ""
    webhook: bool = False


class RecordingProxy:
    """A WSGI application that hands on what it gets, and records it with what was answered.

    `upstream` is where the vendor is, `receiver` the application's address for webhooks: without one they are
    taken with an empty 200. `now` tells the instant of an exchange, in seconds since 1970. With a `way` it is
    a forward proxy too, for clients that ask for the vendor's own hosts: these are asked, unless there is an
    `upstream`.
    """

    def __init__(
        self,
        vendor: str,
        file: HarFile,
        upstream: str | None,
        *,
        policy: OutboundPolicy,
        host: str,
        receiver: str | None = None,
        now: Callable[[], float] = time.time,
        heard: Callable[[Exchange], None] = lambda exchange: None,
        way: Proxy | None = None,
    ) -> None:
        self.vendor, self.file, self._now, self._heard = vendor, file, now, heard
        self._vendor = Onward(upstream and upstream.rstrip("/"), host)
        self._receiver = Onward(receiver and receiver.rstrip("/"), "application.test", webhook=True)
        self._connections = Connections(Dialer(policy, _CONNECT))
        self._guard = Guard((), (host, *all_vendors()[vendor].hosts))
        self._way = way
        self.passage_for = None if way is None else way.passage_for
        """Finds what a CONNECT leads to; the server asks."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self._way is not None and PROXIED_KEY in environ and self._way.is_for_another(environ):
            return self._way.pass_on(environ, start_response)
        path = environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace")
        is_webhook = path == WEBHOOKS or path.startswith(f"{WEBHOOKS}/")
        # The vendor calls by the name of whatever tunnel leads here; nobody else has business under others.
        if not is_webhook and (reason := self._guard.refusal(environ)) is not None:
            return _answer(start_response, 403, (), error_body("refused", reason))
        route = self._receiver if is_webhook else self._route(environ)
        return self._pass_on(
            environ, start_response, route, path.removeprefix(WEBHOOKS) if is_webhook else path
        )

    def _route(self, environ: Mapping[str, Any]) -> Onward:
        """To whom a request goes: to the upstream, or to the vendor's host that it asks for."""
        if self._vendor.base is not None:
            return self._vendor
        named = environ.get("HTTP_HOST", "")
        scheme = "http" if environ.get(PROXIED_KEY) == "http" else "https"
        return Onward(f"{scheme}://{named}", host_name(named))

    def _pass_on(
        self, environ: dict[str, Any], start_response: Callable[..., Any], route: Onward, path: str
    ) -> Iterable[bytes]:
        at, begun = self._now(), time.monotonic()
        headers = tuple(sent_headers(environ))
        content = environ["wsgi.input"].read() if environ.get("wsgi.input_terminated") else _read(environ)
        query = environ.get("QUERY_STRING", "")
        method = environ["REQUEST_METHOD"]
        answer = self._ask(route, method, path, query, headers, content)
        if answer.status is None:
            self._record(route, at, begun, (method, path, query, headers, content), answer)
            reason = f"{route.base} gave no answer: {answer.trouble}"
            if answer.trouble is Trouble.refused:
                reason = f"{route.base} is out of bounds: the internet needs --allow-egress"
            return _answer(start_response, 502, (), error_body("no_answer", reason))
        self._record(route, at, begun, (method, path, query, headers, content), answer)
        kept = tuple(pair for pair in answer.headers if pair[0].lower() not in _UNPACKED)
        return _answer(start_response, answer.status, kept, answer.body)

    def _ask(
        self, route: Onward, method: str, path: str, query: str, headers: Pairs, content: bytes
    ) -> ForeignAnswer:
        if route.base is None:
            return ForeignAnswer(200, (), b"", True)
        from urllib.parse import quote

        url = route.base + quote(path, safe="/:@!$&'()*+,;=~-._%") + (f"?{query}" if query else "")
        kept = tuple(pair for pair in headers if pair[0].lower() not in _HOPS)
        asked = Outgoing(method, url, kept, content)
        deadline = time.monotonic() + _PATIENCE
        return exchange(asked, self._connections, limit=_LIMIT, deadline=deadline, redirects=0)

    def _record(
        self,
        route: Onward,
        at: float,
        begun: float,
        asked: tuple[str, str, str, Pairs, bytes],
        answer: ForeignAnswer,
    ) -> None:
        method, path, query, headers, content = asked
        made = Exchange(
            at=at,
            seconds=time.monotonic() - begun,
            method=method,
            host=route.host,
            path=path or "/",
            query=tuple(parse_qsl(query, keep_blank_values=True)),
            asked=Spoken(headers, read_body(_unpacked(content, headers), _type(headers))),
            status=answer.status,
            answered=Spoken(answer.headers, read_body(answer.body, _type(answer.headers))),
            vendor=self.vendor,
            webhook=route.webhook,
        )
        self.file.add(made)
        self._heard(made)


def _read(environ: dict[str, Any]) -> bytes:
    content: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return content


def _unpacked(content: bytes, headers: Pairs) -> bytes:
    """Unpack what a client has packed, as far as that can be done."""
    coding = next((value for name, value in headers if name.lower() == "content-encoding"), "")
    found = bytearray()
    try:
        for block in unpack(iter([content]), coding):
            found += block
            if len(found) > _LIMIT:
                return content
    except (ValueError, zlib.error):
        return content
    return bytes(found)


def _type(headers: Pairs) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _answer(start_response: Callable[..., Any], status: int, headers: Pairs, body: bytes) -> Iterable[bytes]:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    start_response(f"{status} {phrase}".rstrip(), [*headers, ("Content-Length", str(len(body)))])
    return [body]


def host_of(url: str) -> str:
    """The host and port that a URL names."""
    return urlsplit(url).netloc.rpartition("@")[2]
