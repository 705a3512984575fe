"""What one thread does in a row, in few round trips to the server.

The server has the truth. A thread that is on a session knows a part of it, as it was at one moment (see
prefetch.py), and what it writes is laid over that. It asks the server only for what it does not know, and
it is never wrong for long: what it knows is believed for a fraction of a second, forgotten when a write is
refused, and what it writes is judged by the server. Three more things save trips.

- Commits within `together` are held back and written as one (see transaction.py).
- A command whose answer can wait is put off: it goes out before the next one. When the session ends, and
  for a journal's entry at once, what is put off is told: sent, and not waited for.
- What a thread asks for in a row is mostly what the last one asked for (see ahead.py).
- A new fax, which nothing can refuse, is written with the request's entry, before the answer goes out.

A thread without a session reads and writes each thing as it comes. For example a fax is sent, and then one
turn of a running clock is played:

    with store.reading(request="ifax POST …"):     the session begins
        bound("ifax/key")                          trip 1: find the sandbox, read it, count up what such want
        put_blob(…), commit(…)                     put off
        next("ifax/job"), next("fax")              no trip
        log("requests", …)                         trip 2: keep the document, write the fax and the entry

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

from emulator.core.errors import Conflict, LimitReached, LocalfaxError, Overtaken, Unavailable, Unwritten
from emulator.core.item import Add, Item
from emulator.stores.redis.ahead import Habits, count_up, without_ids
from emulator.stores.redis.client import RedisClient, unwrap
from emulator.stores.redis.commands import Command, commit_items
from emulator.stores.redis.first_look import look_up, looked_at, whom
from emulator.stores.redis.prefetch import Prefetch, prefetch
from emulator.stores.redis.schema import credential_key
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
    def reading(self, plays: bool = False, request: str = "") -> Iterator[RedisSession]:
        """Be on a session for the block; one that `plays` looks in the same trip what its writes lead to."""
        session = self.current
        if session is not None:
            yield session
            return
        self._threads.session = session = RedisSession(plays, without_ids(request))
        try:
            yield session
        finally:
            self._threads.session = None
            self._end(session)

    def _end(self, session: RedisSession) -> None:
        self._settle(session)
        self._habits.learn(session.request, session.numbers.asked, session.looked_up, session.found)
        session.put_off += [((command,), list) for command in session.numbers.give_back()]
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
        if session is not None and session.waits:
            session.afterwards.append(do)
        else:
            do()

    # what a sandbox's acts ask for
    def transaction(self, sandbox_id: str) -> Transaction | None:
        """Look up what holds back this thread's writes to a sandbox."""
        found = session.transaction if (session := self.current) else None
        return found if found is not None and found.sandbox_id == sandbox_id else None

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
        self.settle()
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
        if known is not None and (known.sandbox_id != sandbox_id or not known.fresh):
            known = None
        if session.may_wait(puts, adds, (*deletes, *same)):
            session.hold(command, known, puts, adds)
            return
        (numbers,) = self.send(command)
        session.prefetched = known and known.lay_over(puts, deletes, adds, numbers)

    def run(self, sandbox_id: str, command: Command, ahead: int = 0) -> Any:
        """Run a command that may change a sandbox; on a session, look in the same trip what there is then."""
        session = self.current
        if session is None or session.transaction is not None:
            return self.send(command)[0]
        session.prefetched = None
        answer, there = self._send(session, command, prefetch(sandbox_id, ahead))
        session.prefetched = looked_at(sandbox_id, there, ahead)
        return unwrap(answer)

    def send(self, *commands: Command) -> list[Any]:
        """Run commands, behind what is put off; raise what is wrong with any of them."""
        session = self.current
        sent = self._client.send(*commands) if session is None else self._send(session, *commands)
        return list(map(unwrap, sent))

    def put_off(self, *commands: Command, check: TakeAnswers = list) -> None:
        """Send commands with the next one, or tell them at the session's end; without a session send now."""
        session = self.current
        if session is None or session.transaction is not None:
            check(self._client.send(*commands))
        else:
            session.put_off.append((commands, check))

    def tell(self, *commands: Command, check: TakeAnswers) -> None:
        """Send commands, behind what is put off, and do not wait for the answers, but where faxes are."""
        session = self.current
        assert session is not None
        session.put_off.append((commands, check))
        if session.unsettled:
            self._send(session)
        else:
            self._tell(session)

    def settle(self) -> None:
        """Write the faxes that are put off, before the server is asked for what may be about them."""
        self._settle(self.current)

    def _settle(self, session: RedisSession | None) -> None:
        if session is not None and session.unsettled:
            self._send(session)

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
            return whom(self.send(("GET", credential_key(credential)))[0])
        if credential not in session.found:
            look_up(self._client, self._habits, session, credential)
        session.looked_up.append(credential)
        return session.found[credential]

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
        self.settle()
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
            session.prefetched = looked_at(transaction.sandbox_id, there[0], look or 0) if there else None
        todo, session.afterwards, session.transaction = session.afterwards, [], None
        for do in todo:
            do()  # what this writes is not held back
        session.transaction = transaction

    def _send(self, session: RedisSession, *commands: Command) -> list[Any]:
        unsettled, todo = session.unsettled, () if session.transaction else session.take_afterwards()
        before, check = session.take_put_off()
        try:
            answers = self._client.send(*before, *commands)
            check(answers[: len(before)])
        except LocalfaxError as wrong:
            if unsettled:
                raise Unwritten(str(wrong)) from wrong
            raise
        for do in todo:
            do()
        return answers[len(before) :]

    def _tell(self, session: RedisSession) -> None:
        commands, check = session.take_put_off()
        self._client.tell(*commands, then=check)
