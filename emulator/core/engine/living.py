"""A sandbox that lives: faxes come in through `submit` and `ring` and change; every change is one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from emulator.core.dialect.vendor import NO_FAX, Moment, Vendor
from emulator.core.engine.changes import change, commit, complete
from emulator.core.engine.steps import Change, cancel, step
from emulator.core.errors import Conflict, IllegalEvent
from emulator.core.faxes.call import place_call
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import ON_LINE, Direction, State
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.plan import DELIVERED, Plan, Refused
from emulator.core.faxes.submission import INBOUND_RESOLUTION, Arrival, Submission
from emulator.core.message import Fetch, Fetched
from emulator.core.scripting.rules import choose
from emulator.core.scripting.scenario import Candidate, ScenarioSource
from emulator.core.storage.store import Store
from emulator.core.world import Listener, World

IN_CALL = ON_LINE | {State.reporting}
"""States in which a fax waits for no call: reads of its status count for none."""


class Asker(Protocol):
    """Who asks: the HTTP request that is being answered, or nobody."""

    def headers(self) -> Mapping[str, str]:
        """The request's headers, found by their names in any case."""

    def hear(self, world: LivingWorld, fax: Fax) -> None:
        """Hear that the request made this fax."""


class Nobody:
    """Asks without a request: a mail, a replay, a test."""

    def headers(self) -> Mapping[str, str]:
        return {}

    def hear(self, world: LivingWorld, fax: Fax) -> None:
        pass


NOBODY = Nobody()


@dataclass(frozen=True)
class Prepared:
    """A fax that no store has yet, and the moment (its vendor, its settings) in which it was made."""

    fax: Fax
    moment: Moment


class LivingWorld(World):
    """A world whose faxes move by the rules of their vendors.

    `sources` are where scenarios come from, in their order; `fetch` gets a document from outside for a
    request that has to answer with what is in it, and raises FetchFailed.
    """

    def __init__(
        self,
        shared: Store,
        sandbox_id: str,
        *,
        real: Callable[[], float],
        listeners: Sequence[Listener],
        vendors: Mapping[str, Vendor],
        sources: Sequence[ScenarioSource],
        fetch: Callable[[Fetch], Fetched],
        asker: Asker = NOBODY,
    ) -> None:
        super().__init__(shared, sandbox_id, real=real, listeners=listeners)
        self.vendors = vendors
        self.sources = sources
        self.fetch = fetch
        self._asker = asker

    def moment(
        self, vendor: str, fax: Fax | None = None, *, before: Fax | None = None, at: float | None = None
    ) -> Moment:
        """What a hook of the vendor is handed, at the present instant unless `at` names one."""
        settings = self.settings(vendor)
        return Moment(
            self, self.vendors[vendor], settings, self.now if at is None else at, fax or NO_FAX, before
        )

    # faxes come in
    def submit(self, wanted: Submission) -> Fax:
        """Accept a fax; raise Refused when a scenario has the request itself fail."""
        return self.accept((self.prepare(wanted),))[0]

    def prepare(self, wanted: Submission) -> Prepared:
        """Make a fax for `accept`; raise Refused when a scenario has the request itself fail."""
        moment = self.moment(wanted.vendor)
        to, sender = normalise(wanted.to), normalise(wanted.sender)
        headers = self._asker.headers if not wanted.headers else lambda: wanted.headers
        wants = Candidate(wanted.vendor, Direction.outbound, to, sender, wanted.pages, headers)
        scenario, plan = self._choose_plan(moment, wants)
        if plan.http is not None and plan.http.refuses:
            raise Refused(plan.http, scenario)
        calls = _most_calls(moment, plan)
        return Prepared(wanted.to_fax(self.next(Fax.kind), moment.at, calls, scenario, plan), moment)

    def _choose_plan(self, moment: Moment, fax: Candidate) -> tuple[str | None, Plan]:
        scenario, plan = choose(self.sources, self, fax)
        return scenario, plan if plan is DELIVERED else plan.keep_known(moment.vendor.codes)

    def accept(self, faxes: Sequence[Prepared]) -> list[Fax]:
        """Accept the faxes of one request, all or none."""
        done = [complete(new.moment, Change(new.fax)) for new in faxes]
        puts = [item for each in done for item in (each.fax, *each.deliveries)]
        self.commit(*puts, adds=[add for each in done for add in each.adds])
        for each in done:
            each.tell()
            self._asker.hear(self, each.fax)
        return [each.fax for each in done]

    def ring(self, arrival: Arrival) -> Fax:
        """Let an inbound call ring; the fax arrives, or fails, as its plan says."""
        moment = self.moment(arrival.vendor)
        arrival = moment.vendor.arrive(moment, arrival)
        scenario, plan = arrival.scenario, arrival.plan
        if plan is None:
            to, sender = normalise(arrival.to), normalise(arrival.sender)
            rings = Candidate(arrival.vendor, Direction.inbound, to, sender, arrival.pages)
            scenario, plan = self._choose_plan(moment, rings)
        number = self.next(Fax.kind)
        call = place_call(
            plan.dial(1),
            number=1,
            pages=arrival.pages,
            resolution=INBOUND_RESOLUTION,
            started_at=moment.at,
            csid=arrival.csid or normalise(arrival.sender)[:20],
            call_id=self.next("call"),
        )
        return commit(moment, Change(arrival.to_fax(number, call, scenario, plan)))

    # faxes change
    def change(self, fax_id: str, make: Callable[[Fax, float], Change]) -> Fax:
        """Apply `make` to the stored fax and commit, anew when another writer came first."""
        return change(self, self.vendors, fax_id, make)

    def cancel(self, fax_id: str, *, states: frozenset[State] | None = None) -> Fax:
        """Cancel a fax; raise IllegalEvent when its state is not among `states` or cannot be left so."""
        return self.change(fax_id, lambda fax, at: cancel(_in(fax, states), at))

    def amend(self, fax_id: str, **changes: Any) -> Fax:
        """Change fields of a fax that its life does not depend on (details, folders, hidden, document)."""
        return self.change(fax_id, lambda fax, at: Change(fax.evolve(version=fax.version + 1, **changes)))

    def count_poll(self, fax: Fax) -> Fax:
        """Note a read of the status; a fax whose scenario counts reads moves on when they suffice."""
        wanted = fax.awaited_polls
        if wanted is None or fax.final or fax.polls >= wanted or fax.state in IN_CALL:
            return fax
        fax = self.change(fax.id, _count_poll)
        return self.play_through(fax) if fax.polls >= wanted else fax

    def play_through(self, fax: Fax) -> Fax:
        """Play a fax on at the present instant, as far as nothing but its own durations holds it up."""
        while fax.plays_on:
            moved = self.step(fax.id, self.now, early=True)
            fax = moved[1] if moved else self.fax(fax.id)
        return fax

    def step(
        self, fax_id: str, at: float, *, early: bool = False, known: Fax | None = None
    ) -> tuple[Fax, Fax] | None:
        """Play what is due for a fax at `at`, or `early` what is not yet; `known` is the fax as just read.

        Returns the fax before and after, None when another process was first.
        """
        fax = known or self.store.get(Fax, fax_id)
        if fax is None or fax.due_at is None or (fax.due_at > at and not early):
            return None
        moment = self.moment(fax.vendor, fax, before=fax, at=at)
        try:
            return fax, commit(moment, step(moment))
        except Conflict:
            return None


def _most_calls(moment: Moment, plan: Plan) -> int:
    """How many calls are made at most: a vendor that makes one by default makes the scenario's."""
    by_default = moment.vendor.settings.get("max_attempts", 1)
    most = moment.settings.max_attempts
    return len(plan.attempts) if most == by_default == 1 else most


def _in(fax: Fax, states: frozenset[State] | None) -> Fax:
    if states is not None and fax.state not in states:
        raise IllegalEvent(f"a fax that is {fax.state} cannot be cancelled here")
    return fax


def _count_poll(fax: Fax, at: float) -> Change:
    polls = fax.polls + 1
    enough = fax.awaited_polls is not None and polls >= fax.awaited_polls
    due_at = at if enough and fax.state is State.waiting_line and not fax.waits_for else fax.due_at
    return Change(fax.evolve(version=fax.version + 1, polls=polls, due_at=due_at))
