"""The web page for people: every fax, its calls and its webhooks, read from the control plane alone."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

from flask import Flask, Response, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from emulator.core.dialect.vendor import Vendor
from emulator.web import faxes, forms, phrases, reference
from emulator.web.place import WSGI, Plane, list_sandboxes

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing but our own files, and no script or style inside a page: what a client sent can never run."""

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_SOON = 0.05
"""Real seconds after which the first page is made ready, when the server's start no longer waits for it."""
_YEAR = 31_536_000
"""Seconds that a browser may keep our files: an address names a file's content too."""

__all__ = ["create_app"]


def create_app(control: WSGI, vendors: Mapping[str, Vendor]) -> Flask:
    """Make the page's Flask app over the control plane; `vendors` give their titles and sample lines."""
    flask = Flask("localfax.web", root_path=__path__[0])
    flask.extensions["plane"], flask.extensions["vendors"] = Plane(control), vendors
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
    flask.jinja_env.filters.update(phrases.FILTERS)
    flask.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR
    flask.jinja_env.globals.update(
        titles={name: each.title for name, each in vendors.items()},
        sandboxes=list_sandboxes,
        static=_addresses(Path(__path__[0]) / "static"),
    )
    for rule, view in (*faxes.ROUTES, *forms.ROUTES, *reference.ROUTES):
        flask.add_url_rule(rule, view.__name__, view, methods=["GET"])
    flask.register_error_handler(HTTPException, _error)
    flask.after_request(_close_in)
    flask.context_processor(lambda: {"here": g.get("place"), "path": request.path})
    _warm(flask)
    return flask


def _addresses(folder: Path) -> dict[str, str]:
    return {each.name: f"/static/{each.name}?{crc32(each.read_bytes()):x}" for each in folder.iterdir()}


def _warm(flask: Flask) -> None:
    """Compile the list and what it is made of soon, so that the first reader does not wait for that."""
    first = ("base.html", "parts.html", "faxes.html")
    timer = threading.Timer(_SOON, lambda: [flask.jinja_env.get_template(name) for name in first])
    timer.daemon = True
    timer.start()


def _close_in(answer: Response) -> Response:
    answer.headers.update(_HEADERS)
    if request.endpoint != "static":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _error(wrong: HTTPException) -> tuple[Response | str, int]:
    """Answer people with a page, programs with the control plane's shape of an error."""
    status, message = wrong.code or 500, wrong.description or wrong.name
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        return render_template("error.html", status=status, name=wrong.name, message=message), status
    code = wrong.name.lower().replace(" ", "_")
    return jsonify({"error": {"code": code, "message": message}}), status
