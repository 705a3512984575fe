"""Users of an account. All of a sandbox share its balance, documents and faxes (assumed)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from emulator.core.engine.engine import Engine
from emulator.core.errors import Conflict, NotFound
from emulator.core.item import Record
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.world import World
from emulator.vendors.dialect import Call
from emulator.vendors.faxto.errors import FaxtoError

GROUP = "faxto/users"


def main_user(here: Call) -> int:
    """Give the number of the account's first user."""
    return here.ids.serial("faxto/user", 0, 5)


def secret(sandbox: Sandbox) -> str:
    """Give what makes a sandbox's own keys and links hard to guess."""
    return f"{sandbox.id}/{sandbox.credentials['faxto']['api_key']}"


def valid(world: World, key: str) -> bool:
    """Tell whether a key of the sandbox is its first one or that of a user who is still there."""
    own = world.sandbox.credentials["faxto"]["api_key"]
    return key == own or world.store.find(Record, f"{GROUP}/key/{key}") is not None


def register(here: Call, email: str, password: str | None) -> str:
    """Add a user and give the new key; raise FaxtoError when the address is taken."""
    number = here.next("user")
    key = here.ids.uuid(f"faxto/user/{secret(here.sandbox)}", number)
    record = Record(
        id=_id(email),
        sequence=number,
        group=GROUP,
        names=(f"{GROUP}/key/{key}",),
        credentials=(f"faxto/{key}", f"faxto/{_login(email)}"),
        data={"email": email, "password": _digest(email, password or ""), "api_key": key},
    )
    try:
        here.world.commit(record)
    except Conflict:
        raise FaxtoError(400, "The email has already been taken") from None
    for credential in record.credentials:
        here.world.bind(credential)
    return key


def log_in(here: Call, email: str, password: str) -> str:
    """Give the key of a user of the sandbox or raise FaxtoError."""
    user = _user(here.world, email)
    if user is None or not hmac.compare_digest(user.data["password"], _digest(email, password)):
        raise FaxtoError(400, "The email or the password is wrong")
    return str(user.data["api_key"])


def home(engine: Engine, email: Any) -> str | None:
    """Give the sandbox in which somebody registered last with this address."""
    sandbox_id = engine.store.bound(f"faxto/{_login(email)}") if isinstance(email, str) else None
    try:
        known = sandbox_id is not None and _user(engine.world(sandbox_id), str(email)) is not None
    except NotFound:
        return None
    return sandbox_id if known else None


def _user(world: World, email: str) -> Record | None:
    return world.record(_id(email))


def _id(email: str) -> str:
    return f"{GROUP}/{email.lower()}"


def _login(email: str) -> str:
    return f"login:{email.lower()}"


def _digest(email: str, password: str) -> str:
    return hashlib.blake2b(password.encode("utf-8", "replace"), salt=_salt(email)).hexdigest()


def _salt(email: str) -> bytes:
    return hashlib.blake2b(email.lower().encode("utf-8", "replace"), digest_size=16).digest()
