"""The web page for people: every fax, its calls and its webhooks, read from the control plane alone."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import ClassVar
from zlib import crc32

from flask import Flask, Response, g, jsonify, render_template, request
from jinja2.bccache import Bucket, BytecodeCache
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from emulator.core.dialect.vendor import Vendor
from emulator.reports import look
from emulator.web import connect, errands, exports, faxes, forms, journals, phrases, reference, tries
from emulator.web.listing import PAGE_ROWS
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


class CompiledOnce(BytecodeCache):
    """Keeps what templates compile to, so that a process does it once, however many apps it makes."""

    kept: ClassVar[dict[tuple[str, str], CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.kept[bucket.key, bucket.checksum] = bucket.code


_STATIC = Path(__path__[0]) / "static"
_SOON = 0.05
"""Real seconds after which the first page is made ready, when the server's start no longer waits for it."""
_YEAR = 31_536_000
"""Seconds that a browser may keep our files: an address names a file's content too."""

__all__ = ["create_app"]


def create_app(
    control: WSGI, vendors: Mapping[str, Vendor], export: Mapping[str, exports.Export] = {}
) -> Flask:
    """Make the page's Flask app over the control plane; `vendors` give their titles and sample lines.

    `export` writes a sandbox's faxes as a file, by the file's name.
    """
    flask = Flask("localfax.web", root_path=__path__[0])
    flask.extensions |= {"plane": Plane(control), "vendors": vendors, "export": export}
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
    flask.jinja_env.bytecode_cache = CompiledOnce()
    flask.jinja_env.filters.update(phrases.FILTERS | tries.FILTERS)
    flask.config["SEND_FILE_MAX_AGE_DEFAULT"] = _YEAR
    flask.jinja_env.globals.update(
        titles={name: each.title for name, each in vendors.items()},
        marks={name: (each.title[:2], place) for place, (name, each) in enumerate(vendors.items(), start=1)},
        samples={name: each.sample for name, each in vendors.items()},
        exports=tuple(export),
        page_rows=PAGE_ROWS,
        sandboxes=list_sandboxes,
        static=_addresses(),
        icon=Markup((_STATIC / "icon.svg").read_text(encoding="utf-8")),
    )
    rooms = (faxes, journals, forms, connect, exports, reference)
    for rule, view in (route for room in rooms for route in room.ROUTES):
        flask.add_url_rule(rule, view.__name__, view, methods=["GET"])
    flask.add_url_rule(errands.ROUTE, "errand", errands.run_errand, methods=["POST"])
    flask.add_url_rule("/static/page.css", "style", _send_style)
    flask.register_error_handler(HTTPException, _error)
    flask.after_request(_close_in)
    flask.context_processor(lambda: {"here": g.get("place"), "path": request.path})
    flask.jinja_env.globals["word"] = errands.heard
    _warm(flask)
    return flask


def _addresses() -> dict[str, str]:
    files = {each.name: each.read_bytes() for each in _STATIC.iterdir()} | {"page.css": _style().encode()}
    return {name: f"/static/{name}?{crc32(content):x}" for name, content in files.items()}


@cache
def _style() -> str:
    """Read what the page shares with the reports, and its own: one file, as each costs the first paint."""
    return look() + (_STATIC / "page.css").read_text(encoding="utf-8")


def _send_style() -> Response:
    answer = Response(_style(), content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = f"public, max-age={_YEAR}"
    return answer


def _warm(flask: Flask) -> None:
    """Compile the list and what it is made of soon, so that the first reader does not wait for that."""
    first = ("base.html", "parts.html", "faxes.html", "list.html")
    timer = threading.Timer(_SOON, lambda: [flask.jinja_env.get_template(name) for name in first])
    timer.daemon = True
    timer.start()


def _close_in(answer: Response) -> Response:
    answer.headers.update(_HEADERS)
    answer.headers.pop("Date", None)  # which the server tells
    errands.forget(answer)
    if request.endpoint not in ("static", "style"):
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _error(wrong: HTTPException) -> tuple[Response | str, int]:
    """Answer people with a page, programs with the control plane's shape of an error."""
    status, message = wrong.code or 500, wrong.description or wrong.name
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        return render_template("error.html", status=status, name=wrong.name, message=message), status
    code = wrong.name.lower().replace(" ", "_")
    return jsonify({"error": {"code": code, "message": message}}), status
