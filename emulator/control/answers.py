"""How the control plane reads what it is asked and says what is wrong, in one shape for all routes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, Response, current_app, jsonify, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as NoSuchPath

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.engine.player import Player
from emulator.core.engine.sandboxes import DEFAULT, Sandboxes
from emulator.core.engine.snapshot import Snapshot
from emulator.core.errors import Conflict, IllegalEvent, Invalid, LimitReached, NotFound, Unavailable
from emulator.core.faxes.fax import Fax
from emulator.core.item import Item
from emulator.core.json_text import TooDeep, read_json
from emulator.core.request_body import unpack_body
from emulator.core.sandbox import Sandbox
from emulator.documents import Busy, Unreadable
from emulator.scenarios import Files, ScenarioError
from emulator.scenarios.mistakes import list_mistakes
from emulator.watch.feed import Feed, TooMany
from emulator.watch.tally import Tally

MANNER_KEY = "localfax.manner"
"""WSGI environ key of what knows the client: its `closed` calls a function when the client has gone."""


BODY_LIMIT = 128 * 2**20
"""Bytes of a request's body, unpacked."""


_MOST_NAMED = 20


class NotJson(Exception):
    """A body of another type than JSON."""


STATUSES: dict[type[Exception], tuple[int, str]] = {
    NotFound: (404, "not_found"),
    Conflict: (409, "conflict"),
    IllegalEvent: (409, "illegal"),
    LimitReached: (409, "limit_reached"),
    Unreadable: (409, "unreadable"),
    Invalid: (400, "invalid"),
    NotJson: (415, "unsupported_media_type"),
    Unavailable: (503, "unavailable"),
    TooMany: (503, "too_many"),
    Busy: (503, "busy"),
}
"""A domain error's HTTP status and code."""


def add_errors(flask: Flask) -> None:
    """Answer every error in the control plane's shape."""
    flask.register_error_handler(HTTPException, _http_error)
    for kind in STATUSES:
        flask.register_error_handler(kind, _domain_error)
    flask.register_error_handler(ValidationError, _validation_error)
    flask.register_error_handler(ScenarioError, _scenario_error)


@dataclass(frozen=True)
class Program:
    """What the control plane reaches of the running program."""

    player: Player
    sandboxes: Sandboxes
    files: Files
    feed: Feed
    tally: Tally
    rehearse: Callable[[Sandbox, Snapshot], None]
    """Raises Invalid for a snapshot that would not do in a sandbox."""
    interception: Callable[[], Mapping[str, Any]]
    """Tells the hosts that vendors answer for, and the certificate to trust; raises Unavailable."""

    @property
    def engine(self) -> Engine:
        return self.player.engine

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        return self.engine.vendors


def the_program() -> Program:
    """The running program."""
    return cast(Program, current_app.extensions["localfax"])


def the_world(sandbox_id: str) -> LivingWorld:
    """The world of a sandbox; raise NotFound when there is none."""
    engine = the_program().engine
    try:
        world = engine.world(sandbox_id)
        _ = world.sandbox  # no assert: Python may run without those
    except NotFound:
        if sandbox_id != DEFAULT or not engine.renew():
            raise
        world = engine.world(sandbox_id)
    engine.note_use(sandbox_id)
    return world


def no_vendor(name: str) -> str:
    """Say that there is no such vendor, and which there are."""
    return f"no vendor {name}; there are {', '.join(the_program().vendors)}"


def error(status: int, code: str, message: str, field: str | None = None) -> Response:
    """Make an error answer in the control plane's one shape."""
    body = {"code": code, "message": message} | ({"field": field} if field else {})
    answer = jsonify({"error": body})
    answer.status_code = status
    if status == 503:
        answer.headers["Retry-After"] = "1"
    return answer


def unpack() -> None:
    """Unpack the body of a request that came compressed."""
    if (trouble := unpack_body(request.environ, BODY_LIMIT)) is not None:
        raise NotJson(trouble)


def body(schema: type[Schema]) -> dict[str, Any]:
    """Read the JSON body; nothing sent is an empty object. Other types are refused: web pages send those."""
    return cast(dict[str, Any], schema().load(json_body()))


def json_body(also: Sequence[str] = ()) -> Any:
    """The body as plain data: what cannot be written as JSON in UTF-8 again is refused.

    `also` names further types that the caller reads, for the refusal of all others.
    """
    sent = request.get_data()
    if not sent and not request.mimetype:
        return {}
    if request.mimetype != "application/json":
        other = f", or YAML with {also[0]}" if also else ""
        raise NotJson(f"send JSON with Content-Type: application/json{other}")
    if not sent:
        return {}
    try:
        found = read_json(sent, mended=False, parse_constant=_finite, parse_float=_finite)
    except TooDeep:
        raise Invalid("the body is nested too deeply") from None
    except ValueError as wrong:
        raise Invalid(f"the body is not JSON: {wrong}") from None
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no finite number")
    return number


def query(schema: type[Schema]) -> dict[str, Any]:
    """Read the query."""
    return cast(dict[str, Any], schema().load(request.args.to_dict()))


def page(plural: str, rows: Sequence[Item], limit: int, show: Callable[[Any], Any], **more: Any) -> Response:
    """Answer a page of a list; `rows` holds one more than `limit` when there is a next page."""
    cursor = str(rows[limit - 1].sequence) if len(rows) > limit else None
    return jsonify({plural: [show(row) for row in rows[:limit]], "next": cursor, **more})


def refuse_unknown_fax(world: LivingWorld, fax_id: str | None) -> None:
    """Raise NotFound, with those that there are, when a list is asked for a fax that is not there."""
    if fax_id is None or world.store.get(Fax, fax_id) is not None:
        return
    newest = [each.id for each in world.list(Fax, Fax.kind, limit=_MOST_NAMED)]
    raise NotFound(
        f"no fax {fax_id}; " + (f"there are {', '.join(newest)}" if newest else "there is none yet")
    )


def when_gone(tell: Callable[[], None]) -> None:
    """Have a function called when the client goes before its answer, where the server can tell."""
    manner = request.environ.get(MANNER_KEY)
    if manner is not None:
        manner.closed(tell)


def _http_error(wrong: HTTPException) -> Response:
    code = (wrong.name or "error").lower().replace(" ", "_")
    allowed = getattr(wrong, "valid_methods", None)
    answer = error(wrong.code or 500, code, _say(wrong, allowed))
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _say(wrong: HTTPException, allowed: Sequence[str] | None) -> str:
    """Say what is wrong in our own words where the framework has a sentence for browsers."""
    if allowed:
        return f"{request.path} takes {', '.join(sorted(allowed))}, not {request.method}"
    if isinstance(wrong, NoSuchPath):
        return f"no such path: {request.path}; /_localfax/openapi.json lists those there are"
    return wrong.description or wrong.name


def _domain_error(wrong: Exception) -> Response:
    status, code = next(row for kind, row in STATUSES.items() if isinstance(wrong, kind))
    return error(status, code, str(wrong), getattr(wrong, "field", None))


def _validation_error(wrong: ValidationError) -> Response:
    first = list_mistakes(wrong)[0]
    return error(400, "invalid", first.message, first.field)


def _scenario_error(wrong: ScenarioError) -> Response:
    first, *others = wrong.problems
    said = str(wrong) if others or first.line else first.message
    return error(400, "invalid", said, None if others else first.field)
