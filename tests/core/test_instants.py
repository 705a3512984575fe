from __future__ import annotations

import pytest

from emulator.core.engine.player import Target
from tests.core.world import World


@pytest.mark.parametrize("thousandth", range(0, 1000, 37))
def test_small_advances_that_add_up_to_an_instant_play_what_is_due_there(world: World, thousandth: int):
    world.real.pass_(thousandth / 1000)
    sandbox = world.make()
    world.sandbox = sandbox
    fax = world.send()
    for step in (0.4, 0.1):
        world.player.advance(sandbox.id, Target(by=step))
    assert world.fax(fax).state.value == "rendering"
