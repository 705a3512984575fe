"""A vendor's Flask app, without what no vendor needs: coroutines, sessions, routes that differ by host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.routing import MapAdapter
from werkzeug.utils import cached_property

HERE = str(Path(__file__).parent)
"""Where an app's own files would be; Flask before 3 does not find that for an app that is no module."""


class Forms(FormDataParser):
    """Reads forms. One that is no UTF-8 holds nothing; Werkzeug before 3 calls it too large."""

    def parse(self, stream: IO[bytes], *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(stream, *args, **kwargs)
        except RequestEntityTooLarge as refusal:
            if not isinstance(refusal.__cause__, ValueError):
                raise
            return stream, self.cls(), self.cls()


class WholeRequest(Request):
    """A request whose body the server has received whole before it is answered.

    Its limits stand here and not in the app's settings, where Flask looks for them only since 3.1.
    """

    form_data_parser_class = Forms
    max_form_memory_size = 128 * 2**20
    """Bytes of a plain form field: a base64 document of 50 MB must pass."""
    max_form_parts = 10_000

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


class VendorApp(Flask):
    """Answers the requests to one vendor."""

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
