"""How many faxes of a sandbox are in each state: counters that move in the commit that moves the fax."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from emulator.core.faxes.fax import COUNTERS, Fax
from emulator.core.item import Item


class CountKey(NamedTuple):
    """What faxes are counted by, in the words of the control plane."""

    vendor: str
    direction: str
    state: str


def recount(numbers: Mapping[str, int], items: Iterable[Item]) -> dict[str, int]:
    """Counters with those of faxes as the items have it, whatever was said of them."""
    others = {name: value for name, value in numbers.items() if not name.startswith(COUNTERS)}
    return others | Counter(item.counter for item in items if isinstance(item, Fax))


def read_counts(numbers: Mapping[str, int]) -> dict[CountKey, int]:
    """Read a sandbox's counters: how many faxes there are of each kind, but for kinds without any."""
    found = {name: value for name, value in numbers.items() if value and name.startswith(COUNTERS)}
    return {CountKey(*name.removeprefix(COUNTERS).split("/")): value for name, value in found.items()}
