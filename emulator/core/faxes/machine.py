"""The two canonical machines, one per direction: every state, event and transition in one table each."""

from __future__ import annotations

from enum import StrEnum

from emulator.core.errors import IllegalEvent


class Direction(StrEnum):
    outbound = "outbound"
    inbound = "inbound"


class State(StrEnum):
    scheduled = "scheduled"
    received = "received"
    rendering = "rendering"
    credit_check = "credit_check"
    waiting_line = "waiting_line"
    queued = "queued"
    dialing = "dialing"
    transmitting = "transmitting"
    reporting = "reporting"
    waiting_redial = "waiting_redial"
    credit_hold = "credit_hold"
    retry_eligible = "retry_eligible"
    delivered = "delivered"
    failed = "failed"
    cancelled = "cancelled"
    ringing = "ringing"
    receiving = "receiving"
    arrived = "arrived"


class Event(StrEnum):
    start = "start"
    render = "render"
    rendered = "rendered"
    unreadable = "unreadable"
    funded = "funded"
    unfunded = "unfunded"
    refuse = "refuse"
    enqueue = "enqueue"
    dial = "dial"
    answer = "answer"
    page = "page"
    end = "end"
    deliver = "deliver"
    redial = "redial"
    wait_over = "wait_over"
    retry = "retry"
    fetch_again = "fetch_again"
    give_up = "give_up"
    cancel = "cancel"
    arrive = "arrive"


_S, _E = State, Event

OUTBOUND: dict[State, dict[Event, State]] = {
    _S.scheduled: {_E.start: _S.received, _E.cancel: _S.cancelled},
    _S.received: {_E.render: _S.rendering, _E.cancel: _S.cancelled},
    _S.rendering: {
        _E.rendered: _S.credit_check,
        _E.unreadable: _S.failed,
        _E.redial: _S.waiting_redial,
        _E.cancel: _S.cancelled,
    },
    _S.credit_check: {
        _E.funded: _S.waiting_line,
        _E.unfunded: _S.credit_hold,
        _E.refuse: _S.failed,
        _E.cancel: _S.cancelled,
    },
    _S.credit_hold: {_E.funded: _S.waiting_line, _E.give_up: _S.failed, _E.cancel: _S.cancelled},
    _S.waiting_line: {_E.enqueue: _S.queued, _E.cancel: _S.cancelled},
    _S.queued: {_E.dial: _S.dialing, _E.cancel: _S.cancelled},
    _S.dialing: {_E.answer: _S.transmitting, _E.end: _S.reporting, _E.cancel: _S.cancelled},
    _S.transmitting: {_E.page: _S.transmitting, _E.end: _S.reporting, _E.cancel: _S.cancelled},
    _S.reporting: {_E.deliver: _S.delivered, _E.redial: _S.waiting_redial, _E.give_up: _S.failed},
    _S.waiting_redial: {_E.wait_over: _S.retry_eligible, _E.cancel: _S.cancelled},
    _S.retry_eligible: {
        _E.retry: _S.waiting_line,
        _E.fetch_again: _S.rendering,
        _E.give_up: _S.failed,
        _E.cancel: _S.cancelled,
    },
    _S.delivered: {},
    _S.failed: {},
    _S.cancelled: {},
}

INBOUND: dict[State, dict[Event, State]] = {
    _S.ringing: {_E.answer: _S.receiving, _E.give_up: _S.failed},
    _S.receiving: {_E.page: _S.receiving, _E.arrive: _S.arrived, _E.give_up: _S.failed},
    _S.arrived: {},
    _S.failed: {},
}

MACHINES = {Direction.outbound: OUTBOUND, Direction.inbound: INBOUND}
FINAL = frozenset({State.delivered, State.failed, State.cancelled, State.arrived})
ON_LINE = frozenset({State.queued, State.dialing, State.transmitting})
"""States in which an outbound fax holds a line."""


def next_state(direction: Direction, state: State, event: Event) -> State:
    """The state that `event` leads to; raise IllegalEvent when the table has no such row."""
    try:
        return MACHINES[direction][state][event]
    except KeyError:
        raise IllegalEvent(f"a fax that is {state} cannot {event}") from None


SECONDS = {
    State.received: 0.5,
    State.rendering: 1.0,
    State.credit_check: 0.5,
    State.waiting_line: 0.5,
    State.queued: 0.5,
    State.reporting: 1.0,
}
"""How long a fax stays in a state that no call, wait or limit measures."""
