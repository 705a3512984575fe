"""What the vendor did with one order: the truth that an application's word is held against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from localfax.things import Fax

ENDS = ("delivered", "failed", "cancelled", "arrived")
NONE, PENDING = "none", "pending"


@dataclass(frozen=True)
class Truth:
    """The faxes of one order as the vendor made them, oldest first."""

    faxes: tuple[Fax, ...] = ()

    @classmethod
    def of(cls, faxes: Iterable[Fax]) -> Truth:
        """Take faxes in any order."""
        return cls(tuple(sorted(faxes, key=lambda fax: int(fax.id.rpartition("-")[2]))))

    @property
    def state(self) -> str:
        """What became of the order: delivered, failed, cancelled, arrived; pending; none if no fax was made.

        Once one of its faxes was delivered, it is, whatever became of the others.
        """
        states = [fax.state for fax in self.faxes]
        if "delivered" in states:
            return "delivered"
        last = states[-1] if states else NONE
        return last if last in (*ENDS, NONE) else PENDING

    @property
    def count(self) -> int:
        return len(self.faxes)

    @property
    def doubles(self) -> int:
        """How many faxes were made although an earlier one had not failed."""
        places = range(1, len(self.faxes))
        return sum(not _was_over(self.faxes[place - 1], self.faxes[place]) for place in places)

    def __str__(self) -> str:
        faxes = "no fax" if not self.faxes else f"{self.count} fax{'es' if self.count > 1 else ''}"
        return faxes if self.state == NONE else f"{self.state}, {faxes}"


def _was_over(one: Fax, other: Fax) -> bool:
    """Tell whether a fax had failed when the next was made."""
    ended = one.finished_at is not None and one.finished_at <= other.created_at
    return one.state in ("failed", "cancelled") and ended
