"""A sandbox's time: it runs at a speed, stands still, or jumps; it never goes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

from emulator.core.errors import Invalid
from emulator.core.item import Item

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
