"""The first trip of a request: whom its credential finds, the sandbox, and the counters that it will want."""

from __future__ import annotations

from typing import Any

from emulator.core.errors import LocalfaxError
from emulator.stores.redis.ahead import Habits, count_up
from emulator.stores.redis.client import RedisClient, unwrap
from emulator.stores.redis.prefetch import Prefetch, prefetch
from emulator.stores.redis.schema import credential_key, untext
from emulator.stores.redis.thread import RedisSession


def look_up(client: RedisClient, habits: Habits, session: RedisSession, credential: str) -> None:
    """Look up whom a credential finds, and on the way what is wanted if it is whom it found last."""
    names = (credential,) if session.looked_up else habits.credentials(credential)
    guess, known = habits.sandbox(credential), session.prefetched
    is_known = known is not None and known.fresh and known.sandbox_id == guess
    looking = [] if guess is None or is_known else [prefetch(guess)]
    counters = habits.wanted(session.request) if looking and not session.looked_up else ()
    if guess and counters:
        looking.append(count_up(guess, counters))
    answers = client.send(*(("GET", credential_key(name)) for name in names), *looking)
    session.found |= {name: whom(unwrap(answer)) for name, answer in zip(names, answers, strict=False)}
    there = answers[len(names) :]
    if guess and counters and not isinstance(there[1], LocalfaxError):
        session.numbers.take(guess, counters, there[1])
    if guess and there and session.found[credential] == guess:
        session.prefetched = looked_at(guess, there[0])


def looked_at(sandbox_id: str, answer: Any, ahead: int = 0) -> Prefetch | None:
    """Read what was asked for on the way; when that failed each thing is asked for."""
    return None if isinstance(answer, LocalfaxError) else Prefetch(sandbox_id, answer, ahead)


def whom(answer: bytes | None) -> str | None:
    """Read the id of the sandbox that a credential finds."""
    return None if answer is None else untext(answer)
