"""What a form asks for where no script sends it: the control plane does it, and the reader comes back."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from flask import Response, abort, g, make_response, redirect, request

from emulator.core.json_text import read_json
from emulator.web.place import JSON, Status, plane, vendors

_METHODS = ("POST", "PATCH", "DELETE")
_SAID = "localfax-said"
"""Name of the cookie that takes a word to the page that comes next."""
_MOST_SAID = 300
_SOON = 10
"""Seconds that the word is kept."""
_EVERY = "{vendor}"
"""Stands in a path for each vendor in turn."""
_DEEPEST = 4
_MADE = "{id}"
"""Stands in the address that is gone to for the id of what was made."""


def run_errand(method: str, path: str) -> Response:
    """Call `/_localfax/{path}` with the form's fields as JSON, and go back with a word about it."""
    if method not in _METHODS:
        abort(404)
    done = [_call(method, each) for each in _addresses(f"/{path}")]
    status, answer = next((each for each in done if each[0] >= 400), done[-1])
    failed = status >= 400
    then = None if failed else request.args.get("then")
    went = make_response(redirect(_back(then, answer), 303))
    said = _complaint(answer["error"]) if failed else "Done."
    word = quote(f"{'-' if failed else '+'}{said[:_MOST_SAID]}")
    went.set_cookie(_SAID, word, max_age=_SOON, httponly=True, samesite="Strict")
    return went


def _complaint(error: JSON) -> str:
    return f"{error['field']}: {error['message']}" if "field" in error else str(error["message"])


def _addresses(path: str) -> list[str]:
    return [path.replace(_EVERY, name) for name in vendors()] if _EVERY in path else [path]


def _call(method: str, path: str) -> Status:
    return plane().write(method, path, None if method == "DELETE" else dict(_read_fields()))


def _back(then: str | None, answer: Any) -> str:
    """Choose where to go: where the form says, else from where it came, on this server alone."""
    if then and then.startswith("/sandboxes/"):
        return then.replace(_MADE, quote(str(answer.get("id", ""))))
    came = urlsplit(request.headers.get("Referer", ""))
    query = f"?{came.query}" if came.query else ""
    return f"/{came.path.lstrip('/')}{query}" if came.netloc == request.host else "/"


def _read_fields() -> Iterator[tuple[str, Any]]:
    """Read the fields as the script does: a dot or a stroke in a name goes a level down, [] makes a list."""
    found: dict[str, Any] = {}
    for name, value in request.form.items():
        if value or name in _MAY_BE_EMPTY:
            read = _READ.get(name) or (_value if "|" in name else str)
            _put(found, name, read(value))
    if "numbers" in request.form:
        found["active"] = "active" in request.form  # a tick that is not set is not sent
    if file := request.files.get("document"):
        found = {name: value for name, value in found.items() if name != "pages"}
        found["document"] = b64encode(file.read()).decode()
    yield from found.items()


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    *above, last = name.removesuffix("[]").split("|" if "|" in name else ".", _DEEPEST)
    for part in above:
        if not isinstance(body.get(part), dict):
            body[part] = {}
        body = body[part]
    body[last] = [value] if name.endswith("[]") else value


def _value(text: str) -> Any:
    """Read a number or another value of JSON; what is none stays a text."""
    try:
        return read_json(text)
    except ValueError:
        return text


_READ: dict[str, Callable[[str], Any]] = {
    "pages": _value,
    "balance": _value,
    "numbers": lambda value: [line.strip() for line in value.splitlines() if line.strip()],
    "webhooks.outbound": lambda value: value or None,
    "webhooks.inbound": lambda value: value or None,
}
"""By a field's name, what its text stands for; what is not named is a text."""
_MAY_BE_EMPTY = ("webhooks.outbound", "webhooks.inbound", "numbers")


def heard() -> tuple[str, bool] | None:
    """Take the word that is to be said on this page, and whether it tells of a failure."""
    word = unquote(request.cookies.get(_SAID, ""))
    g.said = bool(word)
    return (word[1:], word[0] == "-") if word else None


def forget(answer: Response) -> None:
    """Forget the word once a page has said it."""
    if g.get("said"):
        answer.delete_cookie(_SAID, httponly=True, samesite="Strict")


ROUTE = "/form/<method>/<path:path>"
