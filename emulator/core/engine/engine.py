"""The engine, and the worlds of its sandboxes: faxes come in and change there, each change in one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from emulator.core.dialect.moment import Moment, Scene, complete
from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.changes import change, commit
from emulator.core.engine.looks import count_read
from emulator.core.engine.proving import must_prove, page_bytes, prove
from emulator.core.engine.steps import Change, cancel, step
from emulator.core.errors import Conflict, IllegalEvent
from emulator.core.faxes.call import place_call
from emulator.core.faxes.fax import INBOUND_RESOLUTION, Arrival, Fax, Submission
from emulator.core.faxes.machine import ON_LINE, Direction, State
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.plan import DocumentFault, HttpFault, Refused
from emulator.core.message import Fetch, Fetched, FetchFailed, Trouble
from emulator.core.scripting.scenario import Candidate, ScenarioSource, choose, find_own
from emulator.core.storage.store import Store
from emulator.core.world import World, WorldListener

IN_CALL = ON_LINE | {State.reporting}
"""States in which a fax waits for no call: reads of its status count for none."""


class Asker(Protocol):
    """Who asks: the HTTP request that is being answered, or nobody."""

    def headers(self) -> Mapping[str, str]:
        """The request's headers, found by their names in any case."""

    def hear(self, world: LivingWorld, fax: Fax) -> None:
        """Hear that the request made this fax."""

    def suffer(self, fault: HttpFault, scenario: str | None) -> None:
        """Hear what a scenario does to the answer of the request."""


class Nobody:
    """Asks without a request: a mail, a replay, a test."""

    def headers(self) -> Mapping[str, str]:
        return {}

    def hear(self, world: LivingWorld, fax: Fax) -> None:
        pass

    def suffer(self, fault: HttpFault, scenario: str | None) -> None:
        pass


NOBODY = Nobody()


class LivingWorld(World):
    """A world whose faxes move by the rules of their vendors.

    `fetch` gets a document from outside for a request that has to answer with what is in it, and raises
    FetchFailed.
    """

    def __init__(self, engine: Engine, sandbox_id: str, asker: Asker) -> None:
        super().__init__(engine.store, sandbox_id, engine.real, engine.listeners)
        self.vendors, self.sources, self.fetch = engine.vendors, engine.sources, engine.fetch
        self._asker = asker

    def scene(self, vendor: str, at: float | None = None) -> Scene:
        """What the hooks of a vendor are handed, at the present instant unless `at` names one."""
        settings = self.settings(vendor)  # which says so when there is no such vendor
        return Scene(self, self.vendors[vendor], settings, self.now if at is None else at)

    # faxes come in
    def submit(self, wanted: Submission) -> Fax:
        """Accept a fax; raise Refused when a scenario has the request itself fail."""
        return self.accept((self.prepare(wanted),))[0]

    def prepare(self, wanted: Submission) -> Moment:
        """Make a fax for `accept`; raise Refused when a scenario has the request itself fail."""
        scene = self.scene(wanted.vendor)
        vendor, settings, at = scene.vendor, scene.settings, scene.at
        wanted.to, wanted.sender = normalise(wanted.to), normalise(wanted.sender)
        headers = self._asker.headers if not wanted.headers else lambda: wanted.headers
        wants = Candidate(vendor.name, Direction.outbound, wanted.to, wanted.sender, wanted.pages, headers)
        scenario, plan = choose(self.sources, self, wants, vendor.codes)
        if plan.http is not None and plan.http.refuses:
            raise Refused(plan.http, scenario)
        # A vendor that makes one call by default makes as many as the scenario has.
        calls = settings.max_attempts
        if calls == vendor.settings.get("max_attempts", 1) == 1:
            calls = len(plan.attempts)
        fax = wanted.to_fax(self.next(Fax.kind), at, calls, scenario, plan)
        return Moment(self, vendor, settings, at, fax)

    def accept(self, new: Sequence[Moment]) -> list[Fax]:
        """Accept the faxes of one request, all or none."""
        done = [complete(each) for each in new]
        puts = [item for each in done for item in (each.moment.fax, *each.deliveries)]
        self.commit(puts, adds=[add for each in done for add in each.adds])
        for each in done:
            each.tell()
            self._asker.hear(self, each.moment.fax)
        return [each.moment.fax for each in done]

    def ring(self, arrival: Arrival) -> Fax:
        """Let an inbound call ring; the fax arrives, or fails, as its plan says."""
        scene = self.scene(arrival.vendor)
        arrival = scene.vendor.arrive(scene, arrival)
        scenario, plan = arrival.scenario, arrival.plan
        if plan is None:
            to, sender = normalise(arrival.to), normalise(arrival.sender)
            rings = Candidate(arrival.vendor, Direction.inbound, to, sender, arrival.pages)
            scenario, plan = choose(self.sources, self, rings, scene.vendor.codes)
        if plan.document is DocumentFault.empty:
            arrival = replace(arrival, document=self.keep(b"").digest)
        number = self.next(Fax.kind)
        call = place_call(
            plan.dial(1),
            number=1,
            pages=arrival.pages,
            page_bytes=page_bytes(arrival.document),
            resolution=INBOUND_RESOLUTION,
            started_at=scene.at,
            csid=arrival.csid or normalise(arrival.sender)[:20],
            call_id=self.next("call"),
        )
        fax = arrival.to_fax(number, call, scenario, plan)
        return commit(scene.of(fax), Change(fax))

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
        """Note a read of the status; a fax whose scenario counts reads moves on when they suffice.

        Gives the fax as the read shows it; raises Refused when a scenario has the read itself fail.
        """
        if fax.plan.poll is not None:
            fax, fault = count_read(self, self.vendors, fax, fax.plan.poll)
            if fault is not None:
                self._asker.suffer(fault, fax.scenario)
        wanted = fax.awaited_polls
        if wanted is None or fax.final or fax.polls >= wanted or fax.state in IN_CALL:
            return fax
        fax = self.change(fax.id, _count_poll)
        return self.play_through(fax) if fax.polls >= wanted else fax

    def play_through(self, fax: Fax, until: Callable[[], bool] = lambda: False) -> Fax:
        """Play a fax on at the present instant, as far as nothing but its own durations holds it up."""
        while fax.plays_on and not until():
            if must_prove(fax):
                fax = self.amend(fax.id, **prove(self, fax))
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
        moment = self.scene(fax.vendor, at).of(fax, fax)
        try:
            return fax, commit(moment, step(moment))
        except Conflict:
            return None


def _in(fax: Fax, states: frozenset[State] | None) -> Fax:
    if states is not None and fax.state not in states:
        raise IllegalEvent(f"a fax that is {fax.state} cannot be cancelled here")
    return fax


def _count_poll(fax: Fax, at: float) -> Change:
    polls = fax.polls + 1
    enough = fax.awaited_polls is not None and polls >= fax.awaited_polls
    due_at = at if enough and fax.state is State.waiting_line and not fax.waits_for else fax.due_at
    return Change(fax.evolve(version=fax.version + 1, polls=polls, due_at=due_at))


def no_way_out(request: Fetch) -> Fetched:
    """Fetch nothing: this engine has no way out of the program."""
    raise FetchFailed(Trouble.refused)


class Engine:
    """Faxes of all sandboxes over one store.

    `real` gives seconds since 1970, `files` are scenarios that all sandboxes share, `fetch` gets documents
    from outside. Who wants to hear what happens appends to `listeners`.
    """

    def __init__(
        self,
        store: Store,
        vendors: Mapping[str, Vendor],
        *,
        real: Callable[[], float],
        files: Sequence[ScenarioSource] = (),
        fetch: Callable[[Fetch], Fetched] = no_way_out,
    ) -> None:
        self.store = store
        self.vendors = vendors
        self.real = real
        self.fetch = fetch
        self.sources: Sequence[ScenarioSource] = (find_own, *files)
        """Where scenarios come from, in their order."""
        self.listeners: list[WorldListener] = []
        self.renew: Callable[[], bool] = lambda: False
        """Makes the default sandbox anew when its store has lost it; tells whether it had."""
        self.heeds_overlays = store.shared
        """Whether a sandbox may have an overlay: of a store that others write to nobody knows."""
        self.note_use: Callable[[str], None] = lambda sandbox_id: None
        """Hears of each sandbox that a request is for."""
        self.any_credentials = False
        """Whether credentials that open no sandbox open the default one."""

    def find(self, credential: str) -> str | None:
        """The id of the sandbox that a credential (`vendor/…`) finds; a lost default one is made anew."""
        found = self.store.bound(credential)
        return self.store.bound(credential) if found is None and self.renew() else found

    def world(self, sandbox_id: str, asker: Asker = NOBODY) -> LivingWorld:
        """The world of a sandbox, on behalf of a request if there is one."""
        return LivingWorld(self, sandbox_id, asker)
