"""A vendor makes one document of those that were fetched for a fax."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.core.dialect.moment import Moment
from emulator.core.faxes.fax import Source
from emulator.core.faxes.machine import State
from emulator.core.message import Fetch, Fetched
from emulator.documents import Inspection
from tests.core.world import World, acme

FIRST, SECOND = "http://files.test/1", "http://files.test/2"


def joined(moment: Moment, got: Sequence[Fetched]) -> Inspection:
    return moment.world.keep(b"\f".join(each.content for each in got))


def test_a_vendor_joins_what_was_fetched():
    world = World(acme(assemble=joined))
    world.network.documents |= {FIRST: b"one", SECOND: b"two"}
    world.send(source=Source(Fetch(FIRST), more=(Fetch(SECOND),)))
    world.advance()
    fax = world.fax()
    assert world.network.fetches == [FIRST, SECOND]
    assert world.own.store.blob(fax.document or "") == b"one\ftwo"
    assert (fax.state, fax.pages) == (State.delivered, 2)


def test_one_document_that_is_not_there_fails_them_all():
    world = World(acme(assemble=joined, redials=frozenset()))
    world.network.documents[FIRST] = b"one"
    world.send(source=Source(Fetch(FIRST), more=(Fetch(SECOND),)))
    world.advance()
    fax = world.fax()
    assert (fax.state, fax.outcome, fax.document) == (State.failed, "fetch_failed", None)
