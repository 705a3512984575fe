"""What is checked before a view runs, in Kazoo's order: body, path, account, token, permission, types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from emulator.core.dialect.voice import Check
from emulator.vendors.dialect import call, enter, served
from emulator.vendors.kazoo import bucket, tokens
from emulator.vendors.kazoo.body import FILE_TYPES, JSON_TYPES, PARTS_TYPES, read_body
from emulator.vendors.kazoo.envelope import KazooError, bare, unknown
from emulator.vendors.kazoo.visit import here, visit
from emulator.vendors.reading import read_basic

LOGINS = frozenset({"user-auth", "api-auth"})
OPEN = frozenset({"webhook-catalogue", "webhook-samples", "webhook-sample"})
"""What is shown without a token; with one, as the account's server has it."""
TAKES_FILES = frozenset({"create", "create-alias"})
GIVES_FILES = frozenset({"outbox-attachment", "inbox-attachment"})
CHANGING = frozenset({"PUT", "POST", "PATCH"})
TUNNELLED = frozenset({"PUT", "PATCH", "DELETE", "GET"})
ID_LENGTH = 32


def endpoint() -> str:
    """Give the endpoint's own name, without the variant of its path."""
    return (request.endpoint or "").rpartition(":")[2]


def _read() -> None:
    visit().body = read_body()
    verb = str(request.args.get("verb") or visit().from_envelope("verb") or "").upper()
    if request.method == "POST" and verb in TUNNELLED:
        _tunnel(verb)


def _tunnel(verb: str) -> None:
    """Answer a POST as the method that it names (observed)."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "there is always a request here"
    request.method = verb
    request.routing_exception = None
    try:
        request.url_rule, names = adapter.match(method=verb, return_rule=True)
        request.view_args = dict(names)
    except HTTPException as wrong:
        request.url_rule, request.routing_exception = None, wrong


def _route() -> None:
    if isinstance(request.routing_exception, RequestRedirect):
        raise KazooError("not_found")
    if request.routing_exception is not None:
        raise request.routing_exception


def _find_account() -> None:
    found, names = visit(), dict(request.view_args or {})
    found.faxbox, found.user = names.pop("faxbox", None), names.pop("user", None)
    account = names.pop("account", None)
    request.view_args = names
    if account is None:
        return
    if len(account) != ID_LENGTH:
        raise KazooError("bad identifier", data={"message": f"invalid account_id '{account}'"})
    if enter(f"account/{account}") is None:
        raise unknown(account)
    found.account = account


def _admit() -> None:
    if endpoint() in LOGINS:
        return
    _, engine = served()
    shown = list(_shown_tokens())
    for token in shown:
        if (found := tokens.find(engine, token)) is not None:
            if not visit().account:
                visit().account = found[1]["account_id"]
            visit().token = token
            enter(f"token/{token}")
            return
    if endpoint() in OPEN:
        return
    raise KazooError("invalid credentials" if any(map(tokens.parseable, shown)) else "invalid_credentials")


def _shown_tokens() -> Iterator[str]:
    """Give what may be the call's token, from the first carrier that is used."""
    header = request.headers.get("X-Auth-Token")
    if header is not None:
        yield header.strip()
    elif (query := request.args.get("auth_token")) is not None:
        yield query
    elif "Authorization" in request.headers:
        yield from _from_authorization(request.headers["Authorization"])
    elif isinstance(told := visit().from_envelope("auth_token"), str):
        yield told


def _from_authorization(header: str) -> Iterator[str]:
    """Read `Bearer token`; or `Basic`, with the token as it is or on either side of the colon."""
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() not in ("basic", "bearer"):
        return
    yield value.strip()
    if scheme.lower() == "basic":
        try:
            left, right = read_basic(value)
        except ValueError:
            return
        yield from (each for each in (right, left) if each)


def _limit() -> None:
    # A login pays when its account is known: until then the call is nobody's.
    if endpoint() not in LOGINS:
        bucket.pay(here(), bucket.CALL)


def _permit() -> None:
    if endpoint() in LOGINS | OPEN:
        return
    if visit().account != tokens.credentials_of(call().sandbox)["account"]:
        raise KazooError("forbidden")
    if not call().settings.active:
        raise KazooError("locked")


def _content_type() -> Response | None:
    if request.method not in CHANGING:
        return None
    taken = JSON_TYPES | PARTS_TYPES | FILE_TYPES if endpoint() in TAKES_FILES else JSON_TYPES
    return None if request.mimetype in taken else bare(415)


def _accept() -> Response | None:
    if endpoint() in GIVES_FILES:
        return None
    return bare(406) if preferred("application/json", "application/x-json") is None else None


def preferred(*offered: str) -> str | None:
    """Give the type that the call likes best, the first one when it says nothing, None when it takes none.

    `accept` in the query stands for the header.
    """
    from werkzeug.datastructures import MIMEAccept
    from werkzeug.http import parse_accept_header

    said: Any = request.args.get("accept") or request.headers.get("Accept", "")
    if not said.strip():
        return offered[0]
    return parse_accept_header(said, MIMEAccept).best_match(offered)


CHECKS: tuple[Check, ...] = (
    _read, _route, _find_account, _admit, _limit, _permit, _content_type, _accept,
)  # fmt: skip
"""In the order in which the server makes them (observed)."""
