"""Leases of slow work: taken, renewed, settled, and taken back from a process that died."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.errors import Conflict, NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.item import lease_list
from emulator.core.sandbox import Clock
from emulator.core.short_lock import ShortLock
from emulator.core.webhooks.delivery import Delivery

HeldT = TypeVar("HeldT", Fax, Delivery)
LEASE = 60.0
"""Real seconds after which another process may take over a webhook or a fetch that was begun."""

GLANCE = 0.05
"""Real seconds after which one who waits looks again, in case another process has settled the work."""


class Leases:
    """The leases of one engine's sandboxes; each lasts so many real seconds."""

    def __init__(self, engine: Engine, lease: float = LEASE) -> None:
        self.engine = engine
        self.lease = lease
        self._settled = threading.Condition(ShortLock())
        self._ends: dict[str, float] = {}

    def busy(self, world: LivingWorld) -> bool:
        """Tell whether a webhook or a fetch of the sandbox is under way."""
        return any(world.store.count(lease_list(kind)) for kind in (Fax.kind, Delivery.kind))

    def wait(self, world: LivingWorld) -> bool:
        """Wait until something under way may have been settled; tell whether anything was."""
        with self._settled:
            if not self.busy(world):
                return False
            self._settled.wait(GLANCE)
        self.recover(world)
        return True

    def look_after(self, world: LivingWorld) -> float | None:
        """See, for a store that other processes share, that what they began is ended by somebody.

        Gives the real instant at which to look again; None when nothing is under way.
        """
        if not world.shared.shared or not self.busy(world):
            self._ends.pop(world.id, None)
            return None
        if self._ends.get(world.id, 0.0) <= self.engine.real():
            self._ends[world.id] = self.recover(world) or self.engine.real() + self.lease
        return self._ends[world.id]

    def recover(self, world: LivingWorld) -> float | None:
        """Take back what a process that died had begun; give when the next lease ends, if there is one."""
        real, clock = self.engine.real(), world.clock
        held: list[Fax | Delivery] = []
        for kind in (Fax, Delivery):
            held += world.list(kind, lease_list(kind.kind), limit=1000)
        ends = [(item.leased_until or real, item) for item in held]
        for end, item in ends:
            if end <= real:
                self._take_back(world, item, clock, end - self.lease)
        return min((end for end, _ in ends if end > real), default=None)

    def _take_back(self, world: LivingWorld, item: Fax | Delivery, clock: Clock, began: float) -> None:
        at = clock.now(self.engine.real())
        if isinstance(item, Fax):
            self._commit(world, item.release(at))
            return
        again = item.interrupt(at, clock.now(began), began)
        if self._commit(world, again):
            world.tell("delivery", again)

    def _renewed(self, world: LivingWorld, claimed: HeldT) -> HeldT | None:
        """Begin a lease anew that has waited long for a thread; None when the work is no longer ours."""
        until = self.engine.real() + self.lease
        if claimed.leased_until is not None and until - claimed.leased_until < self.lease / 2:
            return claimed
        renew = lambda held: held.evolve(version=held.version + 1, leased_until=until)  # noqa: E731
        return self._hold(world, claimed, renew)

    def _settle(self, world: LivingWorld, begun: HeldT, make: Callable[[HeldT], HeldT]) -> HeldT | None:
        """Write the end of a piece of work; None when it is no longer ours."""
        try:
            return self._hold(world, begun, make)
        finally:
            with self._settled:
                self._settled.notify_all()

    def _hold(self, world: LivingWorld, begun: HeldT, make: Callable[[HeldT], HeldT]) -> HeldT | None:
        """Change an item whose lease is ours; None after a reset, a removal, a cancel, a takeover.

        The lease tells it from an item of the same id and version that a reset let come up.
        """

        def once() -> HeldT | None:
            held = world.store.get(type(begun), begun.id)
            if held is None or held.leased_until != begun.leased_until:
                return None
            world.commit((made := make(held),))
            return made

        try:
            with suppress(Conflict):  # as nearly always nothing has changed: it need not be read first
                world.commit((made := make(begun),), same=(begun,))
                return made
            return world.retry(once, begun.id)
        except (Conflict, NotFound):
            return None

    def _commit(self, world: LivingWorld, item: Fax | Delivery) -> bool:
        try:
            world.commit((item,))
        except (Conflict, NotFound):
            return False
        return True
