"""How many faxes of a sandbox are in each state: counters that move in the commit that moves the fax."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from emulator.core.faxes.fax import Fax
from emulator.core.item import Item
from emulator.core.storage.store import Add

PREFIX = "faxes/"


class Kind(NamedTuple):
    """What faxes are counted by, in the words of the control plane."""

    vendor: str
    direction: str
    state: str


def counter_of(fax: Fax) -> str:
    """Name the counter of the faxes that are as this one is."""
    return f"{PREFIX}{fax.vendor}/{fax.direction}/{fax.state}"


def moved(before: Fax | None, after: Fax) -> tuple[Add, ...]:
    """How the counters change with a fax; `before` is None for a new one."""
    if before is None:
        return (Add(counter_of(after), 1),)
    if before.state is after.state:
        return ()
    return (Add(counter_of(before), -1), Add(counter_of(after), 1))


def recounted(numbers: Mapping[str, int], items: Iterable[Item]) -> dict[str, int]:
    """Counters with those of faxes as the items have it, whatever was said of them."""
    others = {name: value for name, value in numbers.items() if not name.startswith(PREFIX)}
    return others | Counter(counter_of(item) for item in items if isinstance(item, Fax))


def counted(numbers: Mapping[str, int]) -> dict[Kind, int]:
    """Read a sandbox's counters: how many faxes there are of each kind, but for kinds without any."""
    found = {name: value for name, value in numbers.items() if value and name.startswith(PREFIX)}
    return {Kind(*name.removeprefix(PREFIX).split("/")): value for name, value in found.items()}
