"""Auth tokens: the account's own, which lives for ever, and those of a login, which end."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from flask import json

from emulator.core.engine.engine import Engine
from emulator.core.errors import Conflict
from emulator.core.item import Record
from emulator.core.json_text import read_json
from emulator.core.sandbox import Ids, Sandbox
from emulator.vendors.dialect import RequestContext
from emulator.vendors.kazoo.tables import TOKEN_LIFE

REALM = "sip.localfax.test"
TOKENS = "kazoo/tokens"
PRUNED = 10


def mint(ids: Ids) -> dict[str, str]:
    """Make the credentials of a new sandbox."""
    name = f"localfax-{ids.hex('kazoo/name', 1, 8)}"
    return {
        "account": ids.hex("kazoo/account", 1),
        "X-Auth-Token": ids.hex("kazoo/token", 1),
        "api_key": ids.hex("kazoo/api-key", 1, 64),
        "user": "admin",
        "password": ids.hex("kazoo/password", 1, 16),
        "account_name": name,
        "account_realm": f"{name}.{REALM}",
    }


def realm(credentials: Mapping[str, str]) -> str:
    """The account's SIP realm, which is also a domain that takes mail."""
    # A sandbox of before there was this credential, from a snapshot or a store, has it by its name.
    return (credentials.get("account_realm") or f"{credentials['account_name']}.{REALM}").lower()


def keys(credentials: Mapping[str, str]) -> Sequence[str]:
    """What finds the sandbox, each behind its kind: an account's id must not pass for a token."""
    return (
        f"token/{credentials['X-Auth-Token']}",
        f"account/{credentials['account']}",
        f"api_key/{credentials['api_key']}",
        f"name/{credentials['account_name'].lower()}",
        f"realm/{realm(credentials)}",
        f"mail/{realm(credentials)}",
    )


def credentials_of(sandbox: Sandbox) -> Mapping[str, str]:
    """The sandbox's credentials here."""
    return sandbox.credentials["kazoo"]


def owner_of(sandbox: Sandbox) -> str:
    """The id of the account's one user."""
    return sandbox.ids.hex("kazoo/user", 1)


def issue(own: RequestContext, method: str, owner: str | None) -> str:
    """Make a token that lives for an hour; it looks like the JSON web tokens that Kazoo makes (observed)."""
    _prune(own)
    number, account = own.next("token"), credentials_of(own.sandbox)["account"]
    expires = own.now + TOKEN_LIFE
    about = {"account_id": account, "owner_id": owner, "method": method}
    head, body = {"typ": "JWT", "alg": "RS256"}, {"iss": "kazoo", **about, "exp": int(expires)}
    token = f"{_segment(head)}.{_segment(body)}.{own.ids.hex(f'kazoo/token/{account}', number, 64)}"
    key = f"kazoo/token/{token}"
    record = Record(
        id=f"kazoo-token-{number}",
        sequence=number,
        group=TOKENS,
        data={"token": token, **about, "expires": expires},
        names=(_name(token),),
        credentials=(key,),
    )
    own.world.commit((record,))
    own.world.bind(key)
    return token


def find_token(engine: Engine, token: str) -> tuple[Sandbox, Mapping[str, Any]] | None:
    """A living token's sandbox and what it says; None when it is unknown, deleted or past its end."""
    sandbox_id = engine.store.bound(f"kazoo/token/{token}")
    if sandbox_id is None:
        return None
    world = engine.world(sandbox_id)
    sandbox = world.sandbox
    own = credentials_of(sandbox)
    if token == own["X-Auth-Token"]:
        return sandbox, {"account_id": own["account"], "owner_id": owner_of(sandbox)}
    record = world.store.find(Record, _name(token))
    if record is None or record.data["expires"] <= world.now:
        return None
    # A login that came in a snapshot was one to another sandbox's account.
    return sandbox, {**record.data, "account_id": own["account"]}


def revoke(own: RequestContext, token: str) -> None:
    """Forget a login's token; the account's own stays, or nobody could get in again."""
    record = own.world.store.find(Record, _name(token))
    if record is not None:
        own.world.commit(deletes=(record,))


def can_parse(token: str) -> bool:
    """Tell whether what has the dots of a web token has its parts too; any other text may be a token."""
    parts = token.split(".")
    if len(parts) != 3:
        return bool(token)
    try:
        return all(isinstance(read_json(urlsafe_b64decode(part + "==")), dict) for part in parts[:2])
    except ValueError:
        return False


def _prune(own: RequestContext) -> None:
    with suppress(Conflict):  # another login is at it
        for record in own.world.list(Record, TOKENS, limit=PRUNED, descending=False):
            if record.data["expires"] <= own.now:
                own.world.commit(deletes=(record,))


def _segment(value: Mapping[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _name(token: str) -> str:
    return f"kazoo-token/{token}"
