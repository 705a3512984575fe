"""What is checked before a view runs: body, path, account, token, rate, permission, types, faxbox or user."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from emulator.core.dialect.vendor import Check
from emulator.core.errors import Conflict, LimitReached
from emulator.core.item import Add
from emulator.vendors.dialect import RequestContext, context, enter, enter_default, serving
from emulator.vendors.kazoo.account.tokens import can_parse, credentials_of, find_token
from emulator.vendors.kazoo.choices import MOST_TOKENS
from emulator.vendors.kazoo.errors import READER_KEY, KazooError, bad_json, bare, preflight, unknown
from emulator.vendors.kazoo.tables import BUCKET, CALL_PRICE, PER_TOKEN
from emulator.vendors.kazoo.visit import (
    FILE_TYPES,
    JSON_TYPES,
    PARTS_TYPES,
    call_or_default,
    choose_type,
    own_name,
    read_body,
    visit,
)
from emulator.vendors.reading import read_basic

LOGINS = frozenset({"user-auth", "api-auth"})
OPEN = frozenset({"webhook-catalogue", "webhook-samples", "webhook-sample", "fax-schema"})
"""What is shown without a token; with one, as the account's server has it."""
TAKES_FILES = frozenset({"create", "create-alias"})
GIVES_FILES = frozenset({"outbox-attachment", "inbox-attachment"})
CHANGING = frozenset({"PUT", "POST", "PATCH"})
TUNNELLED = frozenset({"PUT", "PATCH", "DELETE", "GET"})
ID_LENGTH = 32


def _read() -> None:
    found = visit()
    try:
        read_body(found)
    except ValueError:
        raise bad_json() from None
    verb = str(request.args.get("verb") or found.beside_data("verb") or "").upper()
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


def _route() -> Response | None:
    asked = request.method == "OPTIONS" and READER_KEY in request.environ
    if asked and isinstance(request.routing_exception, MethodNotAllowed):
        return preflight()
    if isinstance(request.routing_exception, RequestRedirect):
        raise KazooError("not_found")
    if request.routing_exception is not None:
        raise request.routing_exception
    return None


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
        if (opened := enter_default(account)) is None:
            raise unknown(account)
        account = credentials_of(opened.sandbox)["account"]
    found.account = account


def _admit() -> None:
    if own_name() in LOGINS:
        return
    found, shown = visit(), list(_shown_tokens())
    for token in shown:
        if (known := find_token(serving()[1], token)) is not None:
            found.account = found.account or known[1]["account_id"]
            found.token = token
            enter(f"token/{token}")
            return
    if shown and (opened := enter_default(shown[0])) is not None:
        own = credentials_of(opened.sandbox)
        found.account, found.token = found.account or own["account"], own["X-Auth-Token"]
        return
    if own_name() not in OPEN:
        raise KazooError("invalid credentials" if any(map(can_parse, shown)) else "invalid_credentials")


def _shown_tokens() -> Iterator[str]:
    """What may be the client's token, from the first carrier that is used."""
    header = request.headers.get("X-Auth-Token")
    if header is not None:
        yield header.strip()
    elif (query := request.args.get("auth_token")) is not None:
        yield query
    elif "Authorization" in request.headers:
        yield from _from_authorization(request.headers["Authorization"])
    elif isinstance(told := visit().beside_data("auth_token"), str):
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
    # A login pays when its account is known: until then the request is nobody's.
    if own_name() not in LOGINS:
        pay(call_or_default(), CALL_PRICE)


def pay(own: RequestContext, tokens: int) -> None:
    """Take tokens out of the caller's bucket in an account; raise KazooError when there are too few.

    The vendor's document has no bucket, so there is one only where the profile's `rate_limit` asks for it.
    """
    room = _bucket_of(own.profile("rate_limit"))
    if room:
        own.world.retry(lambda: _spend(own, tokens * PER_TOKEN, room * PER_TOKEN), "the bucket")


def _bucket_of(switch: Any) -> int:
    """Read the profile's switch: the tokens that the bucket holds, 0 for no bucket."""
    if isinstance(switch, bool):
        return BUCKET if switch else 0
    return int(switch) if isinstance(switch, int | float) and 1 <= switch <= MOST_TOKENS else 0


def _spend(own: RequestContext, price: int, room: int) -> None:
    # The bucket is one counter: the instant, in milliseconds, at which it will be full again.
    store, name, now = own.world.store, f"kazoo/full/{request.remote_addr}", int(own.now * 1000)
    full = store.number(name)
    try:
        own.world.commit(adds=(Add(name, max(now - full, 0) + price, at_most=now + room),))
    except LimitReached:
        if store.number(name) == full:
            raise KazooError("too_many_requests") from None
        raise Conflict("somebody else has paid meanwhile") from None


def _permit() -> None:
    if own_name() in LOGINS | OPEN:
        return
    if visit().account != credentials_of(context().sandbox)["account"]:
        raise KazooError("forbidden")
    if not context().settings.active:
        raise KazooError("locked")


def _content_type() -> Response | None:
    if request.method not in CHANGING:
        return None
    taken = JSON_TYPES | PARTS_TYPES | FILE_TYPES if own_name() in TAKES_FILES else JSON_TYPES
    return None if request.mimetype in taken else bare(415)


def _accept() -> Response | None:
    if own_name() in GIVES_FILES:
        return None
    return bare(406) if choose_type("application/json", "application/x-json") is None else None


def _find_scope() -> None:
    """Refuse a path whose faxbox is not there, or whose user cannot be one."""
    found = visit()
    if found.faxbox is not None and context().world.record(found.faxbox, "kazoo/faxboxes") is None:
        raise unknown(found.faxbox)
    if found.user is not None and not (len(found.user) == ID_LENGTH and found.user.isalnum()):
        raise unknown(found.user)


CHECKS: tuple[Check, ...] = (
    _read, _route, _find_account, _admit, _limit, _permit, _content_type, _accept, _find_scope,
)  # fmt: skip
"""In the order in which the server makes them (observed)."""
