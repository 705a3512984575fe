"""What is checked before a view runs: who calls, and by which verb."""

from __future__ import annotations

from collections.abc import Callable

from flask import Request, Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed

from emulator.vendors.dialect import enter
from emulator.vendors.ifax.errors import failure
from emulator.vendors.ifax.parameters import body
from emulator.vendors.ifax.tables import BAD_KEY
from emulator.vendors.ifax.words import is_live


def check_key() -> Response | None:
    """Find the sandbox of the header accessToken; answer 12001 for an unknown key and a blocked user."""
    here = enter(request.headers.get("accessToken", ""))
    if here is None:
        return failure(12001, BAD_KEY)
    if not here.settings.active:
        return failure(12001, BAD_KEY if is_live(here.settings) else None)
    if here.settings.profile.get("professional_plan", True) is False:
        return failure(12004)
    return None


def check_verb() -> Response | None:
    """Answer verbs other than POST with 12010 (assumed); `_method` counts as the verb (documented)."""
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    wrong = asked.routing_exception
    if wrong is not None and not isinstance(wrong, MethodNotAllowed):
        return None
    verb = body().get("_method") or (asked.args.get("_method") if asked.query_string else None)
    if str(verb or asked.method).upper() != "POST":
        return failure(12010)
    return None if wrong is None else _simulated()


def _simulated() -> Response:
    """Answer a request of another verb that says it is a POST."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "a request has an adapter"
    endpoint, values = adapter.match(method="POST")
    view: Callable[..., Response] = current_app.view_functions[endpoint]  # type: ignore[assignment]
    return view(**values)


CHECKS = (check_key, check_verb)
