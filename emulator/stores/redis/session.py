"""What one thread does in a row, in few round trips to the server.

Every act alone costs at least one round trip. A thread that is on a session saves most of them in three
ways.

- The first look at a sandbox also reads what is mostly looked at next (see prefetch.py). A write makes
  the thread forget that, and reads anew in the same trip.
- Commits within `together` are held back in a transaction and written as one (see transaction.py).
- A command whose answer nobody needs is put off: it goes out with the next one, or when the session ends.

A thread without a session reads and writes each thing as it comes. For example one turn of a running
clock:

    with store.reading():                          the session begins
        with sandbox.exclusive("play", wait=0):    trip 1: take the lock, and read 16 items that are due
            with sandbox.together():
                due(), get(Fax, …), commit(…)      no trip, however many steps are played
                                                   trip 2: write all of it, and read what is there then
                                                   (to release the lock is put off)
        due(), get(Clock, "clock")                 no trip: when to wake next
                                                   trip 3: release the lock
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from emulator.core.errors import Conflict, LimitReached, LocalfaxError, Overtaken, Unavailable
from emulator.stores.redis.client import RedisClient, unwrap
from emulator.stores.redis.commands import Command
from emulator.stores.redis.prefetch import Prefetch, prefetch
from emulator.stores.redis.schema import credential_key, untext
from emulator.stores.redis.transaction import FEW, MANY, Transaction

GUESSES = 10_000
"""Credentials whose sandbox is remembered, so that it is read on the way; it is only a guess."""


@dataclass
class RedisSession:
    """What one thread has read, holds back, does when that is written, and sends with its next command."""

    prefetched: Prefetch | None = None
    transaction: Transaction | None = None
    afterwards: list[Callable[[], object]] = field(default_factory=list)
    put_off: list[Command] = field(default_factory=list)


class RedisSessions:
    """The sessions of all threads."""

    def __init__(self, client: RedisClient) -> None:
        self._client = client
        self._threads = threading.local()
        self._guesses: dict[str, str] = {}

    @property
    def current(self) -> RedisSession | None:
        """This thread's session."""
        found: RedisSession | None = getattr(self._threads, "session", None)
        return found

    @contextmanager
    def reading(self) -> Iterator[RedisSession]:
        """Be on a session for the block."""
        session = self.current
        if session is not None:
            yield session
            return
        self._threads.session = session = RedisSession()
        try:
            yield session
        finally:
            self._threads.session = None
            if session.put_off:
                with suppress(Unavailable):
                    self._client.send(*session.put_off)

    @contextmanager
    def together(self, sandbox_id: str) -> Iterator[None]:
        """Hold back what the block commits to a sandbox; raise Overtaken, writing nothing, when too late."""
        goes_on = self.current is not None
        with self.reading() as session:
            assert session.transaction is None, "nothing is held back twice"
            self._begin(session, sandbox_id, FEW)
            try:
                try:
                    yield
                except Overtaken:
                    raise
                except BaseException:
                    self._write(session)  # what came before the error
                    raise
                self._write(session, look=goes_on)
            except BaseException:
                session.prefetched = None
                raise
            finally:
                session.transaction, session.afterwards = None, []

    def afterwards(self, do: Callable[[], object]) -> None:
        """Do something when nothing is held back any more."""
        session = self.current
        if session is not None and session.transaction is not None and session.transaction.waits:
            session.afterwards.append(do)
        else:
            do()

    # what a sandbox's acts ask for
    def transaction(self, sandbox_id: str) -> Transaction | None:
        """Look up what holds back this thread's writes to a sandbox."""
        session = self.current
        if session is None or session.transaction is None or session.transaction.sandbox_id != sandbox_id:
            return None
        return session.transaction

    def prefetched(self, sandbox_id: str) -> Prefetch | None:
        """Look up what this thread has read of a sandbox, or read it now; None when it is on no session."""
        session = self.current
        if session is None:
            return None
        found = session.prefetched
        if found is None or found.sandbox_id != sandbox_id or not (found.fresh or session.transaction):
            if session.transaction is not None:
                return None  # another sandbox than that of the transaction
            found = session.prefetched = self._prefetch(sandbox_id)
        return found

    def flush(self, sandbox_id: str, *, forget: bool = False) -> None:
        """Write what is held back, for the server to see it; or forget what was read, as it will change."""
        session = self.current
        if session is not None and self.transaction(sandbox_id) is not None:
            self._write(session)
        elif session is not None and forget:
            session.prefetched = None

    def read_on(self, transaction: Transaction) -> Transaction:
        """Write what is held back and read more of what is due."""
        session = self.current
        assert session is not None
        self._write(session)
        session.prefetched = None
        return self._begin(session, transaction.sandbox_id, min(MANY, 4 * transaction.prefetched.ahead))

    def learn(self, sandbox_id: str, name: str, value: int) -> None:
        """Take in a counter that has moved."""
        found = None if self.current is None else self.current.prefetched
        if found is not None and found.sandbox_id == sandbox_id and found.numbers is not None:
            found.numbers[name] = value

    # commands
    def run(self, sandbox_id: str, command: Command, ahead: int = 0) -> Any:
        """Run a command that may change a sandbox; on a session, look in the same trip what there is then."""
        session = self.current
        if session is None or session.transaction is not None:
            return self._client.run(*command)
        session.prefetched = None
        put_off, session.put_off = session.put_off, []
        *_, answer, there = self._client.send(*put_off, command, prefetch(sandbox_id, ahead))
        session.prefetched = _looked_at(sandbox_id, there, ahead)
        return unwrap(answer)

    def put_off(self, command: Command) -> None:
        """Send a command with the next one, or at the session's end; without a session now."""
        session = self.current
        if session is None:
            self._client.send(command)
        else:
            session.put_off.append(command)

    def bound(self, credential: str) -> str | None:
        """Look up whom a credential finds; on a session the sandbox that it found last is read on the way."""
        command = ("GET", credential_key(credential))
        guess, session = self._guesses.get(credential), self.current
        if guess is None or session is None or session.transaction is not None:
            found = self._client.run(*command)
        else:
            found, there = self._client.send(command, prefetch(guess))
            if unwrap(found) is not None and untext(found) == guess:
                session.prefetched = _looked_at(guess, there)
        if found is None:
            return None
        if len(self._guesses) > GUESSES:
            self._guesses.clear()
        self._guesses[credential] = untext(found)
        return self._guesses[credential]

    def _begin(self, session: RedisSession, sandbox_id: str, ahead: int) -> Transaction:
        found = session.prefetched
        if found is None or found.sandbox_id != sandbox_id or found.ahead < ahead or not found.fresh:
            found = session.prefetched = self._prefetch(sandbox_id, ahead)
        session.transaction = Transaction(found, self._client)
        return session.transaction

    def _prefetch(self, sandbox_id: str, ahead: int = 0) -> Prefetch:
        return Prefetch(sandbox_id, self._client.run(*prefetch(sandbox_id, ahead)), ahead)

    def _write(self, session: RedisSession, *, look: bool = False) -> None:
        """Write what is held back, all or nothing, then do what was to be done afterwards."""
        transaction = session.transaction
        if transaction is not None and transaction.waits:
            looking = [prefetch(transaction.sandbox_id)] if look else []
            written, *there = self._client.send(transaction.command(), *looking)
            if isinstance(written, (Conflict, LimitReached)):
                raise Overtaken(str(written))
            unwrap(written)
            transaction.forget_held()
            session.prefetched = _looked_at(transaction.sandbox_id, there[0]) if look else None
        todo, session.afterwards, session.transaction = session.afterwards, [], None
        for do in todo:
            do()  # what this writes is not held back
        session.transaction = transaction


def _looked_at(sandbox_id: str, answer: Any, ahead: int = 0) -> Prefetch | None:
    """Read what was asked for on the way; when that failed each thing is asked for."""
    return None if isinstance(answer, LocalfaxError) else Prefetch(sandbox_id, answer, ahead)
