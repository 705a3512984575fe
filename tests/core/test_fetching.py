from __future__ import annotations

from functools import partial

import pytest

from emulator.core.faxes.fax import Source
from emulator.core.faxes.machine import State
from emulator.core.faxes.outcomes import Outcome
from emulator.core.message import Fetch, Message
from tests.core.world import World, acme

URL = "http://files.test/letter.txt"
LETTER = b"Dear Sir"


def fetched(*addresses: str) -> Source:
    first, *more = (Fetch(address) for address in addresses)
    return Source(first, more=tuple(more))


def fetching(what: Message | Fetch) -> bool:
    return isinstance(what, Fetch)


@pytest.mark.parametrize(("attempts_allowed", "made"), [(1, 1), (3, 3)])
def test_a_broken_document_fails_after_the_vendor_s_redials(world: World, attempts_allowed: int, made: int):
    world.send(problem="broken", max_attempts=attempts_allowed)
    world.advance()
    fax = world.fax()
    assert (fax.state, fax.outcome, len(fax.attempts)) == (State.failed, Outcome.conversion_failed, made)
    assert "dialing" not in world.states()


def test_a_conversion_that_is_not_redialled_leaves_no_attempt():
    world = World(acme(redials=frozenset()))
    world.send(problem="broken")
    world.advance()
    assert (world.fax().attempts, world.fax().state) == ((), State.failed)


def test_a_document_elsewhere_is_fetched_when_the_fax_is_rendered(world: World):
    world.network.documents[URL] = LETTER
    fax = world.send(source=fetched(URL), pages=0)
    assert world.network.fetches == []
    world.advance()
    fax = world.fax(fax)
    assert (fax.state, fax.pages, fax.pages_sent, fax.source) == (
        State.delivered, 1, 1, Source(Fetch(URL), status=200),
    )  # fmt: skip
    assert world.network.fetches == [URL]
    assert world.own.store.blob(fax.document or "") == LETTER
    assert world.history()[:3] == [(0, "received"), (0.5, "rendering"), (1.5, "credit_check")]


def test_a_document_that_is_not_there_is_fetched_anew_at_each_redial(world: World):
    fax = world.send(source=fetched(URL), pages=0)
    world.advance(fax=fax.id, state="waiting_redial")
    assert world.fax().source == Source(Fetch(URL), status=404, error="bad_status")
    world.network.documents[URL] = LETTER
    world.advance()
    assert world.attempts() == [("fetch_failed", 1.5, 0), ("delivered", 303.5, 1)]
    assert world.network.fetches == [URL, URL]
    assert world.fax().source == Source(Fetch(URL), status=200)


def test_a_fetched_document_that_is_broken_is_fetched_anew_too(world: World):
    world.network.documents[URL] = b"%PDF-1.7 and no more"
    fax = world.send(source=fetched(URL), pages=0)
    world.advance(fax=fax.id, state="waiting_redial")
    assert (world.fax().outcome, world.fax().problem) == (Outcome.conversion_failed, "broken")
    world.network.documents[URL] = LETTER
    world.advance()
    fax = world.fax()
    assert (fax.state, fax.problem, fax.pages, fax.pages_sent) == (State.delivered, None, 1, 1)


def test_a_fax_that_is_cancelled_during_its_fetch_stays_cancelled(world: World):
    world.network.documents[URL] = LETTER
    fax = world.send(source=fetched(URL))
    world.network.when_called = lambda what: fetching(what) and world.cancel(fax)
    world.advance()
    assert world.states() == ["received", "rendering", "cancelled"]
    assert world.fax().leased_until is None


def test_a_fax_that_is_amended_during_its_fetch_keeps_both(world: World):
    world.network.documents[URL] = LETTER
    fax = world.send(source=fetched(URL))
    amend = partial(world.own.amend, fax.id)
    world.network.when_called = lambda what: fetching(what) and amend(details={"tag": 1})
    world.advance()
    assert (world.fax().state, world.fax().pages, world.fax().details) == (State.delivered, 1, {"tag": 1})


def test_an_error_of_ours_during_a_fetch_fails_the_fax_and_is_raised(world: World):
    def explode(what: object) -> None:
        if isinstance(what, Fetch):
            raise RuntimeError("a bug")

    world.network.when_called = explode
    world.send(source=fetched(URL), max_attempts=1)
    with pytest.raises(RuntimeError, match="a bug"):
        world.advance()
    world.advance()
    assert (world.fax().state, world.fax().problem) == (State.failed, "broken")
