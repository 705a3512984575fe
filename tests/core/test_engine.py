from __future__ import annotations

from functools import partial

import pytest

from emulator.core.engine import Arrival
from emulator.core.errors import IllegalEvent, NotFound, Refused
from emulator.core.fax import Source
from emulator.core.machine import Event, State
from emulator.core.message import Fetch, Message
from emulator.core.outcomes import Outcome
from emulator.core.plan import CallPlan, HttpFault
from emulator.core.sandbox import Hook, Rates
from tests.core.world import HOOK, PAGE, START, World, acme

URL = "http://files.test/letter.txt"
LETTER = b"Dear Sir"
FUNDED = [
    (0, "received"),
    (0.5, "rendering"),
    (1.5, "credit_check"),
    (2, "waiting_line"),
    (2.5, "queued"),
    (3, "dialing"),
]


def fetched(*addresses: str) -> Source:
    first, *more = (Fetch(address) for address in addresses)
    return Source(first, more=tuple(more))


def fetching(what: Message | Fetch) -> bool:
    return isinstance(what, Fetch)


def attempts(world: World) -> list[tuple[str, float, int]]:
    return [(call.outcome.value, call.started_at - START, call.pages_sent) for call in world.fax().attempts]


def test_a_fax_lives_through_every_state_to_delivered(world: World):
    world.send()
    world.advance()
    assert world.history() == [
        *FUNDED,
        (9, "transmitting"),
        (31.486, "page"),
        (34.986, "reporting"),
        (35.986, "delivered"),
    ]
    fax = world.fax()
    assert (fax.state, fax.outcome, fax.pages_sent, fax.due_at) == (
        State.delivered,
        Outcome.delivered,
        1,
        None,
    )
    assert fax.finished_at == START + 35.986


def test_numbers_are_normalised(world: World):
    fax = world.send("(212) 555-0123", sender="00442079460123")
    assert (fax.to, fax.sender) == ("+12125550123", "+442079460123")


def test_a_fax_is_found_by_the_ids_of_its_vendor(world: World):
    fax = world.send(vendor_id="A1", names=("A1", "ref-7"))
    assert world.engine.find(world.sandbox.id, "acme", "A1") == fax
    assert world.engine.find(world.sandbox.id, "acme", "ref-7") == fax
    assert world.engine.find(world.sandbox.id, "acme", "A2") is None


def test_a_hidden_fax_is_not_found_by_its_vendor_s_client(world: World):
    fax = world.send(vendor_id="A1")
    world.engine.amend(world.sandbox, fax.id, hidden=True)
    assert world.engine.find(world.sandbox.id, "acme", "A1") is None
    assert world.store.list(world.sandbox.id, type(fax), "acme/outbound") == []
    assert world.fax(fax).hidden


def test_the_same_seed_repeats_a_run_exactly():
    def run() -> tuple[object, ...]:
        world = World()
        world.set(outbound=Hook(HOOK), profile={"all": True})
        world.plan(Outcome.busy, Outcome.delivered)
        for _ in range(3):
            world.send()
        return world.advance(), [world.fax(f"fax-{number}") for number in (1, 2, 3)]

    assert run() == run()


def test_a_scheduled_fax_begins_at_its_time(world: World):
    world.send(send_at=START + 3600)
    world.advance(by=3599)
    assert world.states() == ["scheduled"]
    world.advance()
    assert world.history()[:3] == [(0, "scheduled"), (3600, "received"), (3600.5, "rendering")]


def test_a_time_to_send_that_has_passed_is_now(world: World):
    assert world.send(send_at=START - 1).state is State.received


# redials
def test_a_busy_line_is_tried_again_exactly_one_wait_after_the_end_of_the_call(world: World):
    world.plan(Outcome.busy, Outcome.no_answer, Outcome.delivered)
    world.send()
    world.advance()
    # Busy ends after 3 s of ringing, no answer after 45 s.
    assert attempts(world) == [
        ("busy", 3, 0),
        ("no_answer", 3 + 3 + 300, 0),
        ("delivered", 306 + 45 + 300, 1),
    ]
    assert world.history()[6:12] == [
        (6, "reporting"),
        (7, "waiting_redial"),
        (306, "retry_eligible"),
        (306, "waiting_line"),
        (306, "queued"),
        (306, "dialing"),
    ]


def test_a_fax_is_given_up_after_its_last_attempt(world: World):
    world.plan(Outcome.busy)
    world.send(max_attempts=2)
    world.advance()
    fax = world.fax()
    assert (fax.state, fax.outcome, len(fax.attempts)) == (State.failed, Outcome.busy, 2)


def test_what_the_vendor_does_not_redial_fails_at_once(world: World):
    world.plan(CallPlan(Outcome.line_error, pages=2, code="E42"))
    world.send(pages=3)
    world.advance()
    fax = world.fax()
    assert (fax.state, fax.outcome, fax.pages_sent, len(fax.attempts)) == (
        State.failed,
        Outcome.line_error,
        2,
        1,
    )


def test_each_attempt_sends_all_pages_anew(world: World):
    world.plan(CallPlan(Outcome.busy), CallPlan(pages=1), CallPlan())
    world.send(pages=2)
    world.advance()
    assert attempts(world) == [("busy", 3, 0), ("delivered", 306, 1)]


# documents
@pytest.mark.parametrize(("attempts_allowed", "made"), [(1, 1), (3, 3)])
def test_a_broken_document_fails_after_the_vendor_s_redials(world: World, attempts_allowed: int, made: int):
    world.send(problem="broken", max_attempts=attempts_allowed)
    world.advance()
    fax = world.fax()
    assert (fax.state, fax.outcome, len(fax.attempts)) == (State.failed, Outcome.conversion_failed, made)
    assert "dialing" not in world.states()


def test_a_conversion_that_is_not_redialled_leaves_no_attempt():
    world = World(acme(redials=frozenset()))
    world.send(problem="broken")
    world.advance()
    assert (world.fax().attempts, world.fax().state) == ((), State.failed)


def test_a_document_elsewhere_is_fetched_when_the_fax_is_rendered(world: World):
    world.network.documents[URL] = LETTER
    fax = world.send(source=fetched(URL), pages=0)
    assert world.network.fetches == []
    world.advance()
    fax = world.fax(fax)
    assert (fax.state, fax.pages, fax.pages_sent, fax.source) == (
        State.delivered, 1, 1, Source(Fetch(URL), status=200),
    )  # fmt: skip
    assert world.network.fetches == [URL]
    assert world.store.blob(world.sandbox.id, fax.document or "") == LETTER
    assert world.history()[:3] == [(0, "received"), (0.5, "rendering"), (1.5, "credit_check")]


def test_a_document_that_is_not_there_is_fetched_anew_at_each_redial(world: World):
    fax = world.send(source=fetched(URL), pages=0)
    world.advance(fax=fax.id, state="waiting_redial")
    assert world.fax().source == Source(Fetch(URL), status=404, error="bad_status")
    world.network.documents[URL] = LETTER
    world.advance()
    assert attempts(world) == [("fetch_failed", 1.5, 0), ("delivered", 303.5, 1)]
    assert world.network.fetches == [URL, URL]
    assert world.fax().source == Source(Fetch(URL), status=200)


def test_a_fetched_document_that_is_broken_is_fetched_anew_too(world: World):
    world.network.documents[URL] = b"%PDF-1.7 and no more"
    fax = world.send(source=fetched(URL), pages=0)
    world.advance(fax=fax.id, state="waiting_redial")
    assert (world.fax().outcome, world.fax().problem) == (Outcome.conversion_failed, "broken")
    world.network.documents[URL] = LETTER
    world.advance()
    fax = world.fax()
    assert (fax.state, fax.problem, fax.pages, fax.pages_sent) == (State.delivered, None, 1, 1)


def test_a_fax_that_is_cancelled_during_its_fetch_stays_cancelled(world: World):
    world.network.documents[URL] = LETTER
    fax = world.send(source=fetched(URL))
    world.network.when_called = lambda what: fetching(what) and world.cancel(fax)
    world.advance()
    assert world.states() == ["received", "rendering", "cancelled"]
    assert world.fax().leased_until is None


def test_a_fax_that_is_amended_during_its_fetch_keeps_both(world: World):
    world.network.documents[URL] = LETTER
    fax = world.send(source=fetched(URL))
    amend = partial(world.engine.amend, world.sandbox, fax.id)
    world.network.when_called = lambda what: fetching(what) and amend(details={"tag": 1})
    world.advance()
    assert (world.fax().state, world.fax().pages, world.fax().details) == (State.delivered, 1, {"tag": 1})


def test_an_error_of_ours_during_a_fetch_fails_the_fax_and_is_raised(world: World):
    def explode(what: object) -> None:
        if isinstance(what, Fetch):
            raise RuntimeError("a bug")

    world.network.when_called = explode
    world.send(source=fetched(URL), max_attempts=1)
    with pytest.raises(RuntimeError, match="a bug"):
        world.advance()
    world.advance()
    assert (world.fax().state, world.fax().problem) == (State.failed, "broken")


# money
def test_a_delivered_fax_is_charged_once_and_exactly(world: World):
    world.set(rates=Rates(page=PAGE), balance=1_000_000)
    fax = world.send(pages=3)
    world.advance()
    world.engine.amend(world.sandbox, fax.id, details={"seen": True})
    assert (world.fax().charged, world.engine.balance(world.sandbox.id, "acme")) == (
        3 * PAGE,
        1_000_000 - 3 * PAGE,
    )


def test_a_failed_fax_costs_nothing(world: World):
    world.set(rates=Rates(page=PAGE), balance=1_000_000)
    world.plan(CallPlan(Outcome.line_error, pages=1))
    world.send(pages=3)
    world.advance()
    assert world.engine.balance(world.sandbox.id, "acme") == 1_000_000


def test_a_fax_without_credit_is_held_until_the_balance_is_raised(world: World):
    world.set(rates=Rates(page=PAGE), balance=2 * PAGE)
    world.send(pages=3)
    world.advance()
    assert (world.fax().state, world.fax().outcome) == (State.credit_hold, Outcome.no_credit)
    world.set(balance=2 * PAGE + 1)
    world.advance()
    assert world.fax().state is State.credit_hold
    world.advance(by=10)
    world.set(balance=3 * PAGE)
    world.advance()
    assert (world.fax().state, world.fax().outcome) == (State.delivered, Outcome.delivered)
    assert (12, "waiting_line") in world.history()
    assert world.engine.balance(world.sandbox.id, "acme") == 0


def test_a_vendor_without_a_hold_fails_the_fax():
    world = World(acme(on_no_credit=Event.refuse))
    world.set(rates=Rates(page=PAGE), balance=0)
    world.send()
    world.advance()
    assert (world.fax().state, world.fax().outcome) == (State.failed, Outcome.no_credit)


def test_no_credit_can_be_scripted(world: World):
    world.plan(Outcome.no_credit)
    world.send()
    world.advance()
    assert world.states()[-1] == "credit_hold"


# cancel
def test_a_fax_that_rings_is_cut_short_by_a_cancel(world: World):
    fax = world.send()
    world.advance(by=4)
    world.cancel(fax)
    fax = world.fax()
    assert (fax.state, fax.outcome, fax.due_at, fax.held) == (State.cancelled, Outcome.cancelled, None, ())
    call = fax.attempts[0]
    assert (call.outcome, call.ring, call.duration, call.pages_sent) == (Outcome.cancelled, 1, 0, 0)


def test_a_fax_that_transmits_is_cut_short_by_a_cancel(world: World):
    fax = world.send(pages=3)
    world.advance(by=40)
    world.cancel(fax)
    call = world.fax().attempts[0]
    assert (call.outcome, call.ring, call.duration, call.pages_sent) == (Outcome.cancelled, 6, 31, 1)


def test_a_stuck_call_lasts_until_it_is_cancelled(world: World):
    world.plan(Outcome.stuck)
    fax = world.send()
    world.advance()
    world.advance(by=1000)
    world.cancel(fax)
    assert world.states()[-2:] == ["transmitting", "cancelled"]
    assert (world.fax().attempts[0].outcome, world.fax().attempts[0].duration) == (Outcome.cancelled, 1000)


def test_a_cancel_between_two_calls_leaves_the_first_as_it_was(world: World):
    world.plan(Outcome.busy)
    fax = world.send()
    world.advance(fax=fax.id, state="waiting_redial")
    world.cancel(fax)
    assert attempts(world) == [("busy", 3, 0)]
    assert world.states()[-2:] == ["waiting_redial", "cancelled"]


def test_a_cancel_outside_of_the_states_allowed_is_refused(world: World):
    fax = world.send()
    with pytest.raises(IllegalEvent, match="a fax that is received cannot be cancelled here"):
        world.engine.cancel(world.sandbox, fax.id, states=frozenset({State.waiting_redial}))
    assert world.fax() == fax


def test_a_cancel_of_an_unknown_fax_is_not_found(world: World):
    with pytest.raises(NotFound, match="no fax fax-9"):
        world.engine.cancel(world.sandbox, "fax-9")


# scenarios
def test_a_scripted_refusal_makes_no_fax(world: World):
    world.plan(http=HttpFault(refusal="restricted"))
    with pytest.raises(Refused) as refused:
        world.send()
    assert refused.value.fault == HttpFault(refusal="restricted")
    assert world.store.count(world.sandbox.id, "fax") == 0


@pytest.mark.parametrize(
    ("number", "state", "outcome", "calls"),
    [
        ("01", "delivered", "delivered", 1),
        ("02", "failed", "busy", 3),
        ("03", "failed", "no_answer", 3),
        ("04", "delivered", "delivered", 2),
        ("05", "failed", "line_error", 1),
        ("07", "failed", "not_fax", 1),
        ("08", "failed", "bad_number", 1),
        ("09", "failed", "circuits_busy", 1),
        ("10", "failed", "hangup", 1),
        ("11", "failed", "line_error", 1),
        ("12", "failed", "conversion_failed", 3),
        ("14", "transmitting", None, 1),
        ("15", "delivered", "delivered", 1),
    ],
)
def test_a_magic_number_ends_as_documented(
    world: World, number: str, state: str, outcome: str | None, calls: int
):
    world.send(f"1 500 555 00{number}", pages=2)
    world.advance()
    fax = world.fax()
    assert (fax.state, fax.outcome, len(fax.attempts), fax.scenario) == (
        state,
        outcome,
        calls,
        f"magic-{number}",
    )


@pytest.mark.parametrize(("number", "refusal"), [("06", "no_credit"), ("13", "restricted")])
def test_a_magic_number_is_refused_as_documented(world: World, number: str, refusal: str):
    with pytest.raises(Refused) as refused:
        world.send(f"+150055500{number}")
    assert refused.value.fault.refusal == refusal


# inbound
def test_an_inbound_fax_rings_is_received_and_arrives(world: World):
    fax = world.engine.ring(world.sandbox, Arrival("acme", to="+12125550199", sender="+12125550123", pages=2))
    world.advance()
    fax = world.fax(fax)
    assert world.states() == ["ringing", "receiving", "arrived"]
    assert (fax.direction, fax.pages_sent, fax.outcome, fax.attempts[0].csid) == (
        "inbound", 2, "delivered", "+12125550123",
    )  # fmt: skip


def test_an_inbound_call_that_breaks_off_fails_with_the_pages_that_came(world: World):
    fax = world.engine.ring(world.sandbox, Arrival("acme", to="+12125550199", sender="+15005550005", pages=3))
    world.advance()
    fax = world.fax(fax)
    assert (fax.state, fax.outcome, fax.pages_sent, fax.attempts[0].pages_sent) == (
        State.failed, Outcome.line_error, 1, 1,
    )  # fmt: skip
