"""What one thread does in a row, in few round trips to the server.

The server has the truth. A thread that is on a session knows a part of it, as it was at one moment (see
prefetch.py), and what it writes is laid over that. It asks the server only for what it does not know, and
it is never wrong for long: what it knows is believed for a fraction of a second, forgotten when a write is
refused, and what it writes is judged by the server. Three more things save trips.

- Commits within `together` are held back and written as one (see transaction.py).
- A command whose answer can wait is put off: it goes out before the next one. When the session ends, and
  for a journal's entry at once, what is put off is told: sent, and not waited for.
- What a thread asks for in a row is mostly what the last one asked for. So with a counter (or credential)
  those are counted up (or looked up) that followed it last time. Numbers that were not needed are given
  back, so that the next one has them.

A thread without a session reads and writes each thing as it comes. For example a fax is sent, and then one
turn of a running clock is played:

    with store.reading():                          the session begins
        bound("ifax/key")                          trip 1: find the sandbox, and read it
        put_blob(…)                                put off
        next("ifax/job")                           trip 2: keep the document, count up "ifax/job" and "fax"
        next("fax"), get(Clock, "clock")           no trip
        commit(…)                                  trip 3
        log("requests", …)                         told

    with store.reading(plays=True):
        with sandbox.exclusive("play", wait=0):    trip 1: take the lock, and read 16 items that are due
            with sandbox.together():
                due(), get(Fax, …), commit(…)      no trip, however many steps are played
                                                   trip 2: write all of it, and read what is there then
                                                   (to release the lock is put off)
        due(), get(Clock, "clock")                 no trip: when to wake next
                                                   told: release the lock
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from emulator.core.errors import Conflict, LimitReached, LocalfaxError, Overtaken, Unavailable
from emulator.core.item import Item
from emulator.core.storage.store import Add
from emulator.stores.redis.ahead import Habits, count_up
from emulator.stores.redis.client import RedisClient, unwrap
from emulator.stores.redis.commands import Command, commit_items
from emulator.stores.redis.prefetch import Prefetch, prefetch
from emulator.stores.redis.schema import credential_key, untext
from emulator.stores.redis.thread import RedisSession, TakeAnswers
from emulator.stores.redis.transaction import FEW, MANY, Transaction


class RedisSessions:
    """The sessions of all threads."""

    def __init__(self, client: RedisClient) -> None:
        self._client = client
        self._threads = threading.local()
        self._habits = Habits()

    @property
    def current(self) -> RedisSession | None:
        """This thread's session."""
        found: RedisSession | None = getattr(self._threads, "session", None)
        return found

    @contextmanager
    def reading(self, plays: bool = False) -> Iterator[RedisSession]:
        """Be on a session for the block; one that `plays` looks in the same trip what its writes lead to."""
        session = self.current
        if session is not None:
            yield session
            return
        self._threads.session = session = RedisSession(plays)
        try:
            yield session
        finally:
            self._threads.session = None
            self._end(session)

    def _end(self, session: RedisSession) -> None:
        self._habits.learn(session.numbers.asked, session.looked_up, session.found)
        for command in session.numbers.give_back():
            session.put_off.append(((command,), list))
        if session.put_off:
            with suppress(Unavailable):
                self._tell(session)

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
                self._write(session, look=0 if goes_on else None)
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
        """Look up what this thread knows of a sandbox, or read it now; None when it is on no session."""
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
        ahead = min(MANY, 4 * transaction.prefetched.ahead)
        session.prefetched = None
        self._write(session, look=ahead)
        return self._begin(session, transaction.sandbox_id, ahead)

    # commands
    def commit(
        self,
        sandbox_id: str,
        puts: Sequence[Item],
        adds: Sequence[Add],
        deletes: Sequence[Item],
        same: Sequence[Item],
    ) -> None:
        """Commit at once, and lay what is written over what this thread knows."""
        session, command = self.current, commit_items(sandbox_id, puts, adds, deletes, same=same)
        if session is None or session.transaction is not None:
            self.send(command)
            return
        if session.plays:
            self.run(sandbox_id, command)
            return
        known, session.prefetched = session.prefetched, None
        (numbers,) = self.send(command)
        if known is not None and known.sandbox_id == sandbox_id and known.fresh:
            session.prefetched = known.lay_over(puts, deletes, adds, numbers)

    def run(self, sandbox_id: str, command: Command, ahead: int = 0) -> Any:
        """Run a command that may change a sandbox; on a session, look in the same trip what there is then."""
        session = self.current
        if session is None or session.transaction is not None:
            return self.send(command)[0]
        session.prefetched = None
        answer, there = self._send(session, command, prefetch(sandbox_id, ahead))
        session.prefetched = _looked_at(sandbox_id, there, ahead)
        return unwrap(answer)

    def send(self, *commands: Command) -> list[Any]:
        """Run commands, behind what is put off; raise what is wrong with any of them."""
        session = self.current
        answers = self._client.send(*commands) if session is None else self._send(session, *commands)
        return [unwrap(answer) for answer in answers]

    def put_off(self, *commands: Command, check: TakeAnswers = list) -> None:
        """Send commands with the next one, or tell them at the session's end; without a session send now."""
        session = self.current
        if session is None or session.transaction is not None:
            check(self._client.send(*commands))
        else:
            session.put_off.append((commands, check))

    def tell(self, *commands: Command, check: TakeAnswers) -> None:
        """Send commands, behind what is put off, and do not wait for the answers."""
        session = self.current
        assert session is not None
        session.put_off.append((commands, check))
        self._tell(session)

    def next(self, sandbox_id: str, name: str) -> int:
        """Count a counter up, and those that will be wanted behind it."""
        session = self.current
        if session is None or session.transaction is not None:
            return int(self.send(count_up(sandbox_id, (name,)))[0][1])
        numbers = session.numbers
        if not numbers.has(sandbox_id, name):
            names = (name,) if numbers.asked else self._habits.numbers(name)
            (values,) = self.send(count_up(sandbox_id, names))
            numbers.take(sandbox_id, names, values)
        value = numbers.pop(sandbox_id, name)
        if session.prefetched is not None:
            session.prefetched.learn(sandbox_id, name, value)
        return value

    def bound(self, credential: str) -> str | None:
        """Look up whom a credential finds; on a session the sandbox that it found last is read on the way."""
        session = self.current
        if session is None or session.transaction is not None:
            return _whom(self.send(("GET", credential_key(credential)))[0])
        if credential not in session.found:
            self._look_up(session, credential)
        session.looked_up.append(credential)
        return session.found[credential]

    def _look_up(self, session: RedisSession, credential: str) -> None:
        names = (credential,) if session.looked_up else self._habits.credentials(credential)
        guess, known = self._habits.sandbox(credential), session.prefetched
        is_known = known is not None and known.fresh and known.sandbox_id == guess
        looking = [] if guess is None or is_known else [prefetch(guess)]
        answers = self._client.send(*(("GET", credential_key(name)) for name in names), *looking)
        session.found |= {name: _whom(unwrap(answer)) for name, answer in zip(names, answers, strict=False)}
        if looking and session.found[credential] == guess:
            session.prefetched = _looked_at(guess or "", answers[-1])

    def forget(self, credential: str) -> None:
        """Look up anew whom a credential finds: it may be another by now."""
        if (session := self.current) is not None:
            session.found.pop(credential, None)

    # within
    def _begin(self, session: RedisSession, sandbox_id: str, ahead: int) -> Transaction:
        found = session.prefetched
        if found is None or found.sandbox_id != sandbox_id or found.ahead < ahead or not found.fresh:
            found = session.prefetched = self._prefetch(sandbox_id, ahead)
        session.transaction = Transaction(found, self._client)
        return session.transaction

    def _prefetch(self, sandbox_id: str, ahead: int = 0) -> Prefetch:
        return Prefetch(sandbox_id, self._client.run(*prefetch(sandbox_id, ahead)), ahead)

    def _write(self, session: RedisSession, *, look: int | None = None) -> None:
        """Write what is held back, all or nothing, then do what was to be done afterwards.

        With `look` see in the same trip what there is then, so much of what is due.
        """
        transaction = session.transaction
        if transaction is not None and transaction.waits:
            looking = [] if look is None else [prefetch(transaction.sandbox_id, look)]
            written, *there = self._send(session, transaction.command(), *looking)
            if isinstance(written, (Conflict, LimitReached)):
                raise Overtaken(str(written))
            unwrap(written)
            transaction.forget_held()
            session.prefetched = _looked_at(transaction.sandbox_id, there[0], look or 0) if there else None
        todo, session.afterwards, session.transaction = session.afterwards, [], None
        for do in todo:
            do()  # what this writes is not held back
        session.transaction = transaction

    def _send(self, session: RedisSession, *commands: Command) -> list[Any]:
        before, check = session.take_put_off()
        answers = self._client.send(*before, *commands)
        check(answers[: len(before)])
        return answers[len(before) :]

    def _tell(self, session: RedisSession) -> None:
        commands, check = session.take_put_off()
        self._client.tell(*commands, then=check)


def _looked_at(sandbox_id: str, answer: Any, ahead: int = 0) -> Prefetch | None:
    """Read what was asked for on the way; when that failed each thing is asked for."""
    return None if isinstance(answer, LocalfaxError) else Prefetch(sandbox_id, answer, ahead)


def _whom(answer: bytes | None) -> str | None:
    return None if answer is None else untext(answer)
