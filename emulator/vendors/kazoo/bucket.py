"""The token bucket in front of the API: 100 calls at once, then ten a second, on the sandbox's clock."""

from __future__ import annotations

from flask import request

from emulator.core.errors import LimitReached
from emulator.core.store import Add
from emulator.vendors.dialect import Call
from emulator.vendors.kazoo.envelope import KazooError

ROOM = 100
"""Tokens (observed)."""
PER_TOKEN = 100
"""Milliseconds until one has come back (observed: ten a second)."""
CALL, LOGIN = 1, 35
"""Tokens that a call takes (observed)."""
TRIES = 5


def pay(own: Call, tokens: int) -> None:
    """Take tokens out of the caller's bucket in an account; raise KazooError when there are too few."""
    if own.profile("rate_limit", True) is not False and not _spend(own, tokens):
        raise KazooError("too_many_requests")


def _spend(own: Call, tokens: int) -> bool:
    # The bucket is one counter: the instant, in milliseconds, at which it will be full again.
    store, name = own.engine.store, f"kazoo/full/{request.remote_addr}"
    now = int(own.now * 1000)
    for _ in range(TRIES):
        full = store.number(own.sandbox.id, name)
        later = max(now - full, 0) + tokens * PER_TOKEN
        try:
            store.commit(own.sandbox.id, adds=(Add(name, later, at_most=now + ROOM * PER_TOKEN),))
            return True
        except LimitReached:
            if store.number(own.sandbox.id, name) == full:
                return False
    return False
