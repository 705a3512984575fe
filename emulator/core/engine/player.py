"""Playing what is due, in order: the same code for a clock that runs and for one that is advanced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from emulator.core.engine.courier import Courier, Errand, Outside, Played, Run, at_once
from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.engine.leases import LEASE
from emulator.core.engine.proving import must_prove
from emulator.core.errors import Conflict, Invalid, NotFound, Overtaken
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.sandbox import LATEST, Clock, Mode, instant
from emulator.core.storage.store import Due
from emulator.core.webhooks.delivery import Delivery

PATIENCE = 120.0
"""Real seconds that an advance waits for another one of the same sandbox."""

MOST_STEPS = 1_000_000
"""Steps of one advance; beyond it something feeds itself."""

TURN = 200
"""Steps after which a sandbox with a running clock lets others have their turn."""


@dataclass(frozen=True)
class Target:
    """How far an advance goes: `by` seconds, `to` an instant, until idle, or until a fax is in a state.

    The webhooks that tell of that state are then taken or given up.
    """

    to: float | None = None
    by: float | None = None
    fax: str | None = None
    state: str | None = None


class Player:
    """Plays sandboxes over one engine; `late` hears by how many real seconds each step of a running clock
    was late.
    """

    def __init__(
        self,
        engine: Engine,
        outside: Outside,
        lease: float = LEASE,
        late: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self.engine = engine
        self.store = engine.store
        self.courier = Courier(engine, outside, lease)
        self._late = late

    # at once
    def play_at_once(self, world: LivingWorld, fax: Fax) -> None:
        """Play a fax through at the present instant and send the webhooks that this makes, here and now.

        Where the scenario names `early` webhooks the fax is played as far as they need, and they alone go.
        """
        fault = fax.plan.webhook
        for word in fault.early if fault else ():
            self._send_early(world, fax, word)
        if fault and fault.early:
            return
        fax = world.play_through(fax)
        at = world.now
        of_fax = world.list(Delivery, f"delivery/{fax.id}", limit=1000, descending=False)
        for delivery in of_fax:
            if delivery.due_at is not None and not delivery.attempts:
                self.courier.deliver(world, Due(at, Delivery.kind, delivery.id), at_once)

    def _send_early(self, world: LivingWorld, fax: Fax, word: str) -> None:
        def unsent() -> list[Delivery]:
            of_fax = world.list(Delivery, f"delivery/{fax.id}", limit=1000, descending=False)
            return [each for each in of_fax if word in (each.event, each.stage) and not each.attempts]

        world.play_through(world.fax(fax.id), until=lambda: bool(unsent()))
        for delivery in unsent():
            self.replay(world, delivery.id)

    def replay(self, world: LivingWorld, delivery_id: str) -> Delivery:
        """Send a webhook once more, here and now; raise Conflict while it is being sent."""
        delivery, at = world.delivery(delivery_id), world.now
        world.commit((delivery.again(at),))
        self.courier.deliver(world, Due(at, Delivery.kind, delivery.id), at_once)
        while (sent := world.delivery(delivery_id)).leased_until is not None:
            self.courier.wait(world)  # a running clock was quicker
        return sent

    # advancing
    def advance(self, sandbox_id: str, target: Target) -> list[Played]:
        """Play everything due up to the target, webhooks and their answers included; give what happened.

        Raises Conflict when another advance of the sandbox does not end or this one does not, NotFound for an
        unknown fax, Invalid when the fax cannot come to the state wanted or the instant is out of range.
        """
        world = self.engine.world(sandbox_id)
        with world.store.exclusive("play", wait=PATIENCE) as mine:
            if not mine:
                raise Conflict("another advance of this sandbox is still going on")
            while self.courier.wait(world):
                pass  # what a running clock has begun comes first: its retries belong in their order
            if target.fax is not None:
                return self._advance_fax(world, target.fax, target.state or "")
            return self._advance_to(world, _instant(world, target))

    def _advance_to(self, world: LivingWorld, to: float | None) -> list[Played]:
        played: list[Played] = []
        steps = iter(range(MOST_STEPS))
        for _ in steps:
            self._together(world, partial(self._steps, world, to, played, steps))
            due = self._next(world, to)
            if due is None:
                if to is not None:
                    self._jump(world, to)
                return played
            played += self.play(world, due, jump=True, run=at_once)
        raise Conflict(f"something feeds itself: {MOST_STEPS} steps and still not idle")

    def _advance_fax(self, world: LivingWorld, fax_id: str, state: str) -> list[Played]:
        if state not in State.__members__:
            raise Invalid(f"no state {state}; there are {', '.join(State)}", "until.state")
        seen = len(world.fax(fax_id).timeline)

        def goes_on() -> bool:
            fax = world.fax(fax_id)
            return not fax.final and _came_to(fax, state, seen) is None

        played: list[Played] = []
        steps = iter(range(MOST_STEPS))
        for _ in steps:
            self._together(world, partial(self._steps, world, None, played, steps, goes_on))
            fax = world.fax(fax_id)
            came_at = _came_to(fax, state, seen)
            if came_at is not None and not _owes(world, fax_id, came_at):
                return played
            due = self._next(world, None)
            if came_at is None and (due is None or fax.final):
                raise Invalid(f"{fax_id} is {fax.state} and does not come to {state} by itself", "until")
            if due is None:
                return played
            played += self.play(world, due, jump=True, run=at_once)
        raise Conflict(f"something feeds itself: {MOST_STEPS} steps and {fax_id} is not {state}")

    def _together(self, world: LivingWorld, play: Callable[[], None]) -> bool:
        """Play with all writes as one; tell whether nobody came between, for then nothing is written."""
        try:
            with world.store.together():
                play()
        except Overtaken:
            return False
        return True

    def _steps(
        self,
        world: LivingWorld,
        to: float | None,
        played: list[Played],
        steps: Iterator[int],
        goes_on: Callable[[], bool] = lambda: True,
    ) -> None:
        """Play what is due up to slow work, which no write may wait for."""
        last = LATEST if to is None else to
        while goes_on():
            due = world.store.due()
            if due is None or due.at > last or _is_slow(world, due) or next(steps, None) is None:
                return
            entries = self.play(world, due, jump=True, run=at_once)
            self.store.afterwards(partial(played.extend, entries))

    def _next(self, world: LivingWorld, to: float | None) -> Due | None:
        last = LATEST if to is None else to
        while True:
            due = world.store.due()
            if due is not None and due.at <= last:
                return due
            if not self.courier.wait(world):
                return None

    def _jump(self, world: LivingWorld, to: float) -> None:

        def once() -> None:
            clock, real = world.clock, world.real()
            if clock.now(real) < to:
                world.commit((clock.jump(to, real),))

        world.retry(once, "the clock")

    # running clocks
    def next_wake(self, sandbox_id: str) -> float | None:
        """The real instant at which a running clock comes to what is due first, None when nothing will.

        Also the end of a lease: what another process began and did not end is then due.
        """
        world = self.engine.world(sandbox_id)
        try:
            due, clock = world.store.due(), world.clock
            if clock.stands:
                return None
            stopped = due is None or (clock.speed is None and self.courier.busy(world))
            wake = None if due is None or stopped else clock.real_at(due.at)
            if wake is not None and wake <= self.engine.real() + self.courier.lease:
                return wake
            ends = (wake, self.courier.look_after(world))
        except NotFound:
            return None
        return min((each for each in ends if each is not None), default=None)

    def play_due(self, sandbox_id: str, run: Run) -> bool:
        """Play what a running clock has reached, for one turn; at speed max it jumps to what is due next.

        A sandbox that is being advanced is left alone (False): its advance plays all and tells when it ends.
        """
        world = self.engine.world(sandbox_id)
        with world.store.exclusive("play", wait=0) as mine:
            if mine:
                if not self._together(world, partial(self._turn, world, run)):
                    self._turn(world, run, most=1)
                self.courier.look_after(world)
            return mine

    def _turn(self, world: LivingWorld, run: Run, most: int = TURN) -> None:
        def later(errand: Errand) -> list[Played]:
            self.store.afterwards(partial(run, errand))  # what is not written another one could begin too
            return []

        for _ in range(most):
            due, clock = self._reached(world)
            if due is None:
                return
            self._tell_lateness(clock, due)
            self.play(world, due, jump=clock.speed is None, run=later)

    def _tell_lateness(self, clock: Clock, due: Due) -> None:
        """Measure from when the clock showed the instant or was set beyond it; at speed max none is late."""
        shown = clock.real_at(due.at)
        if shown is not None and clock.speed is not None:
            late = self.engine.real() - max(shown, clock.real_base)
            self.store.afterwards(partial(self._late, late))

    def _reached(self, world: LivingWorld) -> tuple[Due | None, Clock]:
        due, clock = world.store.due(), world.clock
        if due is None or due.at > LATEST or clock.mode is Mode.manual:
            return None, clock
        if clock.speed is None:
            return (None if self.courier.busy(world) else due), clock
        return (due if due.at <= clock.now(self.engine.real()) else None), clock

    # one due instant
    def play(self, world: LivingWorld, due: Due, *, jump: bool, run: Run) -> list[Played]:
        """Play one due item; slow work goes through `run`. Gives what happened, but for pooled work."""
        if jump:
            self._jump(world, due.at)
        if due.kind == Delivery.kind:
            return self.courier.deliver(world, due, run)
        fax = world.store.get(Fax, due.id)
        if fax is not None and fax.must_fetch:
            return self.courier.fetch(world, fax, due.at, run)
        if fax is not None and must_prove(fax):
            return self.courier.prove(world, fax, due.at, run)
        moved = world.step(due.id, due.at, known=fax)
        if moved is None:
            return []
        before, after = moved
        return [Played(after.id, entry) for entry in after.timeline[len(before.timeline) :]]


def _instant(world: LivingWorld, target: Target) -> float | None:
    to = target.to if target.by is None else world.now + target.by
    if to is not None and to > LATEST:
        raise Invalid("that is later than this program's time goes", "to" if target.by is None else "by")
    # What is due at that very instant counts: sums of seconds are a hair off the records' milliseconds.
    return None if to is None else instant(to)


def _is_slow(world: LivingWorld, due: Due) -> bool:
    fax = world.store.get(Fax, due.id) if due.kind == Fax.kind else None
    return due.kind == Delivery.kind or (fax is not None and (fax.must_fetch or must_prove(fax)))


def _came_to(fax: Fax, state: str, seen: int) -> float | None:
    """When a fax came to the state that it is in, or came through since, or had before its end; else None."""
    if fax.state == state:
        return fax.changed_at
    passed = fax.timeline if fax.final else fax.timeline[seen:]
    came = (entry.at for entry in passed if entry.kind == "state" and entry.what == state)
    return next(came, None)


def _owes(world: LivingWorld, fax_id: str, at: float) -> bool:
    """Tell whether a webhook of the fax that arose up to an instant is neither taken nor given up."""
    of_fax = world.list(Delivery, f"{Delivery.kind}/{fax_id}", limit=1000)
    told = (each for each in of_fax if each.created_at <= at)
    return any(each.due_at is not None or each.leased_until is not None for each in told)
