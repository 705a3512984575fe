from __future__ import annotations

import pytest

from emulator.core.faxes.fax import Arrival
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan, HttpFault, Refused
from emulator.core.sandbox import Hook
from tests.core.world import HOOK, START, World, acme

FUNDED = [
    (0, "received"),
    (0.5, "rendering"),
    (1.5, "credit_check"),
    (2, "waiting_line"),
    (2.5, "queued"),
    (3, "dialing"),
]


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
    assert world.own.find("acme", "A1") == fax
    assert world.own.find("acme", "ref-7") == fax
    assert world.own.find("acme", "A2") is None


def test_a_hidden_fax_is_not_found_by_its_vendor_s_client(world: World):
    fax = world.send(vendor_id="A1")
    world.own.amend(fax.id, hidden=True)
    assert world.own.find("acme", "A1") is None
    assert world.own.store.list(type(fax), "acme/outbound") == []
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
    assert world.attempts() == [
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


def test_a_fax_may_spend_the_end_of_its_wait_eligible():
    world = World(acme(retry_eligible=20.0))
    world.plan(Outcome.busy, Outcome.delivered)
    world.send()
    world.advance()
    assert world.attempts() == [("busy", 3, 0), ("delivered", 3 + 3 + 300, 1)]
    assert world.history()[7:10] == [(7, "waiting_redial"), (286, "retry_eligible"), (306, "waiting_line")]


def test_a_first_call_has_the_id_that_was_taken_at_submit(world: World):
    world.plan(Outcome.busy, Outcome.delivered)
    taken = [world.own.store.next("call") for _ in range(2)]
    sent = [world.send(first_call=number) for number in taken]
    world.advance()
    assert [[call.id for call in world.fax(fax).attempts] for fax in sent] == [[1, 3], [2, 4]]


def test_a_fax_is_given_up_after_its_last_attempt(world: World):
    world.plan(Outcome.busy)
    world.send(max_attempts=2)
    world.advance()
    fax = world.fax()
    assert (fax.state, fax.outcome, len(fax.attempts)) == (State.failed, Outcome.busy, 2)


@pytest.mark.parametrize(
    ("by_default", "setting", "wanted", "calls"),
    [(1, 1, None, 4), (1, 3, None, 3), (1, 1, 2, 2), (3, 3, None, 3), (3, 1, None, 1)],
)
def test_a_vendor_that_makes_one_call_by_default_makes_those_of_the_scenario(
    by_default: int, setting: int, wanted: int | None, calls: int
):
    world = World(acme(settings={"max_attempts": by_default}))
    world.set(max_attempts=setting)
    world.plan(Outcome.busy, Outcome.busy, Outcome.no_answer, Outcome.delivered)
    world.send(max_attempts=wanted)
    world.advance()
    assert len(world.fax().attempts) == calls
    assert (world.fax().state is State.delivered) == (calls == 4)


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
    assert world.attempts() == [("busy", 3, 0), ("delivered", 306, 1)]


# scenarios
def test_a_scripted_refusal_makes_no_fax(world: World):
    world.plan(http=HttpFault(refusal="restricted"))
    with pytest.raises(Refused) as refused:
        world.send()
    assert refused.value.fault == HttpFault(refusal="restricted")
    assert world.own.store.count("fax") == 0


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
    fax = world.own.ring(Arrival("acme", to="+12125550199", sender="+12125550123", pages=2))
    world.advance()
    fax = world.fax(fax)
    assert world.states() == ["ringing", "receiving", "arrived"]
    assert (fax.direction, fax.pages_sent, fax.outcome, fax.attempts[0].csid) == (
        "inbound", 2, "delivered", "+12125550123",
    )  # fmt: skip


def test_an_inbound_call_that_breaks_off_fails_with_the_pages_that_came(world: World):
    fax = world.own.ring(Arrival("acme", to="+12125550199", sender="+15005550005", pages=3))
    world.advance()
    fax = world.fax(fax)
    assert (fax.state, fax.outcome, fax.pages_sent, fax.attempts[0].pages_sent) == (
        State.failed, Outcome.line_error, 1, 1,
    )  # fmt: skip
