"""What is checked before a view runs: who calls, and by which verb."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from flask import Request, Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed

from emulator.vendors.dialect import enter
from emulator.vendors.ifax.errors import IfaxError, failure
from emulator.vendors.ifax.parameters import body
from emulator.vendors.ifax.tables import BAD_KEY
from emulator.vendors.ifax.words import is_live


def check_key() -> Response | None:
    """Find the sandbox of the key; answer 12001 for an unknown one and a blocked user.

    The key is in the header accessToken, or the user of HTTP authentication, or a parameter (documented, all
    three; the parameter's name is assumed).
    """
    here = enter(_key())
    if here is None:
        return failure(12001, BAD_KEY)
    if not here.settings.active:
        return failure(12001, BAD_KEY if is_live(here.settings) else None)
    if here.settings.profile.get("professional_plan", True) is False:
        return failure(12004)
    return None


def _key() -> str:
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    key = asked.headers.get("accessToken")
    if key is not None:
        return key
    if (basic := asked.authorization) is not None and basic.type == "basic":
        return basic.username or ""
    with suppress(IfaxError):
        told = body().get("accessToken") or asked.args.get("accessToken")
        return told if isinstance(told, str) else ""
    return ""


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
