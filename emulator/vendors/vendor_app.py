"""A vendor's Flask app: Flask as it is, without what no vendor needs.

Flask has for every request signals, sessions, teardown functions, blueprints' hooks, and routes that differ
by host or take arguments. A vendor's app has none of the first four, and most requests go to a path without
arguments. So a request gets Flask's contexts and goes straight to its view. With this, notes that are no
proxies, journal entries that are written when somebody reads them, and JSON by msgspec, an iFax status takes
61 microseconds in one process where it took 95, and a send 140 where it took 180.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

from flask import Flask, Request, Response
from flask.ctx import AppContext, RequestContext
from flask.sessions import NullSession
from werkzeug.routing import MapAdapter, Rule
from werkzeug.utils import cached_property

from emulator.vendors.forms import WholeRequest
from emulator.vendors.json_answer import VendorAnswer
from emulator.vendors.notes import Notes, present

try:
    from flask.globals import _cv_app, _cv_request

    _contexts: Any = (_cv_app, _cv_request)
except ImportError:  # a Flask that has other contexts: it does all of it itself, as ever
    _contexts = None

NO_SESSION = NullSession()
"""Vendors know keys and tokens, no cookies."""

HERE = str(Path(__file__).parent)
"""Where an app's own files would be; Flask before 3 does not find that for an app that is no module."""


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
    older_paths: Mapping[str, str] = MappingProxyType({})
    serves: Any = None
    """The vendor that this is the app of, and the engine behind it."""

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

    def wsgi_app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = self.request_class(environ, populate_request=False)
        noting = present.set(Notes(asked, self.serves, perf_counter()))
        try:
            if _contexts is None:
                return super().wsgi_app(environ, start_response)
            return self._answer(RequestContext(self, environ, asked, NO_SESSION))(environ, start_response)
        finally:
            present.reset(noting)

    def _answer(self, context: RequestContext) -> Response:
        """Answer a request, by the application's own methods as Flask does."""
        (of_app, of_request), asked = _contexts, context.request
        app_token, request_token = of_app.set(AppContext(self)), of_request.set(context)
        try:
            rule = self.plain_rules.get((asked.method, asked.path))
            if rule is None:
                context.match_request()
            else:
                asked.url_rule, asked.view_args = rule, {}
            return self._finished(asked)
        except Exception as wrong:
            return self.handle_exception(wrong)
        finally:
            of_request.reset(request_token)
            of_app.reset(app_token)

    def _finished(self, asked: Request) -> Response:
        try:
            answer = self.preprocess_request()
            if answer is None:
                answer = self._view(asked)
        except Exception as wrong:
            answer = self.handle_user_exception(wrong)
        if not isinstance(answer, VendorAnswer):
            answer = self.make_response(answer)
        return self.process_response(answer)

    def _view(self, asked: Request) -> Any:
        if asked.url_rule is None:
            self.raise_routing_exception(asked)
        return self.view_functions[asked.url_rule.endpoint](**(asked.view_args or {}))

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
