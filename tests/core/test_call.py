from __future__ import annotations

import pytest

from emulator.core.faxes.call import Attempt, place_call, setup_time
from emulator.core.faxes.outcomes import Outcome
from emulator.core.faxes.plan import CallPlan


def call(
    plan: CallPlan, pages: int = 3, resolution: str = "fine", page_bytes: tuple[int, ...] = ()
) -> Attempt:
    return place_call(
        plan,
        number=1,
        pages=pages,
        resolution=resolution,
        started_at=1000,
        csid="+12125550123",
        page_bytes=page_bytes,
    )


def test_a_delivered_call_adds_up_from_set_up_pages_gaps_and_release():
    assert call(CallPlan()) == Attempt(
        number=1,
        outcome=Outcome.delivered,
        started_at=1000,
        ring=6,
        duration=71.0,  # 12 + 3 * 15.833 + 2 * 4 + 3.5
        pages_planned=3,
        speed=14_400,
        ecm=True,
        csid="+12125550123",
        pages_at=(27.833, 47.667, 67.5),
    )


@pytest.mark.parametrize(
    ("speed", "resolution", "page"),
    [
        (14_400, "standard", 10.486),
        (14_400, "fine", 15.833),
        (9_600, "fine", 23.75),
        (14_400, "unheard", 10.486),
    ],
)
def test_a_page_takes_its_bits_at_the_speed(speed: int, resolution: str, page: float):
    assert call(CallPlan(speed=speed), 1, resolution).duration == pytest.approx(12 + page + 3.5, abs=0.001)


def test_a_call_above_14400_has_the_short_overheads_of_v34():
    assert call(CallPlan(speed=33_600), 2).duration == pytest.approx(6 + 2 * 6.786 + 1 + 1, abs=0.001)


@pytest.mark.parametrize(
    ("page_bytes", "speed", "seconds"),
    [
        ((18_000, 200), 14_400, (10.486, 10.486)),
        ((36_000, 200), 14_400, (20.0, 10.486)),
        ((36_000, 200), 9_600, (30.0, 15.729)),
        ((10**7, 45_000), 14_400, (360.0, 25.0)),
        ((10**7, 45_000), 300, (503.333, 503.333)),
        ((54_000,), 14_400, (30.0, 30.0)),
    ],
    ids=["ordinary", "dense", "dense and slow", "bounded", "slower than the bound", "the rest is alike"],
)
def test_a_page_of_more_bits_than_an_ordinary_one_takes_longer(
    page_bytes: tuple[int, ...], speed: int, seconds: tuple[float, ...]
):
    made = call(CallPlan(speed=speed), 2, "standard", page_bytes)
    first, second = made.pages_at
    assert (first - 12, second - first - 4) == pytest.approx(seconds, abs=0.002)
    assert call(CallPlan(speed=speed, per_page=5), 2, "standard", page_bytes).duration == 12 + 5 + 4 + 5 + 3.5


def test_a_call_that_breaks_off_does_so_half_way_through_the_page_as_it_is():
    made = call(CallPlan(Outcome.line_error, pages=1), 2, "standard", (200, 36_000))
    assert made.duration == pytest.approx(12 + 10.486 + 4 + 20 / 2, abs=0.001)


@pytest.mark.parametrize(
    ("outcome", "ring", "duration"),
    [
        (Outcome.busy, 3, 0),
        (Outcome.no_answer, 45, 0),
        (Outcome.bad_number, 2, 0),
        (Outcome.circuits_busy, 2, 0),
        (Outcome.not_fax, 6, 35),
    ],
)
def test_a_call_that_meets_no_fax_machine_sends_nothing(outcome: Outcome, ring: float, duration: float):
    made = call(CallPlan(outcome))
    assert made == Attempt(1, outcome, 1000, ring, duration)
    assert made.ended_at == 1000 + ring + duration


def test_pages_sent_before_a_line_error_are_confirmed_and_the_next_one_breaks_off_half_way():
    made = call(CallPlan(Outcome.line_error, pages=1))
    assert made.pages_at == (27.833,)
    assert made.duration == pytest.approx(27.833 + 4 + 15.833 / 2, abs=0.001)


def test_a_line_error_without_pages_breaks_off_in_the_first():
    made = call(CallPlan(Outcome.line_error))
    assert (made.pages_at, made.duration) == ((), pytest.approx(12 + 15.833 / 2, abs=0.001))


def test_a_hang_up_ends_a_second_after_the_last_page():
    made = call(CallPlan(Outcome.hangup, pages=2))
    assert made.duration == made.pages_at[-1] + 1


def test_no_more_pages_are_sent_than_there_are():
    assert len(call(CallPlan(pages=9)).pages_at) == 3


def test_options_of_the_plan_replace_the_model():
    plan = CallPlan(
        ring=1, setup=2, per_page=3, speed=9_600, csid="A station id of more than twenty", ecm=False, code="X"
    )
    assert call(plan, 1) == Attempt(
        number=1,
        outcome=Outcome.delivered,
        started_at=1000,
        ring=1,
        duration=8.5,
        pages_planned=1,
        speed=9_600,
        ecm=False,
        csid="A station id of more",
        code="X",
        pages_at=(5,),
    )


def test_pace_stretches_every_duration():
    slow, usual = call(CallPlan(pace=10)), call(CallPlan())
    assert (slow.ring, slow.duration) == (usual.ring * 10, pytest.approx(usual.duration * 10, abs=0.01))
    assert slow.pages_at == pytest.approx([10 * at for at in usual.pages_at], abs=0.01)


@pytest.mark.parametrize(
    ("plan", "seconds"),
    [
        (CallPlan(), 12),
        (CallPlan(speed=33_600), 6),
        (CallPlan(setup=20), 20),
        (CallPlan(setup=20, pace=2), 40),
    ],
)
def test_the_set_up_is_the_plans_or_that_of_its_speed(plan: CallPlan, seconds: float):
    assert setup_time(plan) == seconds
    assert call(plan).pages_at[0] > seconds
