"""What comes in from outside: a fax that a client submits, a call to one of our numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from emulator.core.faxes.call import Attempt
from emulator.core.faxes.fax import Entry, Fax, Source
from emulator.core.faxes.machine import SECONDS, Direction, State
from emulator.core.faxes.numbers import normalise
from emulator.core.faxes.plan import Plan

INBOUND_RESOLUTION = "fine"


@dataclass(frozen=True)
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
        return Fax(
            id=f"fax-{number}",
            sequence=number,
            vendor=self.vendor,
            vendor_id=self.vendor_id,
            names=self.names or (self.vendor_id,),
            to=normalise(self.to),
            sender=normalise(self.sender),
            state=state,
            document=self.document,
            document_name=self.document_name,
            source=self.source,
            problem=self.problem,
            pages=self.pages,
            resolution=self.resolution,
            paper=self.paper,
            priority=self.priority,
            max_attempts=self.max_attempts or calls,
            scenario=scenario,
            plan=plan,
            first_call=self.first_call,
            details=self.details,
            folders=self.folders,
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
