"""What a vendor may ask while a call waits: money that must be there, a document from outside."""

from __future__ import annotations

import pytest

from emulator.core.dialect.moment import Moment
from emulator.core.engine.engine import Engine
from emulator.core.errors import LimitReached
from emulator.core.message import Fetch, FetchFailed, Trouble
from tests.core.world import World, acme


def at_submit(moment: Moment) -> int:
    """Ask 0.40 when a fax is accepted."""
    return 400_000 if moment.before is None else 0


def test_prepaid_fax_is_refused_whole_when_the_balance_does_not_suffice():
    world = World(acme(charge=at_submit, prepaid=True))
    world.send("+12125550123")
    world.send("+12125550123")
    with pytest.raises(LimitReached):
        world.send("+12125550123")
    assert world.own.balance("acme") == 200_000
    assert world.own.store.count("fax") == 2


def test_price_that_is_not_prepaid_may_take_the_balance_below_zero():
    world = World(acme(charge=at_submit))
    for _ in range(3):
        world.send("+12125550123")
    assert world.own.balance("acme") == -200_000


def test_document_is_fetched_by_the_way_out_that_the_player_has():
    world = World()
    world.network.documents["http://files.test/a.pdf"] = b"content"
    assert world.own.fetch(Fetch("http://files.test/a.pdf")).content == b"content"


def test_engine_without_a_way_out_fetches_nothing():
    world = World()
    alone = Engine(world.store, {}, real=world.real)
    with pytest.raises(FetchFailed) as failure:
        alone.fetch(Fetch("http://files.test/a.pdf"))
    assert failure.value.reason is Trouble.refused
