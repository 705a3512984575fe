"""The engine: faxes come in through `submit` and `ring`, change through `change`, and every change is one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulator.core import documents
from emulator.core.call import place_call
from emulator.core.clock import Clock
from emulator.core.delivery import Delivery, Notice
from emulator.core.errors import Conflict, IllegalEvent, LimitReached, NotFound, Refused
from emulator.core.fax import Entry, Fax, Source, waiting_list
from emulator.core.machine import Direction, State
from emulator.core.numbers import normalise
from emulator.core.plan import Plan
from emulator.core.sandbox import Sandbox, Settings, balance_of
from emulator.core.scenario import Candidate, Rules, choose
from emulator.core.steps import SECONDS, Change, Surroundings, cancel, step
from emulator.core.store import Add, Store
from emulator.core.vendor import Moment, Vendor

PRIORITIES = (1, 0)
"""From the first served to the last."""

TRIES = 50
"""How often a change is made anew when another writer came first."""


@dataclass(frozen=True)
class Submission:
    """What a vendor's view read from a call that sends a fax; texts as the client wrote them.

    `vendor_id` and `names` are the ids under which the vendor's client will ask for it; `problem` is why the
    document cannot be sent (a documents.Problem), which ends the fax later, in the vendor's way.
    """

    vendor: str
    to: str
    sender: str = ""
    vendor_id: str = ""
    names: tuple[str, ...] = ()
    document: str | None = None
    document_name: str | None = None
    source: Source | None = None
    pages: int = 0
    problem: str | None = None
    resolution: str = "standard"
    paper: str = "letter"
    priority: int = 0
    max_attempts: int | None = None
    send_at: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """Somebody faxes us: `csid` is the sender's station id."""

    vendor: str
    to: str
    sender: str
    pages: int
    document: str | None = None
    csid: str | None = None
    vendor_id: str = ""
    names: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    plan: Plan | None = None
    scenario: str | None = None


class Engine:
    """Faxes of all sandboxes over one store. `real` gives real seconds since 1970."""

    def __init__(
        self, store: Store, vendors: Mapping[str, Vendor], *, real: Callable[[], float], rules: Sequence[Rules] = ()
    ) -> None:
        self.store = store
        self.vendors = vendors
        self.real = real
        self.rules = list(rules)

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
        vendor = self.vendors[wanted.vendor]
        to, sender = normalise(wanted.to), normalise(wanted.sender)
        scenario, plan = choose(
            self.rules,
            sandbox.id,
            Candidate(wanted.vendor, Direction.outbound, to, sender, wanted.pages, wanted.headers),
        )
        if plan.http is not None and plan.http.refuses:
            raise Refused(plan.http)
        at = self.now(sandbox.id)
        settings = self.settings(sandbox.id, vendor.name)
        later = wanted.send_at is not None and wanted.send_at > at
        state = State.scheduled if later else State.received
        number = self.store.next(sandbox.id, "fax")
        fax = Fax(
            id=f"fax-{number}",
            sequence=number,
            vendor=vendor.name,
            vendor_id=wanted.vendor_id,
            names=wanted.names or (wanted.vendor_id,),
            to=to,
            sender=sender,
            state=state,
            document=wanted.document,
            document_name=wanted.document_name,
            source=wanted.source,
            problem=wanted.problem,
            pages=wanted.pages,
            resolution=wanted.resolution,
            paper=wanted.paper,
            priority=wanted.priority,
            max_attempts=settings.max_attempts if wanted.max_attempts is None else wanted.max_attempts,
            scenario=scenario,
            plan=plan,
            details=wanted.details,
            folders=wanted.folders,
            created_at=at,
            changed_at=at,
            due_at=wanted.send_at if later else round(at + SECONDS[State.received], 3),
            timeline=(Entry(at, "state", state.value),),
        )
        return self._commit(sandbox, settings, None, Change(fax), at)

    def ring(self, sandbox: Sandbox, arrival: Arrival) -> Fax:
        """Let an inbound call ring; the fax arrives, or fails, as its plan says."""
        to, sender = normalise(arrival.to), normalise(arrival.sender)
        scenario, plan = arrival.scenario, arrival.plan
        if plan is None:
            candidate = Candidate(arrival.vendor, Direction.inbound, to, sender, arrival.pages)
            scenario, plan = choose(self.rules, sandbox.id, candidate)
        at, number = self.now(sandbox.id), self.store.next(sandbox.id, "fax")
        call = place_call(
            plan.call(1),
            number=1,
            pages=arrival.pages,
            resolution="fine",
            started_at=at,
            csid=arrival.csid or sender[:20],
            call_id=self.store.next(sandbox.id, "call"),
        )
        fax = Fax(
            id=f"fax-{number}",
            sequence=number,
            vendor=arrival.vendor,
            direction=Direction.inbound,
            vendor_id=arrival.vendor_id,
            names=arrival.names or (arrival.vendor_id,),
            to=to,
            sender=sender,
            state=State.ringing,
            document=arrival.document,
            pages=arrival.pages,
            resolution="fine",
            scenario=scenario,
            plan=plan,
            attempts=(call,),
            details=arrival.details,
            folders=arrival.folders,
            created_at=at,
            changed_at=at,
            due_at=round(at + call.ring, 3),
            timeline=(Entry(at, "state", State.ringing.value),),
        )
        return self._commit(sandbox, self.settings(sandbox.id, arrival.vendor), None, Change(fax), at)

    # faxes change
    def cancel(self, sandbox: Sandbox, fax_id: str, *, states: frozenset[State] | None = None) -> Fax:
        """Cancel a fax; raise IllegalEvent when its state is not among `states` or cannot be left that way."""
        return self.change(sandbox, fax_id, lambda fax, at: cancel(_in(fax, states), at))

    def amend(self, sandbox: Sandbox, fax_id: str, **changes: Any) -> Fax:
        """Change fields of a fax that its life does not depend on (details, folders, hidden, document)."""
        return self.change(
            sandbox, fax_id, lambda fax, at: Change(fax.evolve(version=fax.version + 1, **changes))
        )

    def polled(self, sandbox: Sandbox, fax: Fax) -> Fax:
        """Note that a client read the status; a fax whose scenario counts reads moves on when they suffice."""
        planned = fax.plan.call(len(fax.attempts) + 1)
        if planned.polls is None or fax.final or fax.polls >= planned.polls:
            return fax
        return self.change(sandbox, fax.id, _count_poll)

    def step(self, sandbox: Sandbox, fax_id: str, at: float) -> tuple[Fax, Fax] | None:
        """Play what is due for a fax at `at`; give it before and after, None when another process was first."""
        fax = self.store.get(sandbox.id, Fax, fax_id)
        if fax is None or fax.due_at is None or fax.due_at > at:
            return None
        vendor = self.vendors[fax.vendor]
        settings = self.settings(sandbox.id, vendor.name)
        around = Surroundings(
            vendor,
            settings,
            lambda: self.balance(sandbox.id, vendor.name),
            lambda: self.store.next(sandbox.id, "call"),
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
        vendor = self.vendors[change.fax.vendor]
        fax = change.fax if before is not None and before.state is change.fax.state else vendor.amend(change.fax)
        moment = Moment(self, sandbox, settings, before, fax, at)
        adds = change.adds
        if price := vendor.charge(moment):
            fax = fax.evolve(charged=fax.charged + price)
            moment = Moment(self, sandbox, settings, before, fax, at)
            adds = (*adds, Add(balance_of(vendor.name), -price))
        notices = vendor.notices(moment)
        deliveries = self.deliveries(sandbox, vendor.name, notices, fax, at) if notices else ()
        woken = tuple(self._next_waiting(sandbox.id, name, at, fax.id) for name in change.freed)
        try:
            self.store.commit(sandbox.id, (fax, *deliveries, *_once(woken)), adds=adds)
            return fax
        except LimitReached as full:
            if full.name not in change.fallback:
                raise
            return self._wait(sandbox, settings, before, change, full.name, at)

    def _wait(
        self, sandbox: Sandbox, settings: Settings, before: Fax | None, change: Change, counter: str, at: float
    ) -> Fax:
        """Keep a fax waiting for room in a counter; let the next one use what it was woken for in vain."""
        waiting = change.fallback[counter]
        passed_on = before.waits_for if before and before.waits_for not in (None, counter) else None
        woken = self._next_waiting(sandbox.id, passed_on, at, waiting.id) if passed_on else None
        most = self.vendors[waiting.vendor].limits(waiting, settings)[counter]
        guard = Add(counter, 0, at_least=most)
        try:
            self.store.commit(sandbox.id, (waiting, *_once((woken,))), adds=(guard,))
        except LimitReached:
            raise Conflict(f"{counter} has room again") from None
        return waiting

    def _next_waiting(self, sandbox_id: str, counter: str, at: float, but: str) -> Fax | None:
        for priority in PRIORITIES:
            name = waiting_list(counter, priority)
            for fax in self.store.list(sandbox_id, Fax, name, limit=2, descending=False):
                if fax.id != but:
                    return fax.evolve(version=fax.version + 1, due_at=at)
        return None

    def deliveries(
        self, sandbox: Sandbox, vendor: str, notices: Sequence[Notice], fax: Fax | None, at: float
    ) -> tuple[Delivery, ...]:
        """Make the deliveries of notices, due now or after the notice's own wait."""
        made = []
        for notice in notices:
            number = self.store.next(sandbox.id, "delivery")
            delivery = Delivery(
                id=f"delivery-{number}",
                sequence=number,
                vendor=vendor,
                fax=fax.id if fax else None,
                event=notice.event,
                rule=notice.rule,
                message=notice.message,
                created_at=at,
                due_at=round(at + notice.after, 3),
            )
            made.append(delivery)
        return tuple(made)


def _in(fax: Fax, states: frozenset[State] | None) -> Fax:
    if states is not None and fax.state not in states:
        raise IllegalEvent(f"a fax that is {fax.state} cannot be cancelled here")
    return fax


def _count_poll(fax: Fax, at: float) -> Change:
    planned = fax.plan.call(len(fax.attempts) + 1)
    polls = fax.polls + 1
    enough = planned.polls is not None and polls >= planned.polls
    due_at = at if enough and fax.state is State.waiting_line else fax.due_at
    return Change(fax.evolve(version=fax.version + 1, polls=polls, due_at=due_at))


def _once(faxes: Sequence[Fax | None]) -> tuple[Fax, ...]:
    return tuple({fax.id: fax for fax in faxes if fax is not None}.values())
