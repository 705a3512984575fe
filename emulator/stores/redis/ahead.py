"""Numbers and credentials that a thread will want next, had in the same trip as the first of them.

What followed a counter or a credential in its last session is remembered for the whole process: one that
is right saves a trip, one that is wrong costs little. For example a client of Kazoo sends a fax twice:

    first   bound("kazoo/account/5f…")       a trip
            bound("kazoo/token/9b…")         a trip
    second  bound("kazoo/account/5f…")       a trip, which looks up both
            bound("kazoo/token/9b…")         known

The counters that a request asks for come with the first trip of the next one that is like it.
A number that was counted up ahead and not used is given back: the counter is counted down if nobody has
counted on since, and the sandbox was not cleared. So whoever sends one fax after the other has the same
numbers over every store.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from emulator.stores.redis.commands import Command, sandbox_script
from emulator.stores.redis.schema import text

_ID = re.compile(r"[^/ ]*\d[^/ ]*")

MOST = 8
"""How many are had ahead at most."""
REMEMBERED = 10_000
"""Of so many counters and credentials it is remembered what followed them."""


class Habits:
    """What followed what in the last session, and whom a credential found; all of it is only a guess."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[str, ...]] = {}
        self._looked_up: dict[str, tuple[str, ...]] = {}
        self._found: dict[str, str] = {}
        self._requests: dict[str, tuple[str, ...]] = {}

    def wanted(self, request: str) -> tuple[str, ...]:
        """The counters that the last request like this one asked for."""
        return self._requests.get(request, ())

    def numbers(self, name: str) -> tuple[str, ...]:
        """The counters that a thread will ask for beginning with this one."""
        return (name, *self._counted.get(name, ()))

    def credentials(self, name: str) -> tuple[str, ...]:
        """The credentials that a thread will ask for beginning with this one."""
        return (name, *self._looked_up.get(name, ()))

    def sandbox(self, credential: str) -> str | None:
        """The sandbox that a credential found last."""
        return self._found.get(credential)

    def learn(
        self,
        request: str,
        counted: Sequence[str],
        looked_up: Sequence[str],
        found: dict[str, str | None],
    ) -> None:
        """Remember a session: the counters and credentials asked for, and whom they found."""
        if request and (counted or request in self._requests):
            _remember(self._requests, request, tuple(counted[:MOST]))
        if counted:
            _remember(self._counted, counted[0], tuple(counted[1 : MOST + 1]))
        if looked_up and found.get(looked_up[0]) is not None:
            _remember(self._looked_up, looked_up[0], tuple(dict.fromkeys(looked_up[1 : MOST + 1])))
        for credential in looked_up:
            if (sandbox_id := found.get(credential)) is not None:
                _remember(self._found, credential, sandbox_id)


def without_ids(request: str) -> str:
    """Leave out of a request's path whatever has a digit: those that differ by no more are alike."""
    return _ID.sub("", request)


def _remember(memory: dict[str, Any], name: str, value: Any) -> None:
    if len(memory) >= REMEMBERED and name not in memory:
        memory.clear()
    memory[name] = value


class Numbers:
    """The numbers that one thread has ahead, and the counters it has asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._ahead: dict[tuple[str, str], deque[int]] = {}
        self._cleared: dict[str, int] = {}

    def has(self, sandbox_id: str, name: str) -> bool:
        """Tell whether a counter's next number is there."""
        return bool(self._ahead.get((sandbox_id, name)))

    def take(self, sandbox_id: str, names: Sequence[str], values: Sequence[int]) -> None:
        """Take in what count_up.lua has answered."""
        self._cleared[sandbox_id] = int(values[0])
        for name, value in zip(names, values[1:], strict=True):
            self._ahead.setdefault((sandbox_id, name), deque()).append(int(value))

    def pop(self, sandbox_id: str, name: str) -> int:
        """Use a number."""
        self.asked.append(name)
        return self._ahead[sandbox_id, name].popleft()

    def give_back(self) -> Iterator[Command]:
        """Build what gives back the numbers that were not used."""
        for sandbox_id, cleared in self._cleared.items():
            left = [(name, values) for (box, name), values in self._ahead.items() if box == sandbox_id]
            words = [
                word for name, values in left for value in reversed(values) for word in (text(name), value)
            ]
            if words:
                yield sandbox_script("give_back", sandbox_id, cleared, *words)


def count_up(sandbox_id: str, names: Sequence[str]) -> Command:
    """Build what counts counters up."""
    return sandbox_script("count_up", sandbox_id, *map(text, names))
