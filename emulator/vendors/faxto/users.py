"""Users of an account. All of a sandbox share its balance, documents and faxes (assumed)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from flask import Response

from emulator.core.engine.engine import Engine
from emulator.core.errors import Conflict, NotFound
from emulator.core.item import Record
from emulator.vendors.dialect import RequestContext, context
from emulator.vendors.faxto import parameters
from emulator.vendors.faxto.errors import FaxtoError, success
from emulator.vendors.faxto.parameters import load

GROUP = "faxto/users"


def register() -> Response:
    """Register a user."""
    return success(api_key=_add(context(), **load(parameters.User)))


def add_subuser() -> Response:
    """Add a sub-user."""
    return success(api_key=_add(context(), **load(parameters.SubUser)))


def log_in() -> Response:
    """Answer with a user's key."""
    wanted = load(parameters.User)
    email, password = wanted["email"], wanted["password"]
    user = context().world.record(_id(email))
    if user is None or not hmac.compare_digest(user.data["password"], _digest(email, password)):
        raise FaxtoError(400, "The email or the password is wrong")
    return success(api_key=user.data["api_key"])


def _add(here: RequestContext, email: str, password: str = "") -> str:
    """Add a user and give the new key; raise FaxtoError when the address is taken."""
    number = here.next("user")
    # The account's own key makes those of its users hard to guess.
    secret = f"{here.sandbox.id}/{here.sandbox.credentials['faxto']['api_key']}"
    key = here.ids.uuid(f"faxto/user/{secret}", number)
    record = Record(
        id=_id(email),
        sequence=number,
        group=GROUP,
        names=(_key_name(key),),
        credentials=(f"faxto/{key}", _login(email)),
        data={"email": email, "password": _digest(email, password), "api_key": key},
    )
    try:
        here.world.commit((record,))
    except Conflict:
        raise FaxtoError(400, "The email has already been taken") from None
    for credential in record.credentials:
        here.world.bind(credential)
    return key


def main_user(here: RequestContext) -> int:
    """The number of the account's first user."""
    return here.ids.serial("faxto/user", 0, 5)


def has_key(engine: Engine, key: Any) -> bool:
    """Tell whether this is the first key of a sandbox, or that of a user who is still there."""
    sandbox_id = engine.find(f"faxto/{key}") if isinstance(key, str) else None
    if sandbox_id is None:
        return False
    world = engine.world(sandbox_id)
    own = world.sandbox.credentials["faxto"]["api_key"]
    return key == own or world.store.find(Record, _key_name(key)) is not None


def home(engine: Engine, email: Any) -> str | None:
    """Find the sandbox in which somebody registered last with this address."""
    sandbox_id = engine.store.bound(_login(email)) if isinstance(email, str) else None
    try:
        known = sandbox_id is not None and engine.world(sandbox_id).record(_id(email)) is not None
    except NotFound:
        return None
    return sandbox_id if known else None


def _id(email: str) -> str:
    return f"{GROUP}/{email.lower()}"


def _key_name(key: str) -> str:
    return f"{GROUP}/key/{key}"


def _login(email: str) -> str:
    return f"faxto/login:{email.lower()}"


def _digest(email: str, password: str) -> str:
    salt = hashlib.blake2b(email.lower().encode("utf-8", "replace"), digest_size=16).digest()
    return hashlib.blake2b(password.encode("utf-8", "replace"), salt=salt).hexdigest()
