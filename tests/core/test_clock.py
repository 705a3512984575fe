from __future__ import annotations

import pytest

from emulator.core.errors import Invalid
from emulator.core.sandbox import FASTEST, LATEST, Clock, Mode


def running(speed: float | None = 20.0) -> Clock:
    return Clock(mode=Mode.running, speed=speed, base=1000, real_base=50)


def test_a_running_clock_goes_at_its_speed():
    assert [running().now(real) for real in (50, 50.5, 51)] == [1000, 1010, 1020]


def test_a_manual_clock_stands():
    clock = Clock(mode=Mode.manual, base=1000, real_base=50)
    assert (clock.now(50), clock.now(5_000_000)) == (1000, 1000)
    assert clock.real_at(2000) is None


def test_a_clock_of_speed_max_ticks_like_a_real_one_and_reaches_everything_at_once():
    assert running(None).now(60) == 1010
    assert running(None).real_at(1e9) == 50


def test_a_clock_never_comes_to_what_lies_behind_the_end_of_time():
    assert running().real_at(LATEST + 1) is None
    assert running(None).real_at(LATEST + 1) is None


def test_a_clock_of_speed_0_stands_still():
    assert running(0).now(10_000) == 1000
    assert running(0).real_at(1001) is None


def test_time_does_not_go_back_when_the_machine_s_clock_does():
    assert running().now(10) == 1000


def test_a_running_clock_tells_when_it_will_show_an_instant():
    assert running().real_at(1010) == 50.5


def test_a_jump_goes_forward_only():
    assert running().jump(1500, 51).now(51) == 1500
    assert running().jump(900, 51).now(51) == 1020


def test_a_change_goes_on_from_the_present():
    changed = running().change(51, mode=Mode.manual)
    assert changed == Clock(mode=Mode.manual, speed=20, base=1020, real_base=51, version=2)
    faster = running().change(51, speed=None)
    assert (faster.speed, faster.now(51), faster.mode) == (None, 1020, Mode.running)


def test_the_present_can_be_set_to_a_later_instant_only():
    assert running().change(51, now=2000).now(51) == 2000
    with pytest.raises(Invalid, match="time never goes back") as wrong:
        running().change(51, now=1019.9)
    assert wrong.value.field == "now"


@pytest.mark.parametrize(
    "change", [{"speed": -1}, {"speed": FASTEST * 2}, {"speed": float("nan")}, {"now": LATEST + 1}]
)
def test_what_no_clock_can_show_is_refused(change: dict[str, float]):
    with pytest.raises(Invalid):
        running().change(51, **change)


def test_time_ends_where_dates_can_still_be_written():
    assert running(FASTEST).now(1e9) == LATEST
