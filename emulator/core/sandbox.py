"""A sandbox: its ids and its clock, its credentials, and what a vendor's portal would set for it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from math import ceil
from random import Random
from typing import Any, ClassVar

from emulator.core.errors import Invalid
from emulator.core.faxes.numbers import normalise
from emulator.core.item import Item


@dataclass(frozen=True)
class Ids:
    """Source of ids: the same seed, kind and number always give the same id."""

    seed: str

    def hex(self, kind: str, number: int, length: int = 32) -> str:
        """So many lower-case hex digits (at most 128)."""
        return blake2b(f"{self.seed}/{kind}/{number}".encode(), digest_size=64).hexdigest()[:length]

    def uuid(self, kind: str, number: int) -> str:
        """A version 4 UUID."""
        return str(uuid.UUID(hex=self.hex(kind, number), version=4))

    def serial(self, kind: str, number: int, digits: int) -> int:
        """A number of `digits` digits that rises with `number` from a place of the seed's own."""
        span: int = 10 ** (digits - 1)
        start: int = int(self.hex(kind, 0, 16), 16) % (8 * span)
        return span + start + number

    def draw(self, kind: str, number: int) -> Random:
        """A random source of its own for one decision."""
        return Random(f"{self.seed}/{kind}/{number}")


LATEST = 32_503_680_000.0
"""The year 3000: where time ends, so that every instant is a date that can be written."""

FASTEST = 1e6
"""Virtual seconds a real second; what is faster than that is max."""


class Mode(StrEnum):
    running = "running"
    manual = "manual"


def instant(seconds: float) -> float:
    """Round to the millisecond, the finest time that records keep."""
    return round(seconds, 3)


@dataclass(frozen=True, kw_only=True)
class Clock(Item):
    """Virtual time as `base + speed * (real - real_base)`; seconds since 1970 on both sides.

    `speed` is None for "max": the clock ticks like a real one and jumps to whatever is due next.
    A manual clock stands at `base`.
    """

    kind: ClassVar[str] = "clock"

    id: str = "clock"
    mode: Mode = Mode.running
    speed: float | None = 1.0
    base: float
    real_base: float

    @property
    def stands(self) -> bool:
        """Tell whether it shows the same instant until somebody changes it."""
        return self.mode is Mode.manual or self.speed == 0

    def now(self, real: float) -> float:
        """The virtual instant at the real one."""
        if self.mode is Mode.manual:
            return self.base
        rate = 1.0 if self.speed is None else self.speed
        return min(instant(self.base + rate * max(0.0, real - self.real_base)), max(self.base, LATEST))

    def real_at(self, virtual: float) -> float | None:
        """The real instant at which the clock will show `virtual`; None when it will not by itself."""
        if self.stands or virtual > LATEST:
            return None
        if self.speed is None:
            return self.real_base
        return self.real_base + (virtual - self.base) / self.speed

    def seconds_until(self, virtual: float, real: float) -> int:
        """Whole seconds, at least one, to wait until it shows `virtual`; its own ones when it stands."""
        at = real + virtual - self.now(real) if self.speed is None else self.real_at(virtual)
        return max(1, ceil(virtual - self.now(real) if at is None else at - real))

    def jump(self, to: float, real: float) -> Clock:
        """Move forward to `to`, or stay when that has passed already."""
        return self.evolve(base=max(instant(to), self.now(real)), real_base=real, version=self.version + 1)

    def change(
        self,
        real: float,
        *,
        mode: Mode | None = None,
        speed: float | str | None = "",
        now: float | None = None,
    ) -> Clock:
        """Set what is given, from the present instant on; raise Invalid for a step back in time."""
        present = self.now(real)
        if now is not None and now < present:
            raise Invalid("time never goes back: `now` is before the sandbox's present", "now")
        if now is not None and now > LATEST:
            raise Invalid("`now` is later than this program's time goes", "now")
        if isinstance(speed, (int, float)) and not 0 <= speed <= FASTEST:
            raise Invalid(f"speed is a number from 0 to {FASTEST:,.0f}, or max", "speed")
        return replace(
            self,
            base=instant(present if now is None else now),
            real_base=real,
            mode=self.mode if mode is None else mode,
            speed=self.speed if isinstance(speed, str) else speed,
            version=self.version + 1,
        )


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


OVERLAY = "overlay"
"""The key of a profile under which stands, as JSON text, what an account was seen to answer otherwise."""


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
    numberless: bool = False
    """Whether the last of its numbers is gone: it is faxed on none, where an account that never had one is on
    all."""
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
