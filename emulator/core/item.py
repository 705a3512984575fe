"""What a store keeps: versioned items, due at an instant, found by name and listed in order; and counters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from emulator.core.errors import LimitReached


def lease_list(kind: str) -> str:
    """Name the list of the items of a kind for which slow work is under way."""
    return f"leased/{kind}"


@dataclass(frozen=True, kw_only=True)
class Item:
    """Base of every stored record.

    `version` counts the writes: an item is committed with the version that follows the stored one, else the
    store raises Conflict. `due` is the virtual instant at which something must happen to it. `refs` find it
    by another name, `lists` are the ordered lists it stands in; `sequence` is its place in them.
    """

    kind: ClassVar[str]

    id: str
    version: int = 1
    sequence: int = 0

    @property
    def due(self) -> float | None:
        """The virtual instant at which this item must be played, if any."""
        return None

    @property
    def refs(self) -> tuple[str, ...]:
        """The other names that find this item."""
        return ()

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of the ordered lists that hold this item."""
        return (self.kind,)

    def release(self, at: float) -> Self:
        """Take back slow work that somebody began and did not end: the item is due at `at`."""
        return self.evolve(version=self.version + 1, leased_until=None, due_at=at)

    def evolve(self, **changes: Any) -> Self:
        """Copy with changes, several times faster than `dataclasses.replace`; names are not checked."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.__dict__.update(changes)
        return copy


@dataclass(frozen=True, kw_only=True)
class Record(Item):
    """An object of a vendor's own (a label, a contact, a file): JSON-able `data` in the list `group`."""

    kind: ClassVar[str] = "record"

    group: str
    data: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """Further lists that hold the record."""
    credentials: tuple[str, ...] = ()
    """What finds the sandbox by this record (a login's token, a mail domain), as `Store.bind` takes it."""

    @property
    def refs(self) -> tuple[str, ...]:
        return self.names

    @property
    def lists(self) -> tuple[str, ...]:
        return (self.group, *self.groups)


@dataclass(frozen=True)
class Add:
    """A change of a counter that holds only within its bounds; a `delta` of 0 is a guard."""

    name: str
    delta: int
    at_least: int | None = None
    """The result may not be below this."""
    at_most: int | None = None
    """The result may not be above this."""


def add_up(adds: Sequence[Add], number: Callable[[str], int]) -> dict[str, int]:
    """Sum counters up from what `number` says they are; raise LimitReached where one leaves its bounds."""
    sums: dict[str, int] = {}
    for add in adds:
        value = sums.get(add.name, number(add.name)) + add.delta
        too_low = add.at_least is not None and value < add.at_least
        if too_low or (add.at_most is not None and value > add.at_most):
            raise LimitReached(add.name)
        sums[add.name] = value
    return sums
