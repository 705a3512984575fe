"""What happens to a fax when its time has come: one small function a state, in one table.

A step changes nothing: it takes the fax as it stands, its due instant and the moment (the vendor, its
settings, the world to look at), and gives a `Change`. The engine writes that with everything that follows
from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emulator.core.dialect.moment import Moment
from emulator.core.engine.proving import proven
from emulator.core.faxes.call import Attempt, place_call
from emulator.core.faxes.fax import Entry, Fax
from emulator.core.faxes.machine import FINAL, ON_LINE, SECONDS, Direction, Event, State, next_state
from emulator.core.faxes.outcomes import BEFORE_CALL, Outcome
from emulator.core.item import Add


@dataclass(frozen=True)
class Change:
    """The fax after a step, the counters that move with it, and those whose freed room others wait for."""

    fax: Fax
    adds: tuple[Add, ...] = ()
    freed: tuple[str, ...] = ()
    fallback: Mapping[str, Fax] = field(default_factory=dict)
    """By counter: the fax to keep instead when that counter has no room."""


def move(fax: Fax, event: Event, at: float, due_at: float | None = None, /, **changes: Any) -> Fax:
    """Carry a fax over a transition; raise IllegalEvent and change nothing when there is none."""
    state = next_state(fax.direction, fax.state, event)
    note = changes.pop("note", None) or {}
    same = state is fax.state
    entry = Entry(at, "call", "page", note) if same else Entry(at, "state", state.value, note)
    return fax.evolve(
        version=fax.version + 1,
        state=state,
        changed_at=fax.changed_at if same else at,
        due_at=None if state in FINAL or due_at is None else round(due_at, 3),
        finished_at=at if state in FINAL else fax.finished_at,
        timeline=(*fax.timeline, entry),
        **changes,
    )


def step(moment: Moment) -> Change:
    """What the due instant of a moment makes of its fax."""
    return STEPS[moment.fax.direction, moment.fax.state](moment.fax, moment.at, moment)


def stay(fax: Fax, event: Event, at: float, /, **changes: Any) -> Change:
    """Move into a state that lasts its usual time."""
    state = next_state(fax.direction, fax.state, event)
    return Change(move(fax, event, at, at + SECONDS.get(state, 0.0), **changes))


def cancel(fax: Fax, at: float) -> Change:
    """Stop a fax and let go of its line, or of its turn to get one; raise IllegalEvent when past that."""
    stopped = move(fax, Event.cancel, at, outcome=Outcome.cancelled, waits_for=None, leased_until=None)
    if fax.state in (State.dialing, State.transmitting):
        stopped = stopped.evolve(attempts=(*fax.attempts[:-1], _cut_short(fax, at)))
    if fax.waits_for is not None:
        return Change(stopped, freed=(fax.waits_for,))
    return _let_go(fax, stopped)


def _cut_short(fax: Fax, at: float) -> Attempt:
    call = _call(fax)
    rung = round(min(call.ring, at - call.started_at), 3)
    connected = max(0.0, round(at - call.answered_at, 3))
    ended = {"ring": rung, "duration": connected, "pages_sent": fax.pages_sent, "outcome": Outcome.cancelled}
    return Attempt(**{**call.__dict__, **ended})


def _let_go(before: Fax, after: Fax) -> Change:
    if not before.held or after.state in ON_LINE:
        return Change(after)
    return Change(after.evolve(held=()), tuple(Add(name, -1) for name in before.held), before.held)


def _start(fax: Fax, at: float, moment: Moment) -> Change:
    return stay(fax, Event.start, at)


def _render(fax: Fax, at: float, moment: Moment) -> Change:
    return stay(fax, Event.render, at)


def _rendered(fax: Fax, at: float, moment: Moment) -> Change:
    fax, planned = proven(fax), fax.plan.call(len(fax.attempts) + 1)
    if planned.outcome in (Outcome.conversion_failed, Outcome.fetch_failed):
        return _not_rendered(fax, at, moment, planned.outcome, planned.code)
    if fax.problem:
        unfetched = fax.source is not None and fax.source.error is not None
        failed = Outcome.fetch_failed if unfetched else Outcome.conversion_failed
        return _not_rendered(fax, at, moment, failed, None)
    return stay(fax, Event.rendered, at)


def _not_rendered(fax: Fax, at: float, moment: Moment, outcome: Outcome, code: str | None) -> Change:
    changes: dict[str, Any] = {"outcome": outcome, "code": code, "note": {"outcome": outcome.value}}
    if outcome not in moment.vendor.redials:
        return Change(move(fax, Event.unreadable, at, **changes))
    tried = Attempt(len(fax.attempts) + 1, outcome, at, 0.0, 0.0, code=code, id=_call_id(fax, moment))
    changes["attempts"] = (*fax.attempts, tried)
    if tried.number >= fax.max_attempts:
        return Change(move(fax, Event.unreadable, at, **changes))
    return Change(move(fax, Event.redial, at, at + moment.vendor.waiting_redial, **changes))


def _check_credit(fax: Fax, at: float, moment: Moment) -> Change:
    planned = fax.plan.call(len(fax.attempts) + 1)
    short = moment.world.balance(moment.vendor.name) < moment.vendor.estimate(moment)
    if planned.outcome is not Outcome.no_credit and not short:
        return _line_up(fax, at, moment)
    changes = {"outcome": Outcome.no_credit, "code": planned.code, "note": {"outcome": "no_credit"}}
    ends = None if (hold := moment.vendor.hold(moment)) is None else at + hold
    return Change(move(fax, moment.vendor.on_no_credit, at, ends, **changes))


def _leave_hold(fax: Fax, at: float, moment: Moment) -> Change:
    """Go on with the money that has come; wait on without it, until the hold is over."""
    hold = moment.vendor.hold(moment)
    ends = None if hold is None else round(fax.changed_at + hold, 3)
    short = moment.world.balance(moment.vendor.name) < moment.vendor.estimate(moment)
    planned = fax.plan.call(len(fax.attempts) + 1).outcome is Outcome.no_credit
    if ends is not None and at >= ends and (short or planned):
        return Change(move(fax, Event.give_up, at, note={"outcome": Outcome.no_credit.value}))
    if short:
        return Change(fax.evolve(version=fax.version + 1, due_at=ends))
    return _line_up(fax, at, moment, outcome=None, code=None)


def _line_up(fax: Fax, at: float, moment: Moment, **changes: Any) -> Change:
    return Change(move(fax, Event.funded, at, at + moment.vendor.waiting(moment), **changes))


def _wait_for_polls(fax: Fax) -> bool:
    wanted = fax.plan.call(len(fax.attempts) + 1).polls
    return wanted is not None and fax.polls < wanted


def _enqueue(fax: Fax, at: float, moment: Moment) -> Change:
    if _wait_for_polls(fax):
        return Change(fax.evolve(version=fax.version + 1, due_at=None))
    limits = moment.vendor.limits(moment)
    seconds = 0.0 if fax.attempts else SECONDS[State.queued]
    taken = move(fax, Event.enqueue, at, at + seconds, held=tuple(limits), waits_for=None)
    waiting = {name: fax.evolve(version=fax.version + 1, due_at=None, waits_for=name) for name in limits}
    adds = tuple(Add(name, 1, at_most=most) for name, most in limits.items())
    return Change(taken, adds, _spare(fax, limits, moment), waiting)


def _spare(fax: Fax, limits: Mapping[str, int], moment: Moment) -> tuple[str, ...]:
    """The counter that a fax was woken for, when another one still has room there."""
    name = fax.waits_for
    if name is None or (name in limits and moment.world.store.number(name) + 1 >= limits[name]):
        return ()
    return (name,)


def _dial(fax: Fax, at: float, moment: Moment) -> Change:
    call = place_call(
        fax.plan.dial(len(fax.attempts) + 1),
        number=len(fax.attempts) + 1,
        pages=fax.pages,
        page_bytes=fax.page_bytes or (),
        resolution=fax.resolution,
        started_at=at,
        csid=fax.to[:20],
        call_id=_call_id(fax, moment),
    )
    begun = {"attempts": (*fax.attempts, call), "pages_sent": 0, "polls": 0}
    return Change(move(fax, Event.dial, at, at + call.ring, **begun, note={"attempt": call.number}))


def _call_id(fax: Fax, moment: Moment) -> int:
    return moment.world.next("call") if fax.attempts or not fax.first_call else fax.first_call


def _ring(fax: Fax, at: float, moment: Moment) -> Change:
    call = _call(fax)
    return _end(fax, at) if call.duration == 0 else _answer(fax, call, at)


def _answer(fax: Fax, call: Attempt, at: float) -> Change:
    if call.outcome is Outcome.stuck:
        return Change(move(fax, Event.answer, at, None, note={"attempt": call.number}))
    first = call.pages_at[0] if call.pages_at else call.duration
    note = {"attempt": call.number, "speed": call.speed, "csid": call.csid, "ecm": call.ecm}
    return Change(move(fax, Event.answer, at, call.answered_at + first, note=note))


def _page_or_end(fax: Fax, at: float, moment: Moment) -> Change:
    call = _call(fax)
    if fax.pages_sent >= len(call.pages_at):
        return _end(fax, at)
    sent = fax.pages_sent + 1
    following = call.pages_at[sent] if sent < len(call.pages_at) else call.duration
    note = {"page": sent, "of": fax.pages, "attempt": call.number}
    return Change(move(fax, Event.page, at, call.answered_at + following, pages_sent=sent, note=note))


def _end(fax: Fax, at: float) -> Change:
    call = _call(fax)
    ended = Attempt(**{**call.__dict__, "pages_sent": fax.pages_sent})
    after = move(
        fax,
        Event.end,
        at,
        at + SECONDS[State.reporting],
        attempts=(*fax.attempts[:-1], ended),
        outcome=call.outcome,
        code=call.code,
        note={"attempt": call.number, "outcome": call.outcome.value, "pages_sent": fax.pages_sent},
    )
    return _let_go(fax, after)


def _report(fax: Fax, at: float, moment: Moment) -> Change:
    call = _call(fax)
    if call.outcome is Outcome.delivered:
        return Change(move(fax, Event.deliver, at))
    again = call.outcome in moment.vendor.redials and call.number < fax.max_attempts
    if again:
        return Change(move(fax, Event.redial, at, max(at, call.ended_at + moment.vendor.waiting_redial)))
    return Change(move(fax, Event.give_up, at, note={"outcome": call.outcome.value}))


def _wait_over(fax: Fax, at: float, moment: Moment) -> Change:
    return Change(move(fax, Event.wait_over, at, at + moment.vendor.retry_eligible))


def _retry(fax: Fax, at: float, moment: Moment) -> Change:
    if fax.outcome in BEFORE_CALL:
        if fax.source is None:
            return stay(fax, Event.fetch_again, at)
        fresh = {"document": None, "pages": 0, "problem": None, "page_bytes": None}
        return stay(fax, Event.fetch_again, at, source=fax.source.forget(), **fresh)
    return Change(move(fax, Event.retry, at, at))


def _call(fax: Fax) -> Attempt:
    call = fax.attempt
    assert call is not None, "a fax on the line has a call"
    return call


def _pick_up(fax: Fax, at: float, moment: Moment) -> Change:
    call = _call(fax)
    if call.duration == 0:
        return Change(move(fax, Event.give_up, at, outcome=call.outcome, code=call.code))
    return _answer(fax, call, at)


def _receive(fax: Fax, at: float, moment: Moment) -> Change:
    call = _call(fax)
    if fax.pages_sent < len(call.pages_at):
        return _page_or_end(fax, at, moment)
    ended = (Attempt(**{**call.__dict__, "pages_sent": fax.pages_sent}),)
    event = Event.arrive if call.outcome is Outcome.delivered else Event.give_up
    return Change(move(fax, event, at, attempts=ended, outcome=call.outcome, code=call.code))


_OUT, _IN = Direction.outbound, Direction.inbound

STEPS: dict[tuple[Direction, State], Callable[[Fax, float, Moment], Change]] = {
    (_OUT, State.scheduled): _start,
    (_OUT, State.received): _render,
    (_OUT, State.rendering): _rendered,
    (_OUT, State.credit_check): _check_credit,
    (_OUT, State.credit_hold): _leave_hold,
    (_OUT, State.waiting_line): _enqueue,
    (_OUT, State.queued): _dial,
    (_OUT, State.dialing): _ring,
    (_OUT, State.transmitting): _page_or_end,
    (_OUT, State.reporting): _report,
    (_OUT, State.waiting_redial): _wait_over,
    (_OUT, State.retry_eligible): _retry,
    (_IN, State.ringing): _pick_up,
    (_IN, State.receiving): _receive,
}
"""The step that a due fax takes, by direction and state."""
