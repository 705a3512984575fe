"""What a thread does in a row: it reads a sandbox in one go, and its writes may wait to go out as one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from emulator.core.errors import Conflict, LimitReached, LocalfaxError, Overtaken, Unavailable
from emulator.core.item import Item
from emulator.core.storage.store import Add
from emulator.stores.redis import wire
from emulator.stores.redis.link import Link, answered
from emulator.stores.redis.road import Command
from emulator.stores.redis.turn import FEW, MANY, Reads, Turn
from emulator.stores.redis.view import View, asked

HOMES = 10_000
"""Credentials whose sandbox is remembered; it is only a guess."""


@dataclass
class Visit:
    """One thread's: what it has read, holds back, does when that is written, sends with its next command."""

    view: View | None = None
    turn: Turn | None = None
    afterwards: list[Callable[[], object]] = field(default_factory=list)
    along: list[Command] = field(default_factory=list)


class Visits:
    """The visits of all threads; one that is on none reads and writes each thing as it comes."""

    def __init__(self, link: Link, reads: Reads) -> None:
        self._link = link
        self._reads = reads
        self._threads = threading.local()
        self._homes: dict[str, str] = {}

    @property
    def current(self) -> Visit | None:
        """Give this thread's visit."""
        found: Visit | None = getattr(self._threads, "visit", None)
        return found

    @contextmanager
    def reading(self) -> Iterator[Visit]:
        """Be on a visit for the block."""
        visit = self.current
        if visit is not None:
            yield visit
            return
        self._threads.visit = visit = Visit()
        try:
            yield visit
        finally:
            self._threads.visit = None
            if visit.along:
                with suppress(Unavailable):
                    self._link.send(*visit.along)

    @contextmanager
    def together(self, sandbox_id: str) -> Iterator[None]:
        """Hold back what the block commits to a sandbox; raise Overtaken, writing nothing, when too late."""
        looks_on = self.current is not None
        with self.reading() as visit:
            assert visit.turn is None, "nothing is held back twice"
            self._begin(visit, sandbox_id)
            try:
                try:
                    yield
                except Overtaken:
                    raise
                except BaseException:
                    self.write_out(visit)  # what came before the error
                    raise
                self.write_out(visit, look=looks_on)
            except BaseException:
                visit.view = None
                raise
            finally:
                visit.turn, visit.afterwards = None, []

    def view(self, sandbox_id: str) -> View | None:
        """Give what this thread has read of a sandbox on its visit, or reads now; None when it is on none."""
        visit = self.current
        if visit is None:
            return None
        view = visit.view
        if view is None or view.sandbox_id != sandbox_id or not (view.fresh or visit.turn):
            if visit.turn is not None:
                return None  # another sandbox than that of the turn
            view = visit.view = View(sandbox_id, self._link.run(*asked(self._link, sandbox_id)), 0)
        return view

    def turn(self, sandbox_id: str) -> Turn | None:
        """Give what holds back this thread's writes to a sandbox."""
        visit = self.current
        if visit is None or visit.turn is None or visit.turn.view.sandbox_id != sandbox_id:
            return None
        return visit.turn

    def more(self, sandbox_id: str) -> Turn:
        """Write what is held back and read on: more is due than was read."""
        visit = self.current
        assert visit is not None
        assert visit.turn is not None
        self.write_out(visit)
        visit.view = None
        return self._begin(visit, sandbox_id, min(MANY, 4 * visit.turn.view.ahead))

    def bound(self, credential: str) -> str | None:
        """Give the sandbox that a credential finds; on a visit what it found last is read on the way."""
        command = ("GET", wire.credential_key(credential))
        guess, visit = self._homes.get(credential), self.current
        if visit is None or visit.turn is not None:
            return _home(self._link.run(*command))
        if guess is None:
            home = _home(self._link.run(*command))
        else:
            found, there = self._link.send(command, asked(self._link, guess))
            home = _home(answered(found))
            if home == guess:
                visit.view = _view(guess, there)
        if home is not None:
            if len(self._homes) > HOMES:
                self._homes.clear()
            self._homes[credential] = home
        return home

    def run(self, sandbox_id: str, command: Command, ahead: int = 0) -> Any:
        """Run a command that may change a sandbox; on a visit, see in the same go what there is then."""
        visit = self.current
        if visit is None or visit.turn is not None:
            return self._link.run(*command)
        visit.view = None
        along, visit.along = visit.along, []
        *_, answer, now = self._link.send(*along, command, asked(self._link, sandbox_id, ahead))
        visit.view = _view(sandbox_id, now, ahead)
        return answered(answer)

    def along(self, command: Command) -> None:
        """Send a command whose answer nobody needs: on a visit with the next one, or at its end."""
        visit = self.current
        if visit is None:
            self._link.send(command)
        else:
            visit.along.append(command)

    def lock(self, sandbox_id: str, command: Command) -> Any:
        """Take a lock: who gets it will want to know what is due."""
        return self.run(sandbox_id, command, FEW)

    def settle(self, sandbox_id: str, *, changes: bool) -> None:
        """Make ready for a script: write what is held back, and forget what the script changes."""
        visit = self.current
        if visit is None:
            return
        if self.turn(sandbox_id) is not None:
            self.write_out(visit)
        elif changes:
            visit.view = None

    def held(self, turn: Turn) -> None:
        """See that not too much is held back."""
        visit = self.current
        if visit is not None and turn.full:
            self.write_out(visit)

    def learn(self, sandbox_id: str, name: str, value: int) -> None:
        """Take in a counter that has moved."""
        visit = self.current
        if visit and visit.view and visit.view.sandbox_id == sandbox_id and visit.view.numbers is not None:
            visit.view.numbers[name] = value

    def afterwards(self, do: Callable[[], object]) -> None:
        """Do something when nothing is held back any more."""
        visit = self.current
        if visit is not None and visit.turn is not None and visit.turn.waits:
            visit.afterwards.append(do)
        else:
            do()

    def write_out(self, visit: Visit, *, look: bool = False) -> None:
        """Write what is held back, all or nothing, and do what was to be done then; see what there is."""
        turn = visit.turn
        if turn is not None and turn.waits:
            sandbox_id = turn.view.sandbox_id
            looking = [asked(self._link, sandbox_id)] if look else []
            written, *now = self._link.send(commit(self._link, sandbox_id, *turn.written()), *looking)
            if isinstance(written, (Conflict, LimitReached)):
                raise Overtaken(str(written))
            answered(written)
            turn.begin_anew()
            visit.view = _view(sandbox_id, now[0]) if look else None
        todo, visit.afterwards, visit.turn = visit.afterwards, [], None
        for do in todo:
            do()  # what this writes is not held back
        visit.turn = turn

    def _begin(self, visit: Visit, sandbox_id: str, ahead: int = FEW) -> Turn:
        view = visit.view
        if view is None or view.sandbox_id != sandbox_id or view.ahead < ahead or not view.fresh:
            view = visit.view = View(sandbox_id, self._link.run(*asked(self._link, sandbox_id, ahead)), ahead)
        visit.turn = Turn(view, self._reads)
        return visit.turn


def _view(sandbox_id: str, answer: Any, ahead: int = 0) -> View | None:
    """Read what was asked for on the way; without it each thing is asked for."""
    return None if isinstance(answer, LocalfaxError) else View(sandbox_id, answer, ahead)


def _home(found: bytes | None) -> str | None:
    return None if found is None else wire.untext(found)


Rows = Sequence[Sequence[Any]]


def written(
    link: Link,
    sandbox_id: str,
    puts: Sequence[Item],
    adds: Sequence[Add],
    deletes: Sequence[Item] = (),
    record: bytes = b"",
) -> Command:
    """Give the command that writes items and counters of a sandbox, or makes it of its record."""
    return commit(
        link,
        sandbox_id,
        [wire.put_arguments(item, item.version - 1) for item in puts],
        [wire.delete_arguments(item) for item in deletes],
        adds=[wire.add_arguments(add) for add in adds],
        record=record,
    )


def commit(
    link: Link,
    sandbox_id: str,
    puts: Rows = (),
    deletes: Rows = (),
    reads: Rows = (),
    adds: Rows = (),
    *,
    record: bytes = b"",
) -> Command:
    """Give the command that writes to a sandbox, or makes it of its record; rows as commit.lua takes them."""
    told = (wire.CHANNEL, wire.text(sandbox_id))
    words = [word for rows in (puts, deletes, reads, adds) for row in rows for word in row]
    counts = (len(puts), len(deletes), len(reads))
    return link.call("commit", [wire.sandbox_key(sandbox_id)], *told, record, *counts, *words)
