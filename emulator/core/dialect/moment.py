"""What happens to a fax as its vendor sees it, and what follows from that: marks, a price, webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import FINAL, State
from emulator.core.item import Add
from emulator.core.sandbox import OVERLAY, Settings, balance_of
from emulator.core.webhooks.delivery import Delivery
from emulator.core.world import World
from emulator.documents import Inspection, Problem

if TYPE_CHECKING:
    from emulator.core.dialect.vendor import Vendor


@dataclass(frozen=True)
class Scene:
    """A sandbox at a virtual instant, as one of its vendors sees it; `settings` are that vendor's."""

    world: World
    vendor: Vendor
    settings: Settings
    at: float

    def of(self, fax: Fax, before: Fax | None = None) -> Moment:
        """The moment of a fax in it."""
        return Moment(self.world, self.vendor, self.settings, self.at, fax, before)


@dataclass(frozen=True)
class Moment(Scene):
    """What happens to a fax, as its vendor sees it: the fax after the change where there is one, and `before`
    it, None for a new one.
    """

    fax: Fax
    before: Fax | None = None

    @property
    def ended(self) -> bool:
        """Whether this change made the fax final."""
        return self.fax.state in FINAL and (self.before is None or self.before.state not in FINAL)


@dataclass(frozen=True)
class Completed:
    """The moment of a change, its fax as the vendor shapes it; its webhooks; what it adds to counters."""

    moment: Moment
    deliveries: tuple[Delivery, ...]
    adds: tuple[Add, ...]

    def tell(self) -> None:
        """Tell who listens, and the vendor, that it is written."""
        moment = self.moment
        moment.world.tell("fax", (moment.before, moment.fax))
        if moment.vendor.after_change is not None:
            moment.world.shared.afterwards(partial(moment.vendor.after_change, moment))


def complete(after: Moment, adds: tuple[Add, ...] = ()) -> Completed:
    """See what follows from a change: the vendor's own marks, its price, its webhooks."""
    vendor, before, fax = after.vendor, after.before, after.fax
    if vendor.taught is not None and OVERLAY in after.settings.profile:
        vendor = vendor.taught
    if before is None or before.state is not fax.state:
        counted = (Add(fax.counter, 1),) if before is None else (Add(before.counter, -1), Add(fax.counter, 1))
        adds, fax = (*adds, *counted), vendor.amend(after)
        after = after if fax is after.fax else after.of(fax, before)
    if price := vendor.charge(after):
        least = 0 if vendor.prepaid else None
        adds = (*adds, Add(balance_of(vendor.name), -price, at_least=least))
        after = after.of(fax.evolve(charged=fax.charged + price), before)
    notices = vendor.notices(after)
    tampered = fax.plan.webhook is not None and fax.final
    made = after.world.deliveries(vendor.name, notices, after.fax, after.at) if notices or tampered else ()
    return Completed(after, made, adds)


def charge_delivered(moment: Moment) -> int:
    """Charge a fax that has just been delivered: the page rate for each page sent."""
    delivered = moment.ended and moment.fax.state is State.delivered
    return moment.settings.rates.page * moment.fax.pages_sent if delivered else 0


@dataclass(frozen=True)
class Upload:
    """A kept document. One with a `problem` has no pages: its fax ends later, in the vendor's way."""

    digest: str | None = None
    pages: int = 0
    problem: str | None = None

    @classmethod
    def of(cls, document: Inspection, problem: Problem | None = None) -> Upload:
        """Take a document as it was found, or with a problem that only its vendor has with it."""
        wrong = document.problem or problem
        return cls(document.digest, 0 if wrong else document.pages, wrong and wrong.value)
