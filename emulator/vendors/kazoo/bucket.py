"""The token bucket that an account may have in front of its API, on the sandbox's clock.

The vendor's document has none, so there is one only where the profile's `rate_limit` asks for it.
"""

from __future__ import annotations

from typing import Any

from flask import request

from emulator.core.errors import LimitReached
from emulator.core.storage.store import Add
from emulator.vendors.dialect import Call
from emulator.vendors.kazoo.envelope import KazooError

ROOM = 100
"""Tokens in the bucket (observed), which `rate_limit: true` stands for; a number is another room."""
PER_TOKEN = 100
"""Milliseconds until one has come back (observed: ten a second)."""
CALL, LOGIN = 1, 35
"""Tokens that a call takes (observed)."""
MOST = 1_000_000
TRIES = 5


def pay(own: Call, tokens: int) -> None:
    """Take tokens out of the caller's bucket in an account; raise KazooError when there are too few."""
    room = room_of(own.profile("rate_limit"))
    if room and not _spend(own, tokens, room):
        raise KazooError("too_many_requests")


def room_of(switch: Any) -> int:
    """Read the profile's switch: the tokens that the bucket holds, 0 for no bucket."""
    if isinstance(switch, bool):
        return ROOM if switch else 0
    return int(switch) if isinstance(switch, int | float) and 1 <= switch <= MOST else 0


def _spend(own: Call, tokens: int, room: int) -> bool:
    # The bucket is one counter: the instant, in milliseconds, at which it will be full again.
    store, name = own.world.store, f"kazoo/full/{request.remote_addr}"
    now = int(own.now * 1000)
    for _ in range(TRIES):
        full = store.number(name)
        later = max(now - full, 0) + tokens * PER_TOKEN
        try:
            store.commit(adds=(Add(name, later, at_most=now + room * PER_TOKEN),))
            return True
        except LimitReached:
            if store.number(name) == full:
                return False
    return False
