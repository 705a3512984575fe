"""Logging in, by user and password or by the account's key, and what a token is."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from flask import Response

from emulator.core.faxes.numbers import normalise
from emulator.core.sandbox import Sandbox
from emulator.vendors.dialect import context, enter, enter_default, serving
from emulator.vendors.kazoo.account.tokens import credentials_of, find_token, issue, owner_of, revoke
from emulator.vendors.kazoo.checks import pay
from emulator.vendors.kazoo.errors import KazooError, success, unknown
from emulator.vendors.kazoo.parameters import KeySchema, LoginSchema, data_of_request, load, missing
from emulator.vendors.kazoo.tables import LOGIN_PRICE
from emulator.vendors.kazoo.visit import modern, visit

BATCH = 100


def user_auth() -> Response:
    """Issue a token for user and password."""
    wanted = load(LoginSchema, data_of_request())
    sandbox = _account_of(wanted)
    if sandbox is not None:
        enter(f"account/{credentials_of(sandbox)['account']}")
        pay(context(), LOGIN_PRICE)
    if sandbox is None or not _is_right(sandbox, wanted):
        if (opened := enter_default(wanted["credentials"])) is None:
            raise KazooError("invalid_credentials")
        sandbox = opened.sandbox
    return _welcome("cb_user_auth", owner_of(sandbox))


def _is_right(sandbox: Sandbox, wanted: Mapping[str, Any]) -> bool:
    known = credentials_of(sandbox)
    login = f"{known['user']}:{known['password']}".encode()
    method = "sha1" if wanted["method"] == "sha" else "md5"
    right = hashlib.new(method, login, usedforsecurity=False).hexdigest()
    return hmac.compare_digest(right.encode(), wanted["credentials"].lower().encode())


def api_auth() -> Response:
    """Issue a token for the account's API key."""
    key = load(KeySchema, data_of_request())["api_key"]
    if (enter(f"api_key/{key}") or enter_default(key)) is None:
        raise KazooError("bad identifier", data=[key])
    pay(context(), LOGIN_PRICE)
    return _welcome("cb_api_auth", None)


def read_token(token: str) -> Response:
    """Tell what a token of this account is."""
    found = find_token(serving()[1], token)
    if found is None or found[0].id != context().sandbox.id:
        raise unknown(token)
    return success(_about(found[1]["owner_id"]))


def delete_token() -> Response:
    """End the token that the call shows."""
    revoke(context(), visit().token)
    return success({})


def read_api_key() -> Response:
    """Show the account's API key."""
    return success({"api_key": credentials_of(context().sandbox)["api_key"]})


def _account_of(wanted: dict[str, Any]) -> Sandbox | None:
    """Find the account by its name, its realm or one of its numbers."""
    _, engine = serving()
    store = engine.store
    named = {"name": wanted.get("account_name"), "realm": wanted.get("account_realm", wanted.get("realm"))}
    if not any((*named.values(), wanted.get("phone_number"))):
        raise missing("account_name")
    for kind, text in named.items():
        if text and (sandbox_id := store.bound(f"kazoo/{kind}/{text.lower()}")) is not None:
            return store.of(sandbox_id).sandbox
    number, after = normalise(wanted.get("phone_number") or ""), None
    while number and (page := store.sandboxes(after, BATCH)):
        for sandbox in page:
            if number in map(normalise, engine.world(sandbox.id).settings("kazoo").numbers):
                return sandbox
        after = page[-1].id
    return None


def _welcome(method: str, owner: str | None) -> Response:
    token = issue(context(), method, owner)
    return success(_about(owner), 201, token=token)


def _about(owner: str | None) -> dict[str, Any]:
    own = credentials_of(context().sandbox)
    data: dict[str, Any] = {
        "account_id": own["account"],
        "apps": [],
        "is_reseller": False,
        "language": "en-us",
        "reseller_id": own["account"],
    }
    if owner is not None:
        data["owner_id"] = owner
    if modern():
        data |= {
            "account_name": own["account_name"],
            "capabilities": {},
            "cluster_id": context().ids.hex("kazoo/cluster", 1),
            "is_master_account": False,
            "ui_config": {},
        }
    return data
