"""Logging in, by user and password or by the account's key, and what a token is."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any

from flask import Response

from emulator.core.faxes.numbers import normalise
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.vendors.dialect import call, enter, served
from emulator.vendors.kazoo import bucket, tokens
from emulator.vendors.kazoo.envelope import KazooError, invalid, success, unknown
from emulator.vendors.kazoo.schemas import KeySchema, LoginSchema, data_of_call, load
from emulator.vendors.kazoo.visit import modern, visit

PAGE = 100


def user_auth() -> Response:
    """Give a token for user and password."""
    wanted = load(LoginSchema, data_of_call())
    sandbox = _account_of(wanted)
    if sandbox is None:
        raise KazooError("invalid_credentials")
    enter(f"account/{tokens.credentials_of(sandbox)['account']}")
    bucket.pay(call(), bucket.LOGIN)
    right, shown = tokens.login_hash(sandbox, wanted["method"]), wanted["credentials"].lower()
    if not hmac.compare_digest(right.encode(), shown.encode()):
        raise KazooError("invalid_credentials")
    return _welcome("cb_user_auth", tokens.owner_of(sandbox))


def api_auth() -> Response:
    """Give a token for the account's API key."""
    key = load(KeySchema, data_of_call())["api_key"]
    if enter(f"api_key/{key}") is None:
        raise KazooError("bad identifier", data=[key])
    bucket.pay(call(), bucket.LOGIN)
    return _welcome("cb_api_auth", None)


def read_token(token: str) -> Response:
    """Tell what a token of this account is."""
    found = tokens.find(served()[1], token)
    if found is None or found[0].id != call().sandbox.id:
        raise unknown(token)
    return success(_about(found[1]["owner_id"]))


def delete_token() -> Response:
    """End the token that the call shows."""
    tokens.revoke(call(), visit().token)
    return success({})


def api_key() -> Response:
    """Show the account's API key."""
    return success({"api_key": tokens.credentials_of(call().sandbox)["api_key"]})


def _account_of(wanted: dict[str, Any]) -> Sandbox | None:
    """Find the account by its name, its realm or one of its numbers."""
    store = served()[1].store
    named = {"name": wanted.get("account_name"), "realm": wanted.get("account_realm", wanted.get("realm"))}
    if not any((*named.values(), wanted.get("phone_number"))):
        rule = {"message": "Field is required but missing", "value": "account_name"}
        raise invalid({"account_name": {"required": rule}})
    for kind, text in named.items():
        if text and (sandbox_id := store.bound(f"kazoo/{kind}/{text.lower()}")) is not None:
            return store.of(sandbox_id).sandbox
    return next(_owners(wanted.get("phone_number") or ""), None)


def _owners(number: str) -> Iterator[Sandbox]:
    (_, engine), after = served(), None
    while number and (page := engine.store.sandboxes(after, PAGE)):
        for sandbox in page:
            owned = map(normalise, engine.world(sandbox.id).settings("kazoo").numbers)
            if normalise(number) in owned:
                yield sandbox
        after = page[-1].id


def _welcome(method: str, owner: str | None) -> Response:
    token = tokens.issue(call(), method, owner)
    return success(_about(owner), 201, token=token)


def _about(owner: str | None) -> dict[str, Any]:
    own = tokens.credentials_of(call().sandbox)
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
            "cluster_id": call().ids.hex("kazoo/cluster", 1),
            "is_master_account": False,
            "ui_config": {},
        }
    return data
