"""Writes that are held back over Redis while other processes write: all of them stand, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from emulator.core.dialect.moment import Moment
from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.courier import at_once
from emulator.core.errors import NotFound, Overtaken
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.item import Add
from emulator.core.sandbox import Mode, Settings
from emulator.core.storage.store import SandboxStore
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


@pytest.fixture
def box(one: RedisStore) -> SandboxStore:
    """The sandbox as the first process has it."""
    return one.of(BOX)


@pytest.fixture
def theirs(other: RedisStore) -> SandboxStore:
    """The sandbox as the other process has it."""
    return other.of(BOX)


def step(box: SandboxStore) -> None:
    """Do what steps do: look at settings and counters, take a number, move a fax."""
    assert box.get(Settings, "acme") is not None
    item = box.get(Fax, "fax-1")
    box.next("calls")
    moved = after(item, state=State.dialing, due_at=2.0)
    box.commit((moved, fax(2)), adds=(Add("n", -1, at_least=0),))


OTHERS: dict[str, Callable[[SandboxStore], object]] = {
    "the same fax": lambda box: box.commit((after(fax(1, due_at=1.0), pages=7),)),
    "a fax of the same id": lambda box: box.commit((fax(2, pages=7),)),
    "settings": lambda box: box.commit((after(Settings(id="acme")),)),
    "a counter": lambda box: box.commit(adds=(Add("n", -5),)),
    "a number": lambda box: box.next("calls"),
}


@pytest.mark.parametrize("who", OTHERS)
def test_when_another_process_came_between_nothing_of_it_is_written(
    one: RedisStore, box: SandboxStore, theirs: SandboxStore, who: str
):
    done: list[str] = []

    def play() -> None:
        step(box)
        one.afterwards(lambda: done.append("told"))
        OTHERS[who](theirs)

    with pytest.raises(Overtaken), box.together():
        play()
    assert (done, box.count("fax"), box.get(Fax, "fax-2")) == (
        [],
        2 if "id" in who else 1,
        fax(2, pages=7) if "id" in who else None,
    )
    kept = box.get(Fax, "fax-1")
    assert kept is not None
    assert kept.state is State.received


def test_what_other_processes_do_elsewhere_in_the_sandbox_is_no_hindrance(
    box: SandboxStore, theirs: SandboxStore
):
    with box.together():
        step(box)
        theirs.commit((fax(3),), adds=(Add("n", -1), Add("m", 1)))
        theirs.next("fax")
    assert (box.count("fax"), box.numbers()) == (3, {"n": 3, "m": 1, "calls": 1, "fax": 1})


def test_a_sandbox_that_is_removed_meanwhile_is_not_found(other: RedisStore, box: SandboxStore):
    def play() -> None:
        step(box)
        other.remove(BOX)

    with pytest.raises(NotFound), box.together():
        play()


def disturbed_by(other: RedisStore) -> Vendor:
    """Make a vendor at whose first call another process changes the fax."""
    done: list[str] = []

    def disturb(moment: Moment) -> int:
        if moment.fax.state is State.dialing and not done:
            stored = other.of(moment.world.id).get(Fax, moment.fax.id)
            other.of(moment.world.id).commit((after(stored, details={"note": "of another"}),))
            done.append(moment.fax.id)
        return 0

    return acme(charge=disturb)


def test_steps_that_were_overtaken_are_played_again_and_nobody_s_change_is_lost(
    one: RedisStore, other: RedisStore
):
    world = World(disturbed_by(other), store=one)
    sent = world.send()
    played = world.advance()
    ended = one.of(world.sandbox.id).get(Fax, sent.id)
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
        states.append(one.of(world.sandbox.id).get(Fax, sent.id).state)
    assert states == [State.rendering, State.delivered]
    assert one.of(world.sandbox.id).get(Fax, sent.id).details == {"note": "of another"}


def test_a_server_that_has_forgotten_the_scripts_is_told_them_again(redis: RedisServer, box: SandboxStore):
    redis.client.script_flush()
    with box.together():
        step(box)
    assert box.count("fax") == 2


def test_counters_that_are_too_many_to_be_read_at_once_count_all_the_same(one: RedisStore, box: SandboxStore):
    box.commit(adds=[Add(f"nth/{number}", number) for number in range(600)])
    with one.reading():
        assert (box.sandbox, box.number("nth/599"), box.number("none")) == (sandbox(), 599, 0)
    with box.together():
        step(box)
        assert (box.number("n"), box.next("nth/7")) == (4, 8)
    assert (box.number("n"), box.number("nth/7"), box.number("calls")) == (4, 8, 1)
