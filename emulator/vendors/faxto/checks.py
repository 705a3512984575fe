"""What is checked before a view runs: who calls. The path comes first, then the key, then the rest."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from emulator.core.dialect.vendor import Check
from emulator.core.engine.engine import Engine
from emulator.core.engine.sandboxes import DEFAULT
from emulator.vendors.dialect import enter, enter_default, serving
from emulator.vendors.faxto import users
from emulator.vendors.faxto.errors import FaxtoError, failure
from emulator.vendors.faxto.parameters import read_given
from emulator.vendors.faxto.tables import LOGINS, REGISTRATIONS
from emulator.vendors.notes import present


def check_key() -> Response | None:
    """Find the sandbox of the key, which query, body or header may carry; links to pictures need none."""
    if request.routing_exception is not None or request.endpoint == "picture":
        return None
    try:
        told = read_given()
    except FaxtoError:
        told = request.args.to_dict()
    engine = serving()[1]
    shown = told.get("api_key") or request.headers.get("api_key")
    key = shown if isinstance(shown, str) else ""
    if users.has_key(engine, key):
        found = enter(key)
    else:
        known = _without_key(engine, told.get("email"))
        found = enter(known) if known else enter_default(key)
    present.get().stranger = found is None
    if found is None or not found.settings.active:
        return failure(FaxtoError(401))
    return None


def _without_key(engine: Engine, email: Any) -> str | None:
    """Let anybody register, in the default sandbox, and log in, where the address was registered last."""
    if request.endpoint not in REGISTRATIONS | LOGINS:
        return None
    home = users.home(engine, email) if request.endpoint in LOGINS else None
    return engine.world(home or DEFAULT).sandbox.credentials["faxto"]["api_key"]


CHECKS: tuple[Check, ...] = (check_key,)
