"""The endpoints of users: registration, login, sub-users."""

from __future__ import annotations

from flask import Response

from emulator.vendors.dialect import call
from emulator.vendors.faxto import schemas, users
from emulator.vendors.faxto.errors import answer
from emulator.vendors.faxto.parameters import load


def register() -> Response:
    wanted = load(schemas.User)
    return _key(users.register(call(), wanted["email"], wanted["password"]))


def subuser() -> Response:
    wanted = load(schemas.SubUser)
    return _key(users.register(call(), wanted["email"], wanted.get("password")))


def log_in() -> Response:
    wanted = load(schemas.User)
    return _key(users.log_in(call(), wanted["email"], wanted["password"]))


def _key(key: str) -> Response:
    return answer({"status": "success", "api_key": key})
