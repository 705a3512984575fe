"""A vendor's Flask app, without what no vendor needs: coroutines, sessions, routes that differ by host."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import MapAdapter
from werkzeug.utils import cached_property


class WholeRequest(Request):
    """A call whose body the server has received whole before it is answered."""

    @cached_property
    def stream(self) -> IO[bytes]:
        environ = self.environ
        if not environ.get("wsgi.input_terminated"):
            return super().stream
        most = self.max_content_length
        if most is not None and int(environ.get("CONTENT_LENGTH") or 0) > most:
            raise RequestEntityTooLarge
        body: IO[bytes] = environ["wsgi.input"]
        return body


class NoSessions(SessionInterface):
    """Vendors know keys and tokens, no cookies."""

    none = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self.none


class App(Flask):
    """Answers the calls of one vendor."""

    request_class = WholeRequest
    session_interface = NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return None
        query = request.query_string.decode("latin-1")
        place = (request.root_path, "", request.scheme, request.path, request.method, query)
        return MapAdapter(self.url_map, request.environ.get("HTTP_HOST", ""), *place)
