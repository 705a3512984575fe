"""Writes that are held back over Redis while other processes write: all of them stand, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from emulator.core.dialect.vendor import Moment, Vendor
from emulator.core.engine.courier import at_once
from emulator.core.errors import NotFound, Overtaken
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.sandboxes.clock import Mode
from emulator.core.sandboxes.sandbox import Settings
from emulator.core.storage.store import Add
from emulator.stores.redis import RedisStore
from tests.core.world import World, acme
from tests.stores.redis_server import RedisServer
from tests.stores.things import BOX, after, fax, sandbox


@pytest.fixture
def one(redis: RedisServer) -> Iterator[RedisStore]:
    store = RedisStore(redis.url)
    store.create(sandbox(), (fax(1, due_at=1.0), Settings(id="acme")), (Add("n", 5),))
    yield store
    store.close()


@pytest.fixture
def other(redis: RedisServer, one: RedisStore) -> Iterator[RedisStore]:
    store = RedisStore(redis.url)
    yield store
    store.close()


def step(store: RedisStore) -> None:
    """Do what steps do: look at settings and counters, take a number, move a fax."""
    assert store.get(BOX, Settings, "acme") is not None
    item = store.get(BOX, Fax, "fax-1")
    store.next(BOX, "calls")
    store.commit(
        BOX, (after(item, state=State.dialing, due_at=2.0), fax(2)), adds=(Add("n", -1, at_least=0),)
    )


OTHERS: dict[str, Callable[[RedisStore], object]] = {
    "the same fax": lambda store: store.commit(BOX, (after(fax(1, due_at=1.0), pages=7),)),
    "a fax of the same id": lambda store: store.commit(BOX, (fax(2, pages=7),)),
    "settings": lambda store: store.commit(BOX, (after(Settings(id="acme")),)),
    "a counter": lambda store: store.commit(BOX, adds=(Add("n", -5),)),
    "a number": lambda store: store.next(BOX, "calls"),
}


@pytest.mark.parametrize("who", OTHERS)
def test_when_another_process_came_between_nothing_of_it_is_written(
    one: RedisStore, other: RedisStore, who: str
):
    done: list[str] = []

    def play() -> None:
        step(one)
        one.afterwards(lambda: done.append("told"))
        OTHERS[who](other)

    with pytest.raises(Overtaken), one.together(BOX):
        play()
    assert (done, one.count(BOX, "fax"), one.get(BOX, Fax, "fax-2")) == (
        [],
        2 if "id" in who else 1,
        fax(2, pages=7) if "id" in who else None,
    )
    kept = one.get(BOX, Fax, "fax-1")
    assert kept is not None
    assert kept.state is State.received


def test_what_other_processes_do_elsewhere_in_the_sandbox_is_no_hindrance(one: RedisStore, other: RedisStore):
    with one.together(BOX):
        step(one)
        other.commit(BOX, (fax(3),), adds=(Add("n", -1), Add("m", 1)))
        other.next(BOX, "fax")
    assert (one.count(BOX, "fax"), one.numbers(BOX)) == (3, {"n": 3, "m": 1, "calls": 1, "fax": 1})


def test_a_sandbox_that_is_removed_meanwhile_is_not_found(one: RedisStore, other: RedisStore):
    def play() -> None:
        step(one)
        other.remove(BOX)

    with pytest.raises(NotFound), one.together(BOX):
        play()


def disturbed_by(other: RedisStore) -> Vendor:
    """Make a vendor at whose first call another process changes the fax."""
    done: list[str] = []

    def disturb(moment: Moment) -> int:
        if moment.fax.state is State.dialing and not done:
            stored = other.get(moment.sandbox.id, Fax, moment.fax.id)
            other.commit(moment.sandbox.id, (after(stored, details={"note": "of another"}),))
            done.append(moment.fax.id)
        return 0

    return acme(charge=disturb)


def test_steps_that_were_overtaken_are_played_again_and_nobody_s_change_is_lost(
    one: RedisStore, other: RedisStore
):
    world = World(disturbed_by(other), store=one)
    sent = world.send()
    played = world.advance()
    ended = one.get(world.sandbox.id, Fax, sent.id)
    assert (ended.state, ended.details) == (State.delivered, {"note": "of another"})
    assert [entry.entry for entry in played] == list(ended.timeline[1:])


def test_a_running_clock_plays_one_step_after_it_was_overtaken_and_then_the_others(
    one: RedisStore, other: RedisStore
):
    world = World(disturbed_by(other), store=one)
    world.sandbox = world.make(mode=Mode.running, speed=1.0)
    sent = world.send()
    world.real.pass_(3600)
    states = []
    for _ in range(2):
        assert world.player.play_due(world.sandbox.id, at_once)
        states.append(one.get(world.sandbox.id, Fax, sent.id).state)
    assert states == [State.rendering, State.delivered]
    assert one.get(world.sandbox.id, Fax, sent.id).details == {"note": "of another"}


def test_a_server_that_has_forgotten_the_scripts_is_told_them_again(redis: RedisServer, one: RedisStore):
    redis.client.script_flush()
    with one.together(BOX):
        step(one)
    assert one.count(BOX, "fax") == 2


def test_counters_that_are_too_many_to_be_read_at_once_count_all_the_same(one: RedisStore):
    one.commit(BOX, adds=[Add(f"nth/{number}", number) for number in range(600)])
    with one.reading():
        assert (one.sandbox(BOX), one.number(BOX, "nth/599"), one.number(BOX, "none")) == (sandbox(), 599, 0)
    with one.together(BOX):
        step(one)
        assert (one.number(BOX, "n"), one.next(BOX, "nth/7")) == (4, 8)
    assert (one.number(BOX, "n"), one.number(BOX, "nth/7"), one.number(BOX, "calls")) == (4, 8, 1)
