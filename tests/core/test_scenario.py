"""Which scenarios of a shared list are looked at for a number."""

from __future__ import annotations

from emulator.core.scripting.scenario import Candidate, Match, Scenario, Shelf, share
from tests.core.world import World, acme


def test_a_shelf_gives_in_order_those_for_the_number_and_those_for_any() -> None:
    exact, any_number = Scenario("exact", match=Match(to="+12125550123")), Scenario("any")
    pattern, other = Scenario("pattern", match=Match(to="+1212*")), Scenario("other", match=Match(to="+1"))
    shelf = Shelf([pattern, exact, other, any_number])
    assert shelf.of("+12125550123") == [pattern, exact, any_number]
    assert shelf.of("+12125550199") == [pattern, any_number]
    assert shelf.of("") == [pattern, any_number]


def test_a_list_that_has_changed_is_read_anew() -> None:
    world = World(acme())
    found = [Scenario("first", match=Match(to="+12125550123"))]
    source = share(lambda: tuple(found))
    fax = Candidate("acme", "outbound", "+12125550123", "", 1)
    assert source(world.own, fax) == found[0]
    found[:] = [Scenario("second")]
    assert source(world.own, fax) == found[0]
