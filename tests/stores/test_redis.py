"""What is Redis's own: several processes over one server, and a server that is away, full or slow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, Queue

import pytest
import redis.exceptions

from emulator.core.errors import Conflict, Unavailable
from emulator.core.faxes.fax import Entry, Fax
from emulator.core.item import Record
from emulator.core.storage.codec import pack, unpack
from emulator.core.storage.store import SandboxStore
from emulator.stores.redis import RedisStore, schema
from emulator.stores.redis.client import RedisClient
from emulator.stores.redis.commands import sandbox_script
from emulator.stores.redis.squeezing import expand
from tests.stores.redis_server import RedisServer
from tests.stores.things import BOX, after, fax, sandbox

LIFE = 0.3


@pytest.fixture
def open_store(redis: RedisServer) -> Iterator[Callable[..., RedisStore]]:
    """Open stores over one server, as several processes do."""
    opened: list[RedisStore] = []

    def opening(life: float = LIFE) -> RedisStore:
        opened.append(RedisStore(redis.url, lock_life=life))
        return opened[-1]

    yield opening

    for store in opened:
        store.close()


@pytest.fixture
def one(open_store: Callable[[], RedisStore]) -> RedisStore:
    store = open_store()
    store.create(sandbox(), ())
    return store


@pytest.fixture
def box(one: RedisStore) -> SandboxStore:
    return one.of(BOX)


@pytest.fixture
def other(one: RedisStore, open_store: Callable[[], RedisStore]) -> RedisStore:
    return open_store()


# several processes
def test_what_one_process_writes_another_reads(one: RedisStore, other: RedisStore):
    one.bind("acme/key", BOX)
    one.of(BOX).commit((fax(due_at=2.0),))
    assert other.bound("acme/key") == BOX
    assert other.of(BOX).list(Fax, "fax") == [fax(due_at=2.0)]
    with pytest.raises(Conflict):
        other.of(BOX).commit((fax(),))


def test_another_process_is_told_when_something_becomes_due(one: RedisStore, other: RedisStore):
    told: Queue[str] = Queue()
    other.on_due(told.put)
    one.of(BOX).commit((fax(due_at=2.0),))
    assert told.get(timeout=10) == BOX


def test_the_record_of_a_sandbox_costs_no_trip_while_its_writes_are_held_back(
    one: RedisStore, box: SandboxStore, monkeypatch: pytest.MonkeyPatch
):
    with box.together():
        box.commit((fax(due_at=2.0),))
        assert box.list(Fax, "fax")  # for this it was written, and what was read is forgotten
        monkeypatch.setattr(RedisClient, "send", lambda *commands: pytest.fail(f"sent {commands}"))
        assert box.sandbox == sandbox()
        monkeypatch.undo()


def test_a_process_whose_connections_were_cut_looks_at_every_sandbox(
    redis: RedisServer, one: RedisStore, other: RedisStore
):
    told: Queue[str] = Queue()
    other.on_due(told.put)
    redis.cut()
    assert told.get(timeout=10) == BOX
    one.of(BOX).commit((fax(due_at=2.0),))
    assert told.get(timeout=10) == BOX


def test_a_lock_is_held_against_other_processes(one: RedisStore, other: RedisStore):
    with one.of(BOX).exclusive("play", wait=0) as mine, other.of(BOX).exclusive("play", wait=0) as theirs:
        assert (mine, theirs) == (True, False)
    with other.of(BOX).exclusive("play", wait=0) as theirs:
        assert theirs


def test_a_lock_that_is_held_for_long_is_renewed(one: RedisStore, open_store: Callable[..., RedisStore]):
    life = 1.5  # a slow machine renews it in time too
    holder = open_store(life)
    with holder.of(BOX).exclusive("play", wait=0), one.of(BOX).exclusive("play", wait=life + 0.5) as theirs:
        assert not theirs


def test_who_missed_a_lock_is_told_when_its_holder_has_died(
    redis: RedisServer, one: RedisStore, other: RedisStore
):
    told: Queue[str] = Queue()
    other.on_due(told.put)
    redis.client.set(f"localfax:{{{BOX}}}:lock:play", "of one that died", px=round(LIFE * 1000))
    with other.of(BOX).exclusive("play", wait=0) as theirs:
        assert not theirs
    assert told.get(timeout=10) == BOX
    with other.of(BOX).exclusive("play", wait=0) as theirs:
        assert theirs


def test_who_let_a_lock_go_does_not_tell_when_nobody_wanted_it(one: RedisStore, other: RedisStore):
    told: Queue[str] = Queue()
    other.on_due(told.put)
    with one.of(BOX).exclusive("play", wait=0):
        pass
    one.create(sandbox("marker"), ())
    assert told.get(timeout=10) == "marker"


def test_a_sandbox_that_a_process_died_over_is_not_listed(redis: RedisServer, one: RedisStore):
    redis.client.zadd("localfax:sandboxes", {"a": 0, "z": 0})
    assert [each.id for each in one.sandboxes()] == [BOX]
    assert one.sandboxes(after=BOX) == []


def test_all_of_a_sandbox_has_one_hash_tag_and_nothing_is_left_of_it(
    redis: RedisServer, one: RedisStore, box: SandboxStore
):
    one.bind("acme/key", BOX)
    box.commit((fax(due_at=2.0, names=("A1",)), Record(id="r", group="g")))
    box.put_blob("d", b"content")
    box.log("requests", {})
    box.next("n")
    names = {key.decode() for key in redis.client.scan_iter()}
    shared = {"localfax:sandboxes", "localfax:used", "localfax:bound:acme/key"}
    register = {"localfax:{documents}:order", "localfax:{documents}:sizes"}
    assert all(name.startswith("localfax:{box}") for name in names - shared - register)
    one.remove(BOX)
    assert list(redis.client.scan_iter()) == [b"localfax:{documents}:sizes"]
    assert redis.client.hget("localfax:{documents}:sizes", b"\xfftotal") == b"0"


# names
@pytest.mark.parametrize("name", ["Ärger", "a}b", "{", "line\nbreak", "\x00", "\ud800", "%s", ""])
def test_any_text_may_name_things(one: RedisStore, box: SandboxStore, name: str):
    item = Record(id=f"id {name}", group=name, names=(name,), data={name: name})
    box.commit((item,))
    assert box.get(Record, item.id) == box.find(Record, name) == item
    assert box.list(Record, name) == [item]
    assert box.count(name) == 1
    one.bind(f"acme/{name}", BOX)
    assert one.bound(f"acme/{name}") == BOX


def test_no_name_of_a_list_runs_into_another(one: RedisStore):
    names = ["a", "a\x00", "a/", "a\x7f", "aÿ", "b"]
    one.of(BOX).commit([Record(id=str(place), group=name) for place, name in enumerate(names)])
    assert [one.of(BOX).count(name) for name in names] == [1] * len(names)


# trouble
CALLS: dict[str, Callable[[RedisStore], object]] = {
    "read": lambda store: store.of(BOX).get(Fax, "fax-1"),
    "write": lambda store: store.of(BOX).commit((fax(),)),
    "list": lambda store: store.of(BOX).list(Fax, "fax"),
    "several": lambda store: store.sandboxes(),
    "lock": lambda store: store.of(BOX).exclusive("play", wait=0).__enter__(),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_server_that_cannot_be_reached_is_unavailable_until_it_is_back(
    redis: RedisServer, one: RedisStore, call: str
):
    redis.stop()
    with pytest.raises(Unavailable, match="the store cannot answer: "):
        CALLS[call](one)
    redis.start()
    one.create(sandbox("new"), ())
    assert [each.id for each in one.sandboxes()] == ["new"]


def test_a_server_that_stands_still_is_unavailable_in_a_few_seconds(redis: RedisServer, one: RedisStore):
    with redis.paused(), pytest.raises(Unavailable, match="Timeout"):
        one.of(BOX).get(Fax, "fax-1")
    assert one.of(BOX).get(Fax, "fax-1") is None


def test_a_full_server_refuses_writes_whole_and_goes_on_with_the_rest(redis: RedisServer, box: SandboxStore):
    box.commit((fax(),))
    redis.client.config_set("maxmemory", 1)
    try:
        with pytest.raises(Unavailable, match="the store is full: redis-server has reached its maxmemory"):
            box.commit((fax(2), fax(3)))
        with pytest.raises(Unavailable, match="the store is full"):
            box.put_blob("d", b"content")
        assert box.list(Fax, "fax") == [fax()]
    finally:
        redis.client.config_set("maxmemory", 0)
    box.commit((fax(2),))
    assert box.count("fax") == 2


REFUSALS = {
    "NOREPLICAS Not enough good replicas": (
        lambda client: client.config_set("min-replicas-to-write", 1),
        lambda client: client.config_set("min-replicas-to-write", 0),
    ),
    "You can't write against a read only replica": (
        lambda client: client.replicaof("127.0.0.1", "1"),
        lambda client: client.replicaof("NO", "ONE"),
    ),
}


@pytest.mark.parametrize("words", REFUSALS)
def test_a_server_that_takes_no_writes_is_unavailable(redis: RedisServer, one: RedisStore, words: str):
    begin, end = REFUSALS[words]
    begin(redis.client)
    try:
        with pytest.raises(Unavailable, match=f"the store cannot answer: {words}"):
            one.of(BOX).commit((fax(),))
    finally:
        end(redis.client)
    one.of(BOX).commit((fax(),))


def test_a_store_is_not_opened_over_a_server_that_is_not_there():
    with pytest.raises(Unavailable, match="Connection refused"):
        RedisStore("redis://127.0.0.1:1")


def test_an_error_of_a_script_is_not_taken_for_trouble_of_the_server(one: RedisStore):
    with pytest.raises(redis.exceptions.ResponseError):
        one._client.run(*sandbox_script("log", BOX))


def test_nobody_is_told_anything_after_the_store_is_closed(redis: RedisServer, one: RedisStore):
    told: Queue[str] = Queue()
    one.on_due(told.put)
    one.close()
    redis.client.publish("localfax:due", BOX)
    with pytest.raises(Empty):
        told.get(timeout=0.05)


def test_what_rests_is_kept_squeezed_and_read_as_it_was(
    open_store: Callable[[], RedisStore], one: RedisStore, redis: RedisServer
):
    box = one.of(BOX)
    timeline = tuple(Entry(float(at), "state", "waiting_line", {"attempt": at}) for at in range(40))
    begun = fax(due_at=5.0, timeline=timeline, details={"note": "é\udc80" * 50})
    box.commit((begun,))
    key, long = schema.key_in(BOX, "item:fax"), pack(begun)
    assert redis.client.hget(key, "fax-1") == long
    ended = after(begun, due_at=None)
    box.commit((ended,))
    squeezed = redis.client.hget(key, "fax-1")
    assert len(squeezed) < len(long) / 4
    assert ended == unpack(Fax, expand(squeezed)) == box.get(Fax, "fax-1") == box.list(Fax, "fax")[0]
    box.commit((after(ended, due_at=7.0),))
    assert redis.client.hget(key, "fax-1").startswith(b'{"id"')
    # As programs before have written it.
    redis.client.hset(key, "fax-1", pack(ended))
    assert open_store().of(BOX).get(Fax, "fax-1") == ended
