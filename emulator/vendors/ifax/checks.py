"""What is checked before a view runs: who calls, and by which verb."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from flask import Response, current_app
from werkzeug.exceptions import MethodNotAllowed

from emulator.vendors.dialect import enter, enter_default
from emulator.vendors.ifax.errors import IfaxError, failure
from emulator.vendors.ifax.parameters import body
from emulator.vendors.ifax.tables import BAD_KEY
from emulator.vendors.ifax.words import is_live
from emulator.vendors.notes import asked


def check_key() -> Response | None:
    """Find the sandbox of the key; answer 12001 for an unknown one and a blocked user.

    The key is in the header accessToken, or the user of HTTP authentication, or a parameter (documented, all
    three; the parameter's name is assumed).
    """
    key = _key()
    here = enter(key) or enter_default(key)
    if here is None:
        return failure(12001, BAD_KEY)
    if not here.settings.active:
        return failure(12001, BAD_KEY if is_live(here.settings) else None)
    if here.settings.profile.get("professional_plan", True) is False:
        return failure(12004)
    return None


def _key() -> str:
    request = asked()
    key = request.headers.get("accessToken")
    if key is not None:
        return key
    if (basic := request.authorization) is not None and basic.type == "basic":
        return basic.username or ""
    with suppress(IfaxError):
        told = body().get("accessToken") or request.args.get("accessToken")
        return told if isinstance(told, str) else ""
    return ""


def check_verb() -> Response | None:
    """Answer verbs other than POST with 12010 (assumed); `_method` counts as the verb (documented)."""
    request = asked()
    wrong = request.routing_exception
    if wrong is not None and not isinstance(wrong, MethodNotAllowed):
        return None
    verb = body().get("_method") or (request.args.get("_method") if request.query_string else None)
    if str(verb or request.method).upper() != "POST":
        return failure(12010)
    return None if wrong is None else _simulated()


def _simulated() -> Response:
    """Answer a request of another verb that says it is a POST."""
    adapter = current_app.create_url_adapter(asked())
    assert adapter is not None, "a request has an adapter"
    endpoint, values = adapter.match(method="POST")
    view: Callable[..., Response] = current_app.view_functions[endpoint]  # type: ignore[assignment]
    return view(**values)


CHECKS = (check_key, check_verb)
