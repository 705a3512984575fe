"""Who calls: Fax.to looks at the path first, then at the key, then at what the endpoint itself takes."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from emulator.core.engine.engine import Engine
from emulator.core.engine.sandboxes import DEFAULT
from emulator.vendors.dialect import call, enter, served
from emulator.vendors.faxto import parameters, users
from emulator.vendors.faxto.errors import FaxtoError, failure
from emulator.vendors.faxto.routes import ALIAS

ANONYMOUS = frozenset({"register", "login"})
OPEN = frozenset({"picture"})


def authenticate() -> Response | None:
    """Find the sandbox of the key."""
    endpoint = (request.endpoint or "").removesuffix(ALIAS)
    if request.routing_exception is not None or endpoint in OPEN:
        return None
    try:
        fields = parameters.parameters()
    except FaxtoError as error:
        fields = {**request.args, "broken": error}
    _, engine = served()
    key = _key(engine, fields)
    if key is None and endpoint in ANONYMOUS:
        home = users.home(engine, fields.get("email")) if endpoint == "login" else None
        key = engine.world(home or DEFAULT).sandbox.credentials["faxto"]["api_key"]
    if key is None or enter(key) is None or not call().settings.active:
        return failure(FaxtoError(401))
    return None


def _key(engine: Engine, fields: dict[str, Any]) -> str | None:
    """Give the key of the call, from query, body or header, when somebody has it."""
    key = fields.get("api_key") or request.headers.get("api_key")
    sandbox_id = engine.store.bound(f"faxto/{key}")
    known = sandbox_id is not None and users.valid(engine.world(sandbox_id), str(key))
    return key if known and isinstance(key, str) else None
