"""What the application answers: asked in a thread, kept as bytes, for the loop to write when it is time."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Protocol

from emulator.core.errors import LocalfaxError
from emulator.server.environ import MANNER_KEY, Manner
from emulator.server.passage import NoPassage, Passage

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

SLOW = "slow"
"""What an application's `lane`, a function of the environ, says of a request that may wait for long."""

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_BODILESS = ("1", "204", "304")
_log = logging.getLogger(__name__)


class Stream(Protocol):
    """An answer without an end of its own. An application returns one in place of its iterable.

    The server calls `attach` once with what tells it, from any thread, that there is news; `read`, which
    never waits, takes what there is; `ended` says that nothing will follow. `heartbeat` is sent in a long
    silence, and `keep` is called every few seconds, from a thread that may wait.
    """

    heartbeat: bytes

    @property
    def ended(self) -> bool: ...

    def attach(self, wake: Callable[[], object]) -> None: ...

    def read(self) -> bytes: ...

    def keep(self) -> None: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Answer:
    """An answer's bytes. `last` tells that the connection ends with it."""

    pieces: list[bytes]
    last: bool
    manner: Manner
    stream: Stream | None = None
    passage: Passage | None = None
    """Whom the connection is for from now on, after a CONNECT."""


class _Started:
    """Holds what the application says by WSGI's `start_response`."""

    status = "500 Internal Server Error"
    headers: list[tuple[str, str]]

    def __init__(self) -> None:
        self.headers = []
        self.written: list[bytes] = []

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        self.status, self.headers = status, headers
        return self.written.append


def ask(app: WSGI, environ: dict[str, Any], keep_alive: bool) -> Answer:
    """Have the application answer; what it raises is logged and becomes a 500."""
    manner: Manner = environ[MANNER_KEY]
    started = _Started()
    try:
        found = app(environ, started)
        if hasattr(found, "attach"):
            return _stream(environ, started, found, manner)
        return _answer(environ, started, _read(found, started), keep_alive, manner)
    except Exception:
        _log.exception("%s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
        started, body = _Started(), [error_body("internal", "the server failed; its log says more")]
        started.headers.append(("Content-Type", "application/json"))
    return _answer(environ, started, body, keep_alive, manner)


def refuse(status: int, reason: str) -> Answer:
    """Make the answer to what is no request, in the control plane's shape of an error."""
    line, body = explain(status, reason)
    lines = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        lines.append(("Retry-After", "1"))
    return Answer([_head(line, lines, "close"), body], True, Manner())


def ask_passage(app: Any, environ: dict[str, Any]) -> Answer:
    """Have the application say what a CONNECT leads to; one without a word for that has no tunnels."""
    passage_for = getattr(app, "passage_for", None)
    if passage_for is None:
        return refuse(403, "no tunnels are served here")
    try:
        found = passage_for(environ)
    except NoPassage as wrong:
        return refuse(wrong.status, str(wrong))
    except LocalfaxError as wrong:
        return refuse(503, str(wrong))
    except Exception:
        _log.exception("CONNECT %s", environ["HTTP_HOST"])
        return refuse(500, "the server failed; its log says more")
    return Answer([_ESTABLISHED], False, Manner(), passage=found)


def explain(status: int, reason: str) -> tuple[str, bytes]:
    """Write a refusal's status line and its body in the control plane's shape of an error."""
    phrase = HTTPStatus(status).phrase
    return f"{status} {phrase}", error_body(phrase.lower().replace(" ", "_"), reason)


def error_body(code: str, message: str, field: str | None = None) -> bytes:
    """Write the control plane's shape of an error as JSON."""
    error = {"code": code, "message": message} | ({"field": field} if field else {})
    return json.dumps({"error": error}).encode()


def chunk(piece: bytes) -> bytes:
    """Frame a piece of a stream; the empty one ends it."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def _read(found: Iterable[bytes], started: _Started) -> list[bytes]:
    try:
        pieces = found if isinstance(found, list) else list(found)
        return started.written + pieces if started.written else pieces
    finally:
        close = getattr(found, "close", None)
        if close is not None:
            close()


def _answer(
    environ: dict[str, Any], started: _Started, pieces: list[bytes], keep_alive: bool, manner: Manner
) -> Answer:
    size = sum(map(len, pieces))
    headers = started.headers
    told = next((int(value) for name, value in headers if name.lower() == "content-length"), None)
    empty = environ["REQUEST_METHOD"] == "HEAD" or started.status.startswith(_BODILESS)
    if told is None and not started.status.startswith(_BODILESS):
        headers = [*headers, ("Content-Length", str(size))]
    if empty:
        pieces = []
    elif told is not None and size > told:
        pieces = [b"".join(pieces)[:told]]
    elif told is not None and size < told:
        keep_alive = False  # the client waits for the rest until the connection ends
    head = _head(started.status, headers, _connection(environ, keep_alive))
    return Answer(_join(head, pieces), not keep_alive, manner)


def _stream(environ: dict[str, Any], started: _Started, stream: Any, manner: Manner) -> Answer:
    chunked = environ["SERVER_PROTOCOL"] == "HTTP/1.1"
    headers = [*started.headers, ("Transfer-Encoding", "chunked")] if chunked else started.headers
    head = _head(started.status, headers, None if chunked else "close")
    if environ["REQUEST_METHOD"] == "HEAD":
        stream.close()
        return Answer([head], True, manner)
    return Answer([head], not chunked, manner, stream)


def _connection(environ: dict[str, Any], keep_alive: bool) -> str | None:
    if not keep_alive:
        return "close"
    return "keep-alive" if environ["SERVER_PROTOCOL"] == "HTTP/1.0" else None


def _head(status: str, headers: list[tuple[str, str]], connection: str | None) -> bytes:
    lines = [f"{name}: {value}\r\n" for name, value in headers]
    if connection is not None:
        lines.append(f"Connection: {connection}\r\n")
    text = f"HTTP/1.1 {status}\r\n{''.join(lines)}{_own_lines(_now())}\r\n"
    return text.encode("latin-1", "replace")


def _join(head: bytes, pieces: list[bytes]) -> list[bytes]:
    """Put a short body behind its head, so that both leave in one segment."""
    if sum(map(len, pieces)) <= 2**16:
        return [head + b"".join(pieces)]
    return [head, *pieces]


def _now() -> int:
    return int(time.time())


@lru_cache(maxsize=2)
def _own_lines(second: int) -> str:
    return f"Date: {formatdate(second, usegmt=True)}\r\nServer: localfax\r\n"
