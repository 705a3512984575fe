"""The engine: faxes come in through `submit` and `ring` and change; every change is one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from emulator import documents
from emulator.core.dialect.vendor import Moment, Vendor
from emulator.core.engine.counts import moved
from emulator.core.engine.edge import Edge, Listener
from emulator.core.engine.intake import Prepared, prepared, rung
from emulator.core.engine.steps import Change, Surroundings, cancel, step
from emulator.core.engine.submission import Arrival, Submission
from emulator.core.engine.waiting import awake, begun, wake
from emulator.core.errors import Conflict, IllegalEvent, LimitReached, NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import ON_LINE, State
from emulator.core.message import Fetch, Fetched, FetchFailed, Trouble
from emulator.core.sandboxes.clock import Clock
from emulator.core.sandboxes.sandbox import Sandbox, Settings, balance_of
from emulator.core.scripting.rules import queue, standing
from emulator.core.scripting.scenario import Source as ScenarioSource
from emulator.core.storage.store import Add, Store
from emulator.core.webhooks.delivery import Delivery, Notice
from emulator.core.webhooks.outbox import make_deliveries

__all__ = ["Arrival", "Engine", "Submission"]

IN_CALL = ON_LINE | {State.reporting}
"""States in which a fax waits for no call: reads of its status count for none."""

TRIES = 50
"""How often a change is made anew when another writer came first."""


def no_way_out(request: Fetch) -> Fetched:
    """Fetch nothing: nobody has given the engine a way out of the program."""
    raise FetchFailed(Trouble.refused)


class Engine:
    """Faxes of all sandboxes over one store. `real` gives seconds since 1970, `files` shared scenarios."""

    def __init__(
        self,
        store: Store,
        vendors: Mapping[str, Vendor],
        *,
        real: Callable[[], float],
        files: Sequence[ScenarioSource] = (),
    ) -> None:
        self.store = store
        self.vendors = vendors
        self.real = real
        self.sources: list[ScenarioSource] = [queue(store), standing(store), *files]
        self.edge = Edge()
        self.listeners: list[Listener] = []
        self.before_answer: Callable[[Sandbox, Fax], None] = lambda sandbox, fax: None
        """Plays a fax and sends its webhooks before the call that made it is answered."""
        self.fetch: Callable[[Fetch], Fetched] = no_way_out
        """Gets a document for a call that has to answer with what is in it; raises FetchFailed."""

    def tell(self, sandbox_id: str, kind: str, thing: Any) -> None:
        """Tell everyone who listens what has happened, when it is written."""
        for listener in self.listeners:
            self.store.afterwards(partial(listener, sandbox_id, kind, thing))

    # what is there
    def now(self, sandbox_id: str) -> float:
        """Give the sandbox's virtual instant."""
        return self.clock(sandbox_id).now(self.real())

    def clock(self, sandbox_id: str) -> Clock:
        """Give the sandbox's clock; raise NotFound when there is no such sandbox."""
        clock = self.store.get(sandbox_id, Clock, "clock")
        if clock is None:
            raise NotFound(f"no sandbox {sandbox_id}")
        return clock

    def settings(self, sandbox_id: str, vendor: str) -> Settings:
        """Give the vendor's portal settings."""
        settings = self.store.get(sandbox_id, Settings, vendor)
        if settings is None:
            raise NotFound(f"no vendor {vendor} in sandbox {sandbox_id}")
        return settings

    def balance(self, sandbox_id: str, vendor: str) -> int:
        """Give the vendor's balance in micros."""
        return self.store.number(sandbox_id, balance_of(vendor))

    def fax(self, sandbox_id: str, fax_id: str) -> Fax:
        """Give a fax by its neutral id or raise NotFound."""
        fax = self.store.get(sandbox_id, Fax, fax_id)
        if fax is None:
            raise NotFound(f"no fax {fax_id}")
        return fax

    def delivery(self, sandbox_id: str, delivery_id: str) -> Delivery:
        """Give a webhook's delivery or raise NotFound."""
        delivery = self.store.get(sandbox_id, Delivery, delivery_id)
        if delivery is None:
            raise NotFound(f"no delivery {delivery_id}")
        return delivery

    def find(self, sandbox_id: str, vendor: str, name: str) -> Fax | None:
        """Give the fax that a vendor's client knows by this id, None when it is unknown or deleted."""
        fax = self.store.find(sandbox_id, Fax, f"{vendor}/{name}")
        return None if fax is None or fax.hidden else fax

    def keep(self, sandbox_id: str, content: bytes) -> documents.Document:
        """Inspect an uploaded document and keep it under its digest."""
        document = documents.inspect(content)
        self.store.put_blob(sandbox_id, document.digest, content)
        return document

    # faxes come in
    def submit(self, sandbox: Sandbox, wanted: Submission) -> Fax:
        """Accept a fax; raise Refused when a scenario has the call itself fail."""
        return self.accept(sandbox, (self.prepare(sandbox, wanted),))[0]

    def prepare(self, sandbox: Sandbox, wanted: Submission) -> Prepared:
        """Make a fax for `accept`; raise Refused when a scenario has the call itself fail."""
        return prepared(self, sandbox, wanted)

    def accept(self, sandbox: Sandbox, faxes: Sequence[Prepared]) -> list[Fax]:
        """Accept the faxes of one call, all or none."""
        moves = [
            self._completed(sandbox, new.settings, None, Change(new.fax), new.fax.created_at) for new in faxes
        ]
        puts = [item for fax, deliveries, _ in moves for item in (fax, *deliveries)]
        self.store.commit(sandbox.id, puts, adds=[add for _, _, adds in moves for add in adds])
        for fax, *_ in moves:
            self.tell(sandbox.id, "fax", (None, fax))
            self.edge.accepted(sandbox, fax)
        return [fax for fax, *_ in moves]

    def ring(self, sandbox: Sandbox, arrival: Arrival) -> Fax:
        """Let an inbound call ring; the fax arrives, or fails, as its plan says."""
        new = rung(self, sandbox, arrival)
        return self._commit(sandbox, new.settings, None, Change(new.fax), new.fax.created_at)

    # faxes change
    def cancel(self, sandbox: Sandbox, fax_id: str, *, states: frozenset[State] | None = None) -> Fax:
        """Cancel a fax; raise IllegalEvent when its state is not among `states` or cannot be left so."""
        return self.change(sandbox, fax_id, lambda fax, at: cancel(_in(fax, states), at))

    def amend(self, sandbox: Sandbox, fax_id: str, **changes: Any) -> Fax:
        """Change fields of a fax that its life does not depend on (details, folders, hidden, document)."""
        return self.change(
            sandbox, fax_id, lambda fax, at: Change(fax.evolve(version=fax.version + 1, **changes))
        )

    def polled(self, sandbox: Sandbox, fax: Fax) -> Fax:
        """Note a read of the status; a fax whose scenario counts reads moves on when they suffice."""
        wanted = fax.awaited_polls
        if wanted is None or fax.final or fax.polls >= wanted or fax.state in IN_CALL:
            return fax
        fax = self.change(sandbox, fax.id, _count_poll)
        return self.play_through(sandbox, fax) if fax.polls >= wanted else fax

    def play_through(self, sandbox: Sandbox, fax: Fax) -> Fax:
        """Play a fax on at the present instant, as far as nothing but its own durations holds it up."""
        while fax.plays_on:
            moved = self.step(sandbox, fax.id, self.now(sandbox.id), early=True)
            fax = moved[1] if moved else self.fax(sandbox.id, fax.id)
        return fax

    def step(
        self, sandbox: Sandbox, fax_id: str, at: float, *, early: bool = False, known: Fax | None = None
    ) -> tuple[Fax, Fax] | None:
        """Play what is due for a fax at `at`, or `early` what is not yet; `known` is the fax as just read.

        Gives the fax before and after, None when another process was first.
        """
        fax = known or self.store.get(sandbox.id, Fax, fax_id)
        if fax is None or fax.due_at is None or (fax.due_at > at and not early):
            return None
        vendor = self.vendors[fax.vendor]
        settings = self.settings(sandbox.id, vendor.name)
        around = Surroundings(
            vendor,
            settings,
            lambda: self.balance(sandbox.id, vendor.name),
            lambda: self.store.next(sandbox.id, "call"),
            lambda counter: self.store.number(sandbox.id, counter),
        )
        try:
            return fax, self._commit(sandbox, settings, fax, step(fax, at, around), at)
        except Conflict:
            return None

    def change(self, sandbox: Sandbox, fax_id: str, make: Callable[[Fax, float], Change]) -> Fax:
        """Apply `make` to the stored fax and commit, anew when another writer came first."""
        for _ in range(TRIES):
            fax = self.fax(sandbox.id, fax_id)
            at = self.now(sandbox.id)
            try:
                settings = self.settings(sandbox.id, fax.vendor)
                return self._commit(sandbox, settings, fax, make(fax, at), at)
            except Conflict:
                continue
        raise Conflict(f"{fax_id} is changed by too many at once")

    def _commit(
        self, sandbox: Sandbox, settings: Settings, before: Fax | None, change: Change, at: float
    ) -> Fax:
        """Write a change with its webhooks, its price and the faxes that it lets go on, all or nothing."""
        fax, deliveries, adds = self._completed(sandbox, settings, before, change, at)
        woken, guards = wake(self.store, sandbox.id, change.freed, at, but=fax.id)
        try:
            self.store.commit(sandbox.id, (fax, *deliveries, *woken.values()), adds=(*adds, *guards))
        except LimitReached as full:
            if full.name in change.fallback:
                return self._wait(sandbox, settings, before, change, full.name, at)
            if full.name == balance_of(fax.vendor):
                raise
            raise Conflict(f"{full.name} has changed") from None
        self.tell(sandbox.id, "fax", (before, fax))
        return self._not_overlooked(sandbox, settings, fax)

    def _completed(
        self, sandbox: Sandbox, settings: Settings, before: Fax | None, change: Change, at: float
    ) -> tuple[Fax, tuple[Delivery, ...], tuple[Add, ...]]:
        """Give a changed fax as its vendor shapes it, its webhooks, and what it adds to counters."""
        vendor = self.vendors[change.fax.vendor]
        fax, adds = change.fax, (*change.adds, *moved(before, change.fax))
        if before is None or before.state is not fax.state:
            fax = vendor.amend(fax)
        moment = Moment(self, sandbox, settings, before, fax, at)
        if price := vendor.charge(moment):
            fax = fax.evolve(charged=fax.charged + price)
            moment = Moment(self, sandbox, settings, before, fax, at)
            least = 0 if vendor.prepaid else None
            adds = (*adds, Add(balance_of(vendor.name), -price, at_least=least))
        notices = vendor.notices(moment)
        tampered = fax.final and fax.plan.webhook is not None
        deliveries = self.deliveries(sandbox, vendor.name, notices, fax, at) if notices or tampered else ()
        return fax, deliveries, adds

    def _wait(
        self,
        sandbox: Sandbox,
        settings: Settings,
        before: Fax | None,
        change: Change,
        counter: str,
        at: float,
    ) -> Fax:
        """Keep a fax waiting for room in a counter; let the next one use what it was woken for in vain."""
        waiting = change.fallback[counter]
        unused = (before.waits_for,) if before and before.waits_for not in (None, counter) else ()
        woken, guards = wake(self.store, sandbox.id, unused, at, but=waiting.id)
        most = self.vendors[waiting.vendor].limits(waiting, settings)[counter]
        full = Add(counter, 0, at_least=most)
        try:
            puts = (waiting, *woken.values())
            self.store.commit(sandbox.id, puts, adds=(full, Add(begun(counter), 1), *guards))
        except LimitReached:
            raise Conflict(f"{counter} has room again") from None
        return self._not_overlooked(sandbox, settings, waiting)

    def _not_overlooked(self, sandbox: Sandbox, settings: Settings, fax: Fax) -> Fax:
        """Wake a fax that was parked by settings which have changed since: their change has not seen it."""
        parked = fax.due_at is None and (fax.waits_for is not None or fax.state is State.credit_hold)
        if not parked or self.settings(sandbox.id, fax.vendor).version == settings.version:
            return fax
        return self.change(sandbox, fax.id, lambda fax, at: Change(awake(fax, at)))

    def deliveries(
        self, sandbox: Sandbox, vendor: str, notices: Sequence[Notice], fax: Fax | None, at: float
    ) -> tuple[Delivery, ...]:
        """Make the deliveries of notices, due now or after the notice's own wait."""
        return make_deliveries(self.store, sandbox.id, vendor, notices, fax, at)


def _in(fax: Fax, states: frozenset[State] | None) -> Fax:
    if states is not None and fax.state not in states:
        raise IllegalEvent(f"a fax that is {fax.state} cannot be cancelled here")
    return fax


def _count_poll(fax: Fax, at: float) -> Change:
    polls = fax.polls + 1
    enough = fax.awaited_polls is not None and polls >= fax.awaited_polls
    due_at = at if enough and fax.state is State.waiting_line and not fax.waits_for else fax.due_at
    return Change(fax.evolve(version=fax.version + 1, polls=polls, due_at=due_at))
