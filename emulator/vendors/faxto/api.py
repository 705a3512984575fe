"""Fax.to's app, and the order of its checks: path, key, then what the endpoint itself takes."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from emulator.core.engine.engine import Engine
from emulator.core.engine.sandboxes import DEFAULT
from emulator.vendors.dialect import Voice, call, enter, new_app
from emulator.vendors.faxto import parameters, users
from emulator.vendors.faxto.errors import FaxtoError, failure, refused
from emulator.vendors.faxto.routes import ALIAS, ENDPOINTS
from emulator.vendors.faxto.tables import ERRORS

ANONYMOUS = frozenset({"register", "login"})
OPEN = frozenset({"picture"})


def create_app(engine: Engine) -> Flask:
    """Make Fax.to's Flask app."""
    from emulator.vendors.faxto import vendor

    def authenticate() -> Response | None:
        endpoint = (request.endpoint or "").removesuffix(ALIAS)
        if request.routing_exception is not None or endpoint in OPEN:
            return None
        try:
            fields = parameters.parameters()
        except FaxtoError as error:
            fields = {**request.args, "broken": error}
        key = _key(engine, fields)
        if key is None and endpoint in ANONYMOUS:
            home = users.home(engine.store, fields.get("email")) if endpoint == "login" else None
            key = engine.store.sandbox(home or DEFAULT).credentials["faxto"]["api_key"]
        if key is None or enter(vendor, engine, key) is None or not call().settings.active:
            return failure(FaxtoError(401))
        return None

    voice = Voice(_http_error, refused, lambda: failure(FaxtoError(503, "Service unavailable")))
    app = new_app(vendor, engine, voice, ENDPOINTS, checks=(authenticate,))
    app.register_error_handler(FaxtoError, failure)
    return app


def _key(engine: Engine, fields: dict[str, Any]) -> str | None:
    """Give the key of the call, from query, body or header, when somebody has it."""
    key = fields.get("api_key") or request.headers.get("api_key")
    sandbox_id = engine.store.bound(f"faxto/{key}")
    known = sandbox_id is not None and isinstance(key, str) and users.valid(engine.store, sandbox_id, key)
    return key if known else None


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    return failure(FaxtoError(status, ERRORS.get(status, error.name)))
