"""Whose task goes next when more wait for a child process than processors can do.

Each owner (a sandbox) has a line of its own, and the lines have their turns in rotation: who asks for a
hundred pages waits behind itself, and nobody else does. A line holds so many at most, and all lines together
do, for each that waits holds a thread: beyond that, and when its turn has not come within a minute, a
request is told to come again (`Busy`). Work that nobody asks for by a request (a fax that goes on) has a
line too, and is never sent away.

What is asked for while the same is being done, or was done lately, is not done again. For example with two
processors, when a asks for pages 1 to 4 and for page 1 again, and then b for a page:

    a1 a2 run    a3 a4 wait, the second a1 waits for the first    b1 waits in a line of its own
    a1 is done   both that asked for it have it                   a3 runs, then b1, then a4
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

EACH, ALL = 16, 32
"""How many may wait in the line of one owner, and in all lines; fewer than there are threads to answer."""
PATIENCE = 60.0
"""Real seconds that a request waits for its turn: a client has given up by then."""
REMEMBERED = 16 * 2**20
"""Bytes of results that are remembered."""


class Busy(Exception):
    """Too many documents wait to be worked on."""


_asking = threading.local()


class on_behalf_of:  # noqa: N801 it is used as a function; as a generator it takes twice the time
    """Say for whom this thread asks in the block."""

    def __init__(self, owner: str) -> None:
        self._owner = owner

    def __enter__(self) -> None:
        self._before, _asking.owner = getattr(_asking, "owner", None), self._owner

    def __exit__(self, *raised: object) -> None:
        _asking.owner = self._before


def ask_for(owner: str) -> None:
    """Say for whom this thread asks, within `on_behalf_of`."""
    if getattr(_asking, "owner", None) is not None:
        _asking.owner = owner


class Turns:
    """Lets so many run at a time; a request waits for `patience` real seconds at most."""

    def __init__(self, running: int, patience: float = PATIENCE) -> None:
        self._free = running
        self._patience = patience
        self._lock = threading.Lock()
        self._lines: OrderedDict[str | None, deque[threading.Event]] = OrderedDict()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it for the block; raise Busy when too many wait."""
        self._wait(getattr(_asking, "owner", None))
        try:
            yield
        finally:
            self._pass_on()

    def _wait(self, owner: str | None) -> None:
        with self._lock:
            if self._free and not self._lines:
                self._free -= 1
                return
            line = self._lines.get(owner, ())
            if owner is not None and (len(line) >= EACH or sum(map(len, self._lines.values())) >= ALL):
                raise Busy("too many documents are waiting to be worked on")
            mine = threading.Event()
            self._lines.setdefault(owner, deque()).append(mine)
        if not mine.wait(None if owner is None else self._patience):
            self._give_up(owner, mine)

    def _give_up(self, owner: str | None, mine: threading.Event) -> None:
        """Leave a line and raise Busy, unless the turn has come just now."""
        with self._lock:
            if mine.is_set():
                return
            line = self._lines[owner]
            line.remove(mine)
            if not line:
                del self._lines[owner]
        raise Busy("too many documents are being worked on")

    def _pass_on(self) -> None:
        with self._lock:
            if not self._lines:
                self._free += 1
                return
            owner, line = self._lines.popitem(last=False)
            line.popleft().set()
            if line:
                self._lines[owner] = line  # behind all others


class Results:
    """What was made, by what it was made of; what is being made is waited for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Event] = {}
        self._waiting = 0
        self._made: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return what was made lately, or make it; who comes while it is being made waits for that."""
        while True:
            with self._lock:
                if (found := self._made.get(key)) is not None:
                    self._made.move_to_end(key)
                    return found
                if (other := self._making.get(key)) is None:
                    mine = self._making[key] = threading.Event()
                    break
                if self._waiting >= ALL and getattr(_asking, "owner", None) is not None:
                    raise Busy("too many wait for what is being made")
                self._waiting += 1
            other.wait()
            with self._lock:
                self._waiting -= 1
        try:
            made = make()
            self._keep(key, made)
            return made
        finally:
            with self._lock:
                del self._making[key]
            mine.set()

    def _keep(self, key: Hashable, made: bytes) -> None:
        with self._lock:
            if len(made) > REMEMBERED // 4:
                return
            self._made[key] = made
            self._size += len(made)
            while self._size > REMEMBERED:
                self._size -= len(self._made.popitem(last=False)[1])
