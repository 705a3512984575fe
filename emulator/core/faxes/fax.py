"""A fax: one record that is its own timer and carries its whole life; and what comes in to be made one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from emulator.core.faxes.call import Attempt
from emulator.core.faxes.machine import FINAL, SECONDS, Direction, State
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import DELIVERED, Plan
from emulator.core.item import Item, lease_list
from emulator.core.message import Fetch


@dataclass(frozen=True)
class Entry:
    """One line of a timeline: `kind` is state, call or webhook; `what` the word; `detail` the rest."""

    at: float
    kind: str
    what: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A document that lies elsewhere and is fetched when the fax is rendered.

    `error` is why the last fetch gave nothing (a message.Trouble), `status` what HTTP said when it answered.
    """

    request: Fetch
    status: int | None = None
    error: str | None = None
    more: tuple[Fetch, ...] = ()
    """Further documents of the same fax, fetched after the first."""

    def forget(self) -> Source:
        """Forget the last fetch, so that the document is fetched anew."""
        return Source(self.request, more=self.more)


COUNTERS = "faxes/"
"""How the names of the counters begin that count faxes by vendor, direction and state."""


def waiting_list(counter: str, priority: int) -> str:
    """Name the list of the faxes of one priority that wait for room in a counter."""
    return f"waiting/{counter}/{priority}"


@dataclass(frozen=True, kw_only=True)
class Fax(Item):
    """A fax job of either direction.

    `to` and `sender` are E.164 where the client's text allowed it. `document` is the digest of what is sent,
    `page_bytes` what `call.large` keeps of its pages (None until drawn). `details` is the vendor's own. Money
    is in micros (millionths of the account's currency). `due_at` is the virtual instant of the next step,
    None if nothing happens by itself; `polls` counts status reads that a scenario waits for, `reads` (and
    `late_reads` since the end) those that it spoils. `leased_until` is a real instant.
    """

    kind: ClassVar[str] = "fax"

    vendor: str
    direction: Direction = Direction.outbound
    vendor_id: str = ""
    to: str
    sender: str = ""
    state: State
    outcome: Outcome | None = None
    code: str | None = None
    document: str | None = None
    document_name: str | None = None
    source: Source | None = None
    problem: str | None = None
    pages: int = 0
    page_bytes: tuple[int, ...] | None = None
    pages_sent: int = 0
    resolution: str = "standard"
    paper: str = "letter"
    priority: int = 0
    max_attempts: int = 1
    scenario: str | None = None
    plan: Plan = DELIVERED
    attempts: tuple[Attempt, ...] = ()
    first_call: int = 0
    """The id that the first call will have, when the vendor took it at submit; else 0."""
    details: Mapping[str, Any] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    """Further lists of the vendor's own that hold this fax."""
    names: tuple[str, ...] = ()
    created_at: float
    changed_at: float
    finished_at: float | None = None
    due_at: float | None = None
    leased_until: float | None = None
    polls: int = 0
    reads: int = 0
    late_reads: int = 0
    held: tuple[str, ...] = ()
    """The counters of its lines."""
    waits_for: str | None = None
    charged: int = 0
    hidden: bool = False
    """Deleted by the vendor's client: no vendor answer shows it, the control plane does."""
    timeline: tuple[Entry, ...] = ()

    @property
    def counter(self) -> str:
        """The name of the counter of the faxes that are as this one is."""
        return f"{COUNTERS}{self.vendor}/{self.direction}/{self.state}"

    @property
    def due(self) -> float | None:
        return self.due_at

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(f"{self.vendor}/{name}" for name in self.names)

    @property
    def lists(self) -> tuple[str, ...]:
        own = () if self.hidden else (f"{self.vendor}/{self.direction}", *self.folders)
        held = (lease_list(self.kind),) if self.leased_until is not None else ()
        waiting: tuple[str, ...] = ()
        if self.waits_for is not None and self.due_at is None:
            waiting = (waiting_list(self.waits_for, self.priority), f"waiting/{self.vendor}")
        hold = (f"hold/{self.vendor}",) if self.state is State.credit_hold else ()
        return ("fax", f"fax/{self.vendor}", *own, *held, *waiting, *hold)

    @property
    def final(self) -> bool:
        """Tell whether nothing can happen to this fax any more."""
        return self.state in FINAL

    @property
    def must_fetch(self) -> bool:
        """Tell whether its document is still to be fetched before it can be rendered."""
        unfetched = self.source is not None and self.source.error is None and self.document is None
        return self.state is State.rendering and unfetched and self.problem is None

    @property
    def awaited_polls(self) -> int | None:
        """How many reads of the status the next call waits for; None when it waits for none."""
        return self.plan.call(len(self.attempts) + 1).polls

    @property
    def plays_on(self) -> bool:
        """Tell whether only its own durations hold it up: no fetch, no line, no unpolled redial wait."""
        if self.due_at is None or self.must_fetch or self.state is State.scheduled:
            return False
        return self.state is not State.waiting_redial or self.awaited_polls is not None

    @property
    def attempt(self) -> Attempt | None:
        """The latest call."""
        return self.attempts[-1] if self.attempts else None

    @property
    def on_call(self) -> bool:
        """Tell whether the latest call is going on."""
        return self.state in (State.dialing, State.transmitting, State.ringing, State.receiving)

    def left_by(self, call: Attempt, state: State) -> Fax:
        """The fax as one of its calls left it, in that state."""
        return self.evolve(
            state=state,
            outcome=call.outcome,
            code=call.code,
            pages_sent=call.pages_sent,
            attempts=self.attempts[: call.number],
            changed_at=call.ended_at,
            finished_at=call.ended_at if state in FINAL else None,
        )

    @property
    def seconds_connected(self) -> float:
        """The connected time of all calls that have ended."""
        return sum(call.duration for call in self.attempts)


INBOUND_RESOLUTION = "fine"


_ALIKE = (
    *("vendor", "vendor_id", "to", "sender", "document", "document_name", "source", "problem", "pages"),
    *("resolution", "paper", "priority", "first_call", "details", "folders"),
)
"""What a fax has as its submission has it."""
_NEW = Fax(id="", vendor="", to="", state=State.received, created_at=0.0, changed_at=0.0)
"""What a new fax has where nobody says otherwise: a copy takes 5 microseconds, one of all its fields 20."""


@dataclass
class Submission:
    """What a vendor's view read from a request that sends a fax; texts as the client wrote them.

    `vendor_id` and `names` are the ids under which the vendor's client will ask for it; `problem` is why the
    document cannot be sent (a documents.Problem), which ends the fax later, in the vendor's way. `first_call`
    is the id of its first call, when the vendor takes it from their counter at submit.
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
    least_attempts: int = 0
    """Calls that are made at most where the client has not said how many and no scenario has more."""
    send_at: float | None = None
    first_call: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_fax(self, number: int, at: float, calls: int, scenario: str | None, plan: Plan) -> Fax:
        """Make the fax of this submission, scheduled when its time is still to come.

        `calls` is how many are made at most when the client does not say.
        """
        due_at, state = round(at + SECONDS[State.received], 3), State.received
        if self.send_at is not None and self.send_at > at:
            due_at, state = self.send_at, State.scheduled
        return _NEW.evolve(
            **{name: getattr(self, name) for name in _ALIKE},
            id=f"fax-{number}",
            sequence=number,
            names=self.names or (self.vendor_id,),
            state=state,
            max_attempts=self.max_attempts or max(calls, self.least_attempts),
            scenario=scenario,
            plan=plan,
            created_at=at,
            changed_at=at,
            due_at=due_at,
            timeline=(Entry(at, "state", state.value),),
        )


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

    def to_fax(self, number: int, call: Attempt, scenario: str | None, plan: Plan) -> Fax:
        """Make the fax of this call, which has just begun to ring."""
        at = call.started_at
        return Fax(
            id=f"fax-{number}",
            sequence=number,
            vendor=self.vendor,
            direction=Direction.inbound,
            vendor_id=self.vendor_id,
            names=self.names or (self.vendor_id,),
            to=normalise(self.to),
            sender=normalise(self.sender),
            state=State.ringing,
            document=self.document,
            pages=self.pages,
            resolution=INBOUND_RESOLUTION,
            scenario=scenario,
            plan=plan,
            attempts=(call,),
            details=self.details,
            folders=self.folders,
            created_at=at,
            changed_at=at,
            due_at=round(at + call.ring, 3),
            timeline=(Entry(at, "state", State.ringing.value),),
        )
