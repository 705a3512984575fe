"""The faxes of one call: all of them are accepted, or none."""

from __future__ import annotations

import pytest

from emulator.core.errors import Conflict
from emulator.core.faxes.fax import Fax, Submission
from emulator.core.sandbox import Hook
from tests.core.world import HOOK, World


def submissions(*numbers: str) -> list[Submission]:
    return [Submission("acme", number, pages=1) for number in numbers]


def test_a_prepared_fax_is_nowhere_until_it_is_accepted(world: World):
    new = [world.own.prepare(each) for each in submissions("+12125550123", "+12125550124")]
    assert world.own.store.count("fax") == 0
    accepted = world.own.accept(new)
    assert [fax.to for fax in accepted] == ["+12125550123", "+12125550124"]
    assert [world.fax(fax) for fax in accepted] == accepted


def test_of_faxes_that_cannot_all_be_stored_none_is(world: World):
    world.set(outbound=Hook(HOOK), profile={"all": True})
    first, second = (world.own.prepare(each) for each in submissions("+12125550123", "+12125550124"))
    world.own.accept([second])
    with pytest.raises(Conflict):
        world.own.accept([first, second])
    assert [fax.to for fax in world.own.store.list(Fax, "fax")] == ["+12125550124"]
    assert {each.fax for each in world.own.store.items() if each.kind == "delivery"} == {"fax-2"}


def test_no_faxes_are_accepted_as_none(world: World):
    assert world.own.accept([]) == []
