"""Time on one axis: what is busy to scale, long waits folded."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from emulator.web.axis import Axis
from tests.receiver import Receiver
from tests.web.conftest import Tab
from tests.web.test_fax import shown


def test_what_is_busy_is_drawn_to_scale_and_a_long_wait_is_folded() -> None:
    axis = Axis([(0.0, 6.0), (306.0, 366.0)], [], 470.0)
    assert [each.folded for each in axis.stretches] == [False, True, False]
    second = (470.0 - 40.0) / 66.0
    assert axis.place(6.0) == pytest.approx(6 * second)
    assert axis.place(306.0) == pytest.approx(6 * second + 40.0)
    assert axis.place(366.0) == pytest.approx(470.0)
    assert axis.place(156.0) == pytest.approx(6 * second + 20.0)


@pytest.mark.parametrize("tries", [1, 2, 100, 1000])
def test_folds_never_take_more_than_half(tries: int) -> None:
    axis = Axis([(0.0, 60.0)], [60.0 + 1800.0 * number for number in range(1, tries + 1)], 470.0)
    assert len(axis.folds) == tries
    assert sum(each.right - each.left for each in axis.folds) <= 235.0 + 1e-6
    assert axis.place(60.0 + 1800.0 * tries) == pytest.approx(470.0)


@pytest.mark.parametrize("marks", [[5.0], [5.0, 5.0], [0.0, 86_400.0]])
def test_what_was_never_busy_is_drawn_too(marks: list[float]) -> None:
    axis = Axis([], marks, 470.0)
    assert axis.place(min(marks)) == 0.0
    assert axis.place(max(marks)) in (0.0, pytest.approx(470.0))


def test_instants_outside_are_drawn_at_the_ends() -> None:
    axis = Axis([(10.0, 20.0)], [], 100.0)
    assert (axis.place(0.0), axis.place(99.0)) == (0.0, 100.0)


def test_timeline_is_drawn_with_calls_and_tries_on_one_axis(tab: Tab, hooks: Receiver) -> None:
    hooks.answer(500)
    tab.control.vendor("ifax", max_attempts=2)
    page = shown(tab, count=3)
    titles = page.locator("#drawing .wide svg title")
    said = titles.evaluate_all("all => all.map(each => each.textContent)")
    assert sum(each.startswith("busy, ") for each in said) == 1
    drawn = [each.partition(",")[0] for each in said]
    assert [each for each in drawn if each in ("page 1", "2", "3")] == ["page 1", "2", "3"]
    assert sum("fax.sent, try" in each for each in said) == 2
    rows = page.locator("#drawing .wide .l-row").evaluate_all("all => all.map(each => each.textContent)")
    assert rows == ["Fax", "Call 1", "Call 2", "Webhook"]
    came = page.locator("#drawing .wide :is(.l-note, .l-try)")
    assert came.evaluate_all("all => all.map(each => each.textContent)") == ["busy", "500", "200"]
    bars = page.locator("#drawing .wide .bar.t-page")
    widths = [float(each.get_attribute("width") or 0) for each in bars.all()]
    assert widths[1] == pytest.approx(widths[2], abs=1)  # pages that last as long are as wide
    assert page.locator("#drawing .wide .fold").count() >= 1  # the five minutes between the calls
    assert page.locator("#drawing .wide [style]").count() == 0


def test_timeline_fits_a_phone(tab: Tab, hooks: Receiver) -> None:
    hooks.answer(500)
    tab.control.vendor("ifax", max_attempts=2)
    page = shown(tab, count=3)
    page.set_viewport_size({"width": 390, "height": 844})
    drawn = page.locator("#drawing .drawing:visible")
    expect(drawn).to_have_count(1)
    assert drawn.evaluate("each => each.scrollWidth <= each.clientWidth")
    letters = drawn.locator("text").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert min(letters) >= 10  # not made small
