"""The routes of the control plane: each loads its body, asks the engine, and shows the answer."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, Response, current_app, jsonify, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import HTTPException

from emulator.control import views
from emulator.control.schemas import AdvanceSchema, ClockSchema, SandboxSchema, VendorSchema
from emulator.core.delivery import Delivery
from emulator.core.errors import Conflict, IllegalEvent, Invalid, LimitReached, NotFound, Unavailable
from emulator.core.fax import Fax
from emulator.core.item import Item
from emulator.core.player import Target
from emulator.core.sandbox import Rates
from emulator.core.sandboxes import DEFAULT

if TYPE_CHECKING:
    from emulator.app import App

STATUSES: dict[type[Exception], tuple[int, str]] = {
    NotFound: (404, "not_found"),
    Conflict: (409, "conflict"),
    IllegalEvent: (409, "illegal"),
    LimitReached: (409, "limit_reached"),
    Invalid: (400, "invalid"),
    Unavailable: (503, "unavailable"),
}
"""A domain error's HTTP status and code."""

MOST = 1000
ROOT = "/_localfax"


def create_app(app: App) -> Flask:
    """Make the control plane's Flask app over a running program."""
    flask = Flask("localfax.control", static_folder=None)
    flask.config["MAX_CONTENT_LENGTH"] = 128 * 2**20
    flask.json.sort_keys = False  # type: ignore[attr-defined]
    flask.extensions["localfax"] = app
    for method, path, view in ROUTES:
        flask.add_url_rule(ROOT + path, view.__name__, view, methods=[method])
    flask.register_error_handler(HTTPException, _http_error)
    for kind in STATUSES:
        flask.register_error_handler(kind, _domain_error)
    flask.register_error_handler(ValidationError, _validation_error)
    return flask


def the_app() -> App:
    """Give the running program."""
    return cast("App", current_app.extensions["localfax"])


def error(status: int, code: str, message: str, field: str | None = None) -> Response:
    """Make an error answer in the control plane's one shape."""
    body = {"code": code, "message": message} | ({"field": field} if field else {})
    answer = jsonify({"error": body})
    answer.status_code = status
    return answer


def body(schema: type[Schema]) -> dict[str, Any]:
    """Read the JSON body; nothing sent is an empty object. Other types are refused: a web page could send those."""
    if not request.get_data():
        return cast(dict[str, Any], schema().load({}))
    if request.mimetype != "application/json":
        raise Invalid("send JSON with Content-Type: application/json")
    return cast(dict[str, Any], schema().load(request.get_json()))


def _http_error(wrong: HTTPException) -> Response:
    code = (wrong.name or "error").lower().replace(" ", "_")
    return error(wrong.code or 500, code, wrong.description or wrong.name)


def _domain_error(wrong: Exception) -> Response:
    status, code = next(row for kind, row in STATUSES.items() if isinstance(wrong, kind))
    return error(status, code, str(wrong), getattr(wrong, "field", None))


def _validation_error(wrong: ValidationError) -> Response:
    field, message = _first_message("", wrong.normalized_messages())
    return error(400, "invalid", message, field)


def _first_message(path: str, messages: Any) -> tuple[str, str]:
    if isinstance(messages, dict):
        name, inner = next(iter(messages.items()))
        step = "" if name in ("_schema", "value") else str(name)
        return _first_message(".".join(filter(None, (path, step))), inner)
    return path, str(messages[0] if isinstance(messages, list) else messages)


# server
def health() -> Response:
    return jsonify({"status": "ok"})


def ready() -> Response:
    the_app().store.sandbox(DEFAULT)
    return jsonify({"status": "ready"})


def about() -> Response:
    return jsonify({"name": "localfax", "version": version("localfax"), "python": platform.python_version()})


# sandboxes
def list_sandboxes() -> Response:
    limit, after = _limit(), request.args.get("after")
    rows = the_app().store.sandboxes(after, limit + 1)
    shown = [_sandbox(row.id) for row in rows[:limit]]
    return jsonify({"sandboxes": shown, "next": rows[limit - 1].id if len(rows) > limit else None})


def create_sandbox() -> tuple[Response, int]:
    wanted = body(SandboxSchema)
    clock, hooks = wanted.pop("clock", {}), wanted.pop("webhooks", {})
    if (seed := wanted.pop("seed", None)) is not None:
        wanted["seed"] = str(seed)
    for vendor in hooks:
        _known_vendor(vendor)
    made = the_app().sandboxes.create(**wanted, **clock, hooks=hooks)
    return jsonify(_sandbox(made.id)), 201


def read_sandbox(sandbox: str) -> Response:
    return jsonify(_sandbox(sandbox))


def delete_sandbox(sandbox: str) -> tuple[str, int]:
    if sandbox == DEFAULT:
        raise Conflict("the default sandbox stays; reset it instead")
    the_app().store.remove(sandbox)
    return "", 204


def reset_sandbox(sandbox: str) -> Response:
    the_app().sandboxes.reset(sandbox)
    return jsonify(_sandbox(sandbox))


def _sandbox(sandbox_id: str) -> dict[str, Any]:
    app = the_app()
    origin = request.host_url.rstrip("/")
    urls = {name: f"{origin}/{name}" for name in app.vendors}
    return views.sandbox_view(app.engine, app.store.sandbox(sandbox_id), urls)


# vendors
def read_vendor(sandbox: str, vendor: str) -> Response:
    engine = the_app().engine
    settings = engine.settings(sandbox, vendor)
    return jsonify(views.settings_view(settings, engine.balance(sandbox, vendor)))


def change_vendor(sandbox: str, vendor: str) -> Response:
    settings = the_app().engine.settings(sandbox, vendor)
    wanted = body(VendorSchema)
    wanted |= wanted.pop("webhooks", {})
    if "rates" in wanted:
        wanted["rates"] = Rates(**(settings.rates.__dict__ | wanted["rates"]))
    if "profile" in wanted:
        wanted["profile"] = {**settings.profile, **wanted["profile"]}
    for name in ("numbers", "restricted_numbers"):
        if name in wanted:
            wanted[name] = tuple(wanted[name])
    the_app().sandboxes.set_vendor(sandbox, vendor, **wanted)
    return read_vendor(sandbox, vendor)


def _known_vendor(name: str) -> None:
    if name not in the_app().vendors:
        raise Invalid(f"no vendor {name}; there are {', '.join(the_app().vendors)}", "webhooks")


# time
def read_clock(sandbox: str) -> Response:
    engine = the_app().engine
    return jsonify(views.clock_view(engine.clock(sandbox), engine.real()))


def change_clock(sandbox: str) -> Response:
    the_app().engine.clock(sandbox)
    the_app().sandboxes.set_clock(sandbox, **body(ClockSchema))
    return read_clock(sandbox)


def advance_clock(sandbox: str) -> Response:
    app = the_app()
    app.engine.clock(sandbox)
    played = app.player.advance(sandbox, _target(sandbox, body(AdvanceSchema)))
    timeline = [views.played_view(each) for each in played]
    return jsonify({"now": views.iso(app.engine.now(sandbox)), "timeline": timeline})


def _target(sandbox: str, wanted: dict[str, Any]) -> Target:
    if len(wanted) != 1:
        raise Invalid("give one of by, to, until", "until")
    if "by" in wanted:
        return Target(to=the_app().engine.now(sandbox) + wanted["by"])
    if "to" in wanted:
        if wanted["to"] < the_app().engine.now(sandbox):
            raise Invalid("time never goes back: `to` is before the sandbox's present", "to")
        return Target(to=wanted["to"])
    return Target() if wanted["until"] == "idle" else Target(**wanted["until"])


# faxes
def list_faxes(sandbox: str) -> Response:
    engine = the_app().engine
    engine.clock(sandbox)
    return _page(sandbox, Fax, "fax", "faxes", lambda fax: views.fax_view(engine, sandbox, fax))


def read_fax(sandbox: str, fax: str) -> Response:
    engine = the_app().engine
    return jsonify(views.fax_view(engine, sandbox, engine.fax(sandbox, fax)))


# webhooks
def list_webhooks(sandbox: str) -> Response:
    the_app().engine.clock(sandbox)
    return _page(sandbox, Delivery, "delivery", "webhooks", views.delivery_view)


def _page(sandbox: str, kind: type[Any], name: str, plural: str, show: Callable[[Any], Any]) -> Response:
    after = request.args.get("after")
    if after is not None and not after.isdigit():
        raise Invalid("after is the `next` of an earlier page", "after")
    limit = _limit()
    cursor = None if after is None else int(after)
    rows: list[Item] = the_app().store.list(sandbox, kind, name, after=cursor, limit=limit + 1)
    more = str(rows[limit - 1].sequence) if len(rows) > limit else None
    return jsonify({plural: [show(row) for row in rows[:limit]], "next": more})


def _limit() -> int:
    text = request.args.get("limit", "100")
    if not text.isdigit() or not 1 <= int(text) <= MOST:
        raise Invalid(f"limit is a number from 1 to {MOST}", "limit")
    return int(text)


View = Callable[..., Any]

ROUTES: tuple[tuple[str, str, View], ...] = (
    ("GET", "/health", health),
    ("GET", "/ready", ready),
    ("GET", "/version", about),
    ("GET", "/sandboxes", list_sandboxes),
    ("POST", "/sandboxes", create_sandbox),
    ("GET", "/sandboxes/<sandbox>", read_sandbox),
    ("DELETE", "/sandboxes/<sandbox>", delete_sandbox),
    ("POST", "/sandboxes/<sandbox>/reset", reset_sandbox),
    ("GET", "/sandboxes/<sandbox>/vendors/<vendor>", read_vendor),
    ("PATCH", "/sandboxes/<sandbox>/vendors/<vendor>", change_vendor),
    ("GET", "/sandboxes/<sandbox>/clock", read_clock),
    ("PATCH", "/sandboxes/<sandbox>/clock", change_clock),
    ("POST", "/sandboxes/<sandbox>/clock/advance", advance_clock),
    ("GET", "/sandboxes/<sandbox>/faxes", list_faxes),
    ("GET", "/sandboxes/<sandbox>/faxes/<fax>", read_fax),
    ("GET", "/sandboxes/<sandbox>/webhooks", list_webhooks),
)
