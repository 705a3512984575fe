"""The application under test, served so that webhooks reach it: WSGI as it is, ASGI a request at a time."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def to_wsgi(app: Any) -> Wsgi:
    """Take a WSGI application as it is, and wrap one of ASGI (a coroutine of scope, receive and send)."""
    called = app if inspect.isfunction(app) or inspect.ismethod(app) else type(app).__call__
    return _AsgiApplication(app) if inspect.iscoroutinefunction(called) else app


class _AsgiApplication:
    """Answers each WSGI request by one run of an ASGI application, in an event loop of its own.

    Its lifespan is not played: what it opens at its start is opened when it is made.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, headers, body = asyncio.run(_run(self._app, _scope(environ), environ["wsgi.input"].read()))
        line = f"{status} {HTTPStatus(status).phrase}"
        start_response(line, [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers])
        return [body]


async def _run(app: Any, scope: dict[str, Any], body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    events = [{"type": "http.request", "body": body, "more_body": False}]
    started: dict[str, Any] = {"status": 500, "headers": []}
    pieces: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return events.pop(0) if events else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        elif message["type"] == "http.response.body":
            pieces.append(message.get("body", b""))

    await app(scope, receive, send)
    return int(started["status"]), list(started.get("headers", [])), b"".join(pieces)


def _scope(environ: dict[str, Any]) -> dict[str, Any]:
    named = {key[5:]: value for key, value in environ.items() if key.startswith("HTTP_")}
    named |= {key: environ[key] for key in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(key)}
    path = environ["PATH_INFO"].encode("latin-1")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": environ["REQUEST_METHOD"],
        "scheme": "http",
        "path": path.decode("utf-8", "replace"),
        "raw_path": path,
        "query_string": environ["QUERY_STRING"].encode("latin-1"),
        "root_path": "",
        "headers": [
            (name.lower().replace("_", "-").encode("latin-1"), value.encode("latin-1"))
            for name, value in named.items()
        ],
        "client": ("127.0.0.1", 0),
        "server": (environ["SERVER_NAME"], int(environ["SERVER_PORT"])),
    }
