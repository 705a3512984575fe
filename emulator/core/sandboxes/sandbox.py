"""A sandbox: its credentials and seed; and what a vendor's portal would set for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from emulator.core.faxes.numbers import normalise
from emulator.core.item import Item
from emulator.core.sandboxes.ids import Ids

MICROS = 1_000_000
"""In one of the account's currency."""
PER_MICRO = 10_000
"""Parts of a micro down to which a balance is kept as it was set."""


@dataclass(frozen=True)
class Hook:
    """Where a vendor posts, and the `user:password` that it shows there."""

    url: str | None = None
    auth: str | None = None


@dataclass(frozen=True)
class Rates:
    """Prices in micros (millionths of the account's currency)."""

    page: int = 0
    minute: int = 0


@dataclass(frozen=True, kw_only=True)
class Settings(Item):
    """A vendor's portal settings in one sandbox, by the vendor's name. The balance is a counter beside it."""

    kind: ClassVar[str] = "settings"

    below_micro: int = 0
    """What the balance was set to hold below a micro, in parts of `PER_MICRO`: no price reaches it."""
    active: bool = True
    outbound: Hook = Hook()
    inbound: Hook = Hook()
    numbers: tuple[str, ...] = ()
    restricted_numbers: tuple[str, ...] = ()
    lines: int | None = None
    """Calls at one time; None is no limit."""
    rates: Rates = Rates()
    max_attempts: int = 1
    profile: Mapping[str, Any] = field(default_factory=dict)

    def restricts(self, to: str) -> bool:
        """Tell whether no fax may go to this number."""
        return bool(self.restricted_numbers) and normalise(to) in map(normalise, self.restricted_numbers)

    def amount(self, balance: int) -> float:
        """A balance of so many micros in the account's currency, with what it holds below a micro."""
        return (balance * PER_MICRO + self.below_micro) / (MICROS * PER_MICRO)


BALANCES = "balance/"
"""How the names of the counters begin that hold balances."""


def balance_of(vendor: str) -> str:
    """Name the counter that holds a vendor's balance in micros."""
    return f"{BALANCES}{vendor}"


@dataclass(frozen=True, kw_only=True)
class Sandbox(Item):
    """A place of its own for faxes and time. A client's requests find it by its `credentials`, by vendor."""

    kind: ClassVar[str] = "sandbox"

    name: str
    seed: str
    credentials: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    created_at: float

    @property
    def ids(self) -> Ids:
        """The source of this sandbox's ids."""
        return Ids(self.seed)

    def link_token(self, vendor: str) -> str:
        """What a vendor's links carry that serve without credentials: it cannot be guessed."""
        secret = "/".join(self.credentials[vendor].values())
        return self.ids.hex(f"{vendor}/links/{self.id}/{secret}", 0)
