"""What is checked before a view runs: who calls."""

from __future__ import annotations

from flask import Response, request

from emulator.core.dialect.vendor import Check
from emulator.vendors.dialect import enter, enter_default
from emulator.vendors.openfax.errors import failure
from emulator.vendors.openfax.parameters import read_given
from emulator.vendors.openfax.tables import INBOUND_ENDPOINTS


def check_key() -> Response | None:
    """Find the sandbox of the account and its key."""
    if request.routing_exception is not None or request.endpoint in OPEN_ENDPOINTS:
        return None
    told = read_given()
    account, key = told.get("AccountID"), told.get("APIKey")
    if not (account and key) and request.endpoint in INBOUND_ENDPOINTS:
        return failure("InvalidMissingValue")
    found = enter(f"{account}/{key}") or enter_default(account and key)
    return None if found else failure("InvalidAuthentication")


OPEN_ENDPOINTS = frozenset({"document", "version"})
"""What needs no key: links to documents, and the question for a client's own version."""

CHECKS: tuple[Check, ...] = (check_key,)
