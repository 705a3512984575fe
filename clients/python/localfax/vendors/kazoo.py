"""The smallest client of Kazoo's fax API."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from localfax.asking import SENDER, Account, Ask, Client, Order, digits


def _send(order: Order) -> Ask:
    data: dict[str, Any] = {"from_number": digits(order.sender or SENDER), "to_number": digits(order.to)}
    if order.max_attempts:
        data["retries"] = order.max_attempts - 1
    letter = json.dumps({"data": data})
    document = order.document
    parts = (
        ("content", (None, letter, "application/json")),
        ("content", (document.name, document.content, document.media_type)),
    )
    return Ask("PUT", _faxes(order.account), _token(order.account), files=parts)


def _status(account: Account, fax: str) -> Ask:
    return Ask("GET", f"{_faxes(account)}/outgoing/{fax}", _token(account))


def _faxes(account: Account) -> str:
    return f"{account.base_url}/v2/accounts/{account.credentials['account']}/faxes"


def _token(account: Account) -> dict[str, str]:
    return {"X-Auth-Token": account.credentials["X-Auth-Token"]}


def _derived(credentials: Mapping[str, str]) -> dict[str, str]:
    """What a login shows in place of user and password, and the account's database."""
    login = f"{credentials['user']}:{credentials['password']}".encode()
    return {
        "login md5": hashlib.md5(login, usedforsecurity=False).hexdigest(),
        "login sha1": hashlib.sha1(login, usedforsecurity=False).hexdigest(),
        "account_db": account_db(credentials["account"]),
    }


def account_db(account: str) -> str:
    """Name the account's database, as webhooks do."""
    return f"account%2F{account[:2]}%2F{account[2:4]}%2F{account[4:]}"


CLIENT = Client(_send, _status, resolution="fine", derived=_derived)
