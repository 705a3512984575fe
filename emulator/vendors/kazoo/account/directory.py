"""What fax clients read before they send: the account, its user, its numbers, the schema of a fax.

The least that public clients were seen to read (observed); the other keys of the real answers are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from emulator.core.faxes.numbers import normalise
from emulator.vendors.dialect import context
from emulator.vendors.kazoo.account.tokens import credentials_of, owner_of, realm
from emulator.vendors.kazoo.errors import success, unknown
from emulator.vendors.kazoo.tables import UNTRIED
from emulator.vendors.kazoo.words import gregorian

LANGUAGE = "en-us"


def read_account() -> Response:
    """Show the account: its name, its realm, its caller id."""
    own = credentials_of(context().sandbox)
    return success(
        {
            "id": own["account"],
            "name": own["account_name"],
            "realm": realm(own),
            "caller_id": _caller_id(),
            "enabled": True,
            "is_reseller": False,
            "language": LANGUAGE,
            "timezone": "UTC",
            "created": gregorian(context().sandbox.created_at),
        }
    )


def read_user(user_id: str) -> Response:
    """Show the account's one user."""
    sandbox = context().sandbox
    if user_id != owner_of(sandbox):
        raise unknown(user_id)
    name = credentials_of(sandbox)["user"]
    return success(
        {
            "id": user_id,
            "username": name,
            "first_name": name.title(),
            "last_name": "Localfax",
            "email": f"{name}@{realm(credentials_of(sandbox))}",
            "priv_level": "admin",
            "enabled": True,
            "caller_id": _caller_id(),
            "timezone": "UTC",
        }
    )


def list_phone_numbers() -> Response:
    """List the account's numbers."""
    own = context()
    made = gregorian(own.sandbox.created_at)
    about = {"state": "in_service", "features": [], "assigned_to": credentials_of(own.sandbox)["account"]}
    row = about | {"created": made, "updated": made}
    numbers = {normalise(number): dict(row) for number in own.settings.numbers}
    return success({"numbers": numbers, "cascade_quantity": 0})


def read_fax_schema() -> Response:
    """Show the JSON schema of a fax."""
    return success({"id": "faxes", **SCHEMA})


def _caller_id() -> dict[str, Any]:
    own = context()
    numbers = own.settings.numbers
    name = credentials_of(own.sandbox)["account_name"]
    return {"external": {"name": name, "number": normalise(numbers[0])}} if numbers else {}


_TEXT: Mapping[str, Any] = {"type": "string"}
_SEND_TO: Mapping[str, Any] = {
    "type": "object",
    "properties": {"send_to": {"type": ["string", "array"], "items": _TEXT}},
}
_KINDS = {bool: "boolean", int: "integer", str: "string"}

SCHEMA: Mapping[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "description": "Request a fax document to be transmitted",
    "type": "object",
    "required": ["from_number", "to_number"],
    "properties": {
        "attempts": {"type": "integer", "default": 0, "minimum": 0, "maximum": 4},
        "document": {
            "type": "object",
            "required": ["url"],
            "properties": {
                "url": {"type": "string", "pattern": "^https?://"},
                "method": {"type": "string", "enum": ["get", "post"], "default": "get"},
                "content": {"type": "string", "minLength": 0, "maxLength": 256},
                "content_type": _TEXT,
                "host": _TEXT,
                "referer": _TEXT,
            },
        },
        "from_name": _TEXT,
        "from_number": _TEXT,
        "to_name": _TEXT,
        "to_number": _TEXT,
        "retries": {"type": "integer", "default": 1, "minimum": 0, "maximum": 4},
        "notifications": {"type": "object", "properties": {"email": _SEND_TO, "sms": _SEND_TO}},
        "tx_result": {
            "type": "object",
            "properties": {
                key: {"type": _KINDS[type(usual)], "default": usual} for key, usual in UNTRIED.items()
            },
        },
    },
}
"""Documented, the parameters of a fax; as a schema, observed."""
