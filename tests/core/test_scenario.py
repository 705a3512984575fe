"""Which scenarios of a shared list are looked at for a number."""

from __future__ import annotations

from emulator.core.scripting.scenario import Match, Scenario, Shelf


def test_a_shelf_gives_in_order_those_for_the_number_and_those_for_any() -> None:
    exact, any_number = Scenario("exact", match=Match(to="+12125550123")), Scenario("any")
    pattern, other = Scenario("pattern", match=Match(to="+1212*")), Scenario("other", match=Match(to="+1"))
    shelf = Shelf([pattern, exact, other, any_number])
    assert shelf.of("+12125550123") == [pattern, exact, any_number]
    assert shelf.of("+12125550199") == [pattern, any_number]
    assert shelf.of("") == [pattern, any_number]
