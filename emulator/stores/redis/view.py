"""What a thread has read of a sandbox in one go: what nearly every call and every turn looks at."""

from __future__ import annotations

import time
from functools import cached_property
from typing import Any

from emulator.core.faxes.fax import Fax
from emulator.core.item import leased
from emulator.core.sandboxes.clock import Clock
from emulator.core.sandboxes.sandbox import Settings
from emulator.core.scripting.rules import OneShot, Rule
from emulator.core.webhooks.delivery import Delivery
from emulator.stores.redis import wire
from emulator.stores.redis.link import Link
from emulator.stores.redis.road import Command

BELIEVED = 0.25
"""Real seconds after which what was read is read anew."""

COUNTED = (OneShot.kind, Rule.kind, leased(Fax.kind), leased(Delivery.kind))
"""The lists whose lengths are always asked for."""
BOUNDS = tuple(bound for name in COUNTED for bound in wire.bounds(name))

SEEN = (Clock.kind, Settings.kind)
"""The kinds of items that it has all of."""

SECTION, FIELD = b"\xfd", b"\xfc"
MANY = b"?"
"""Stands for counters that are too many to be read every time."""

Row = tuple[float, bytes]
"""Something that is due: its instant, and its turn among what is due then."""


class View:
    """A sandbox at one moment, read as it is asked for.

    `ahead` is how much of what is due was wanted with its bodies, 0 for the first without.
    """

    def __init__(self, sandbox_id: str, answer: bytes, ahead: int) -> None:
        self.sandbox_id = sandbox_id
        self.ahead = ahead
        self._taken = time.monotonic()
        self.record, self._clock, self._settings, self._numbers, self._counts, self._rows = answer.split(
            SECTION
        )

    @property
    def fresh(self) -> bool:
        """Tell whether it is still believed."""
        return time.monotonic() - self._taken < BELIEVED

    @cached_property
    def settings(self) -> dict[str, bytes]:
        """Give the bodies of settings by their ids."""
        return {wire.untext(name): body for name, body in _groups(self._settings, 2)}

    @cached_property
    def numbers(self) -> dict[str, int] | None:
        """Give all counters; None when they are many and must be read one by one."""
        if self._numbers == MANY:
            return None
        return {wire.untext(name): int(value) for name, value in _groups(self._numbers, 2)}

    @cached_property
    def counts(self) -> dict[str, int]:
        """Give the lengths of lists."""
        return dict(zip(COUNTED, map(int, self._counts.split(FIELD)), strict=True))

    @cached_property
    def due(self) -> list[Row]:
        """Give what is due, the first first."""
        return [(float(at), turn) for at, turn, _ in _groups(self._rows, 3)]

    @cached_property
    def ready(self) -> dict[tuple[str, str], bytes]:
        """Give the bodies of what is due by kind and id."""
        return {wire.turn_parts(turn): body for _, turn, body in _groups(self._rows, 3) if body}

    def body(self, kind: str, item_id: str) -> bytes | None:
        """Give an item's body, b"" when there is no such item, None when it must be read."""
        if kind == Clock.kind:
            return self._clock
        if kind == Settings.kind:
            return self.settings.get(item_id, b"")
        return self.ready.get((kind, item_id))

    def number(self, name: str) -> int | None:
        """Give a counter's value, None when it must be read."""
        return None if self.numbers is None else self.numbers.get(name, 0)


def asked(link: Link, sandbox_id: str, ahead: int = 0) -> Command:
    """Give the command that reads a view, with the bodies of so many items that are due."""
    return link.call("open", [wire.sandbox_key(sandbox_id)], ahead, *BOUNDS)


def _groups(section: bytes, size: int) -> Any:
    parts = section.split(FIELD) if section else []
    return zip(*(parts[place::size] for place in range(size)), strict=True)
