"""Playing what is due, in order: the same code for a clock that runs and for one that is advanced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from emulator.core.engine.courier import LEASE, Courier, Errand, Outside, Played, Run, at_once, post_entry
from emulator.core.engine.engine import Engine
from emulator.core.errors import Conflict, Invalid, NotFound, Overtaken
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.sandboxes.clock import LATEST, Clock, Mode, instant
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.storage.store import Due
from emulator.core.webhooks.delivery import Delivery

__all__ = ["Outside", "Played", "Player", "Run", "Target", "at_once", "post_entry"]

PATIENCE = 120.0
"""Real seconds that an advance waits for another one of the same sandbox."""

MOST_STEPS = 1_000_000
"""Steps of one advance; beyond it something feeds itself."""

TURN = 200
"""Steps after which a sandbox with a running clock lets others have their turn."""


@dataclass(frozen=True)
class Target:
    """How far an advance goes: `by` seconds, `to` an instant, until a fax is in a state, or until idle."""

    to: float | None = None
    by: float | None = None
    fax: str | None = None
    state: str | None = None


class Player:
    """Plays sandboxes over one engine."""

    def __init__(self, engine: Engine, outside: Outside, lease: float = LEASE) -> None:
        self.engine = engine
        self.store = engine.store
        self.courier = Courier(engine, outside, lease)
        self.late: Callable[[float], None] = lambda seconds: None
        """Called with the real seconds by which each step of a running clock was late."""
        engine.before_answer = self.play_at_once
        engine.fetch = outside.fetch

    # at once
    def play_at_once(self, sandbox: Sandbox, fax: Fax) -> None:
        """Play a fax through at the present instant and send the webhooks that this makes, here and now."""
        fax = self.engine.play_through(sandbox, fax)
        at = self.engine.now(sandbox.id)
        of_fax = self.store.list(sandbox.id, Delivery, f"delivery/{fax.id}", limit=1000, descending=False)
        for delivery in of_fax:
            if delivery.due_at is not None and not delivery.attempts:
                self.courier.deliver(sandbox, Due(at, Delivery.kind, delivery.id), at_once)

    def replay(self, sandbox: Sandbox, delivery_id: str) -> Delivery:
        """Send a webhook once more, here and now; raise Conflict while it is being sent."""
        delivery = self.engine.delivery(sandbox.id, delivery_id)
        at = self.engine.now(sandbox.id)
        self.store.commit(sandbox.id, (delivery.again(at),))
        self.courier.deliver(sandbox, Due(at, Delivery.kind, delivery.id), at_once)
        while (sent := self.engine.delivery(sandbox.id, delivery_id)).leased_until is not None:
            self.courier.wait(sandbox.id)  # a running clock was quicker
        return sent

    # advancing
    def advance(self, sandbox_id: str, target: Target) -> list[Played]:
        """Play everything due up to the target, webhooks and their answers included; give what happened.

        Raises Conflict when another advance of the sandbox does not end or this one does not, NotFound for an
        unknown fax, Invalid when the fax cannot come to the state wanted or the instant is out of range.
        """
        sandbox = self.store.sandbox(sandbox_id)
        with self.store.exclusive(sandbox_id, "play", wait=PATIENCE) as mine:
            if not mine:
                raise Conflict("another advance of this sandbox is still going on")
            while self.courier.wait(sandbox_id):
                pass  # what a running clock has begun comes first: its retries belong in their order
            if target.fax is not None:
                return self._advance_fax(sandbox, target.fax, target.state or "")
            return self._advance_to(sandbox, self._instant(sandbox_id, target))

    def _instant(self, sandbox_id: str, target: Target) -> float | None:
        to = target.to if target.by is None else self.engine.now(sandbox_id) + target.by
        if to is not None and to > LATEST:
            raise Invalid("that is later than this program's time goes", "to" if target.by is None else "by")
        # What is due at that very instant counts: sums of seconds are a hair off the records' milliseconds.
        return None if to is None else instant(to)

    def _advance_to(self, sandbox: Sandbox, to: float | None) -> list[Played]:
        played: list[Played] = []
        steps = iter(range(MOST_STEPS))
        for _ in steps:
            self._together(sandbox.id, partial(self._steps, sandbox, to, played, steps))
            due = self._next(sandbox.id, to)
            if due is None:
                if to is not None:
                    self._jump(sandbox.id, to)
                return played
            played += self.play(sandbox, due, jump=True, run=at_once)
        raise Conflict(f"something feeds itself: {MOST_STEPS} steps and still not idle")

    def _advance_fax(self, sandbox: Sandbox, fax_id: str, state: str) -> list[Played]:
        if state not in State.__members__:
            raise Invalid(f"no state {state}; there are {', '.join(State)}", "until.state")
        seen = len(self.engine.fax(sandbox.id, fax_id).timeline)

        def goes_on() -> bool:
            fax = self.engine.fax(sandbox.id, fax_id)
            return not fax.final and not _came_to(fax, state, seen)

        played: list[Played] = []
        steps = iter(range(MOST_STEPS))
        for _ in steps:
            self._together(sandbox.id, partial(self._steps, sandbox, None, played, steps, goes_on))
            fax = self.engine.fax(sandbox.id, fax_id)
            if _came_to(fax, state, seen):
                return played
            due = self._next(sandbox.id, None)
            if due is None or fax.final:
                raise Invalid(f"{fax_id} is {fax.state} and does not come to {state} by itself", "until")
            played += self.play(sandbox, due, jump=True, run=at_once)
        raise Conflict(f"something feeds itself: {MOST_STEPS} steps and {fax_id} is not {state}")

    def _together(self, sandbox_id: str, play: Callable[[], None]) -> bool:
        """Play with all writes as one; tell whether nobody came between, for then nothing is written."""
        try:
            with self.store.together(sandbox_id):
                play()
        except Overtaken:
            return False
        return True

    def _steps(
        self,
        sandbox: Sandbox,
        to: float | None,
        played: list[Played],
        steps: Iterator[int],
        goes_on: Callable[[], bool] = lambda: True,
    ) -> None:
        """Play what is due up to slow work, which no write may wait for."""
        last = LATEST if to is None else to
        while goes_on():
            due = self.store.due(sandbox.id)
            if due is None or due.at > last or self._is_slow(sandbox.id, due) or next(steps, None) is None:
                return
            entries = self.play(sandbox, due, jump=True, run=at_once)
            self.store.afterwards(partial(played.extend, entries))

    def _is_slow(self, sandbox_id: str, due: Due) -> bool:
        fax = self.store.get(sandbox_id, Fax, due.id) if due.kind == Fax.kind else None
        return due.kind == Delivery.kind or (fax is not None and fax.must_fetch)

    def _next(self, sandbox_id: str, to: float | None) -> Due | None:
        last = LATEST if to is None else to
        while True:
            due = self.store.due(sandbox_id)
            if due is not None and due.at <= last:
                return due
            if not self.courier.wait(sandbox_id):
                return None

    def _jump(self, sandbox_id: str, to: float) -> None:
        while True:
            clock, real = self.engine.clock(sandbox_id), self.engine.real()
            if clock.now(real) >= to:
                return
            try:
                return self.store.commit(sandbox_id, (clock.jump(to, real),))
            except Conflict:
                continue

    # running clocks
    def next_wake(self, sandbox_id: str) -> float | None:
        """Give the real instant at which a running clock comes to what is due first, None when nothing will.

        Also the end of a lease: what another process began and did not end is then due.
        """
        try:
            due, clock = self.store.due(sandbox_id), self.engine.clock(sandbox_id)
            if clock.stands:
                return None
            stopped = due is None or (clock.speed is None and self.courier.busy(sandbox_id))
            wake = None if due is None or stopped else clock.real_at(due.at)
            if wake is not None and wake <= self.engine.real() + self.courier.lease:
                return wake
            ends = (wake, self.courier.look_after(sandbox_id))
        except NotFound:
            return None
        return min((each for each in ends if each is not None), default=None)

    def play_due(self, sandbox_id: str, run: Run) -> bool:
        """Play what a running clock has reached, for one turn; at speed max it jumps to what is due next.

        A sandbox that is being advanced is left alone (False): its advance plays all and tells when it ends.
        """
        with self.store.exclusive(sandbox_id, "play", wait=0) as mine:
            if mine:
                if not self._together(sandbox_id, partial(self._turn, sandbox_id, run)):
                    self._turn(sandbox_id, run, most=1)
                self.courier.look_after(sandbox_id)
            return mine

    def _turn(self, sandbox_id: str, run: Run, most: int = TURN) -> None:
        def later(errand: Errand) -> list[Played]:
            self.store.afterwards(partial(run, errand))  # what is not written another one could begin too
            return []

        sandbox = self.store.sandbox(sandbox_id)
        for _ in range(most):
            due, clock = self._reached(sandbox_id)
            if due is None:
                return
            self._tell_lateness(clock, due)
            self.play(sandbox, due, jump=clock.speed is None, run=later)

    def _tell_lateness(self, clock: Clock, due: Due) -> None:
        """Measure from when the clock showed the instant or was set beyond it; at speed max none is late."""
        shown = clock.real_at(due.at)
        if shown is not None and clock.speed is not None:
            late = self.engine.real() - max(shown, clock.real_base)
            self.store.afterwards(partial(self.late, late))

    def _reached(self, sandbox_id: str) -> tuple[Due | None, Clock]:
        due, clock = self.store.due(sandbox_id), self.engine.clock(sandbox_id)
        if due is None or due.at > LATEST or clock.mode is Mode.manual:
            return None, clock
        if clock.speed is None:
            return (None if self.courier.busy(sandbox_id) else due), clock
        return (due if due.at <= clock.now(self.engine.real()) else None), clock

    # one due instant
    def play(self, sandbox: Sandbox, due: Due, *, jump: bool, run: Run) -> list[Played]:
        """Play one due item; slow work goes through `run`. Gives what happened, but for pooled work."""
        if jump:
            self._jump(sandbox.id, due.at)
        if due.kind == Delivery.kind:
            return self.courier.deliver(sandbox, due, run)
        fax = self.store.get(sandbox.id, Fax, due.id)
        if fax is not None and fax.must_fetch:
            return self.courier.fetch(sandbox, fax, due.at, run)
        moved = self.engine.step(sandbox, due.id, due.at, known=fax)
        if moved is None:
            return []
        before, after = moved
        return [Played(after.id, entry) for entry in after.timeline[len(before.timeline) :]]


def _came_to(fax: Fax, state: str, seen: int) -> bool:
    """Tell whether a fax is in a state, came through it since, or has ended after it."""
    passed = fax.timeline if fax.final else fax.timeline[seen:]
    return fax.state == state or any(entry.kind == "state" and entry.what == state for entry in passed)
