"""How often a call waits for Redis; what is saved by asking ahead changes nothing that is seen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from emulator.app import App
from emulator.config import Config
from emulator.core.errors import Conflict, Unwritten
from emulator.core.faxes.fax import Fax
from emulator.core.item import Add
from emulator.core.storage.store import SandboxStore, Store
from emulator.server.http_server import in_process
from emulator.stores.redis import RedisStore
from emulator.stores.redis.commands import Command
from emulator.stores.redis.transport import ServerTransport
from localfax.submission import client_of
from tests.conftest import WAIT, Control
from tests.sending import VENDORS, send
from tests.stores.redis_server import RedisServer
from tests.stores.things import BOX, after, fax, sandbox

SEND = {"openfax": 2, "kazoo": 2, "ifax": 2, "mfax": 3, "faxto": 3}
"""mFax looks up who wants webhooks; Fax.to keeps the file as a thing of its own."""
STATUS = {"kazoo": 3, "ifax": 2, "mfax": 2, "faxto": 2}
"""Kazoo numbers its requests; OpenFax has no status, but lists."""


@pytest.fixture
def control(redis: RedisServer) -> Iterator[Control]:
    with ExitStack() as stack:
        app = App(Config(store=redis.url, speed=0.0))
        stack.callback(app.close)
        yield Control(stack.enter_context(in_process(app)).url).create(clock={"mode": "manual"})


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how many commands go out at once, each time that a request waits for them."""
    seen: list[int] = []
    plain = ServerTransport.send

    def counting(own: ServerTransport, commands: Sequence[Command]) -> list[Any]:
        if threading.current_thread().name != "localfax-pubsub":  # it looks what has come nearer
            seen.append(len(commands))
        return plain(own, commands)

    monkeypatch.setattr(ServerTransport, "send", counting)
    return seen


def waits(trips: list[int], do: Callable[[], object]) -> int:
    """Count the trips of a call by scripts that the server knows: a slow machine may read a sandbox twice."""
    counts = []
    for _ in range(5):
        trips.clear()
        do()
        counts.append(len(trips))
    return min(counts)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_send_and_a_status_wait_for_few_trips(control: Control, trips: list[int], vendor: str):
    assert waits(trips, lambda: send(control, vendor)) == SEND[vendor]
    if vendor in STATUS:
        fax_id = control.client.fax(control.faxes()[0]["id"]).vendor_id
        ask = client_of(vendor).status(control.client.account(vendor), fax_id)
        session = control.client.connection.session
        assert waits(trips, lambda: session.request(**ask.arguments, timeout=WAIT)) == STATUS[vendor]


def test_a_request_is_in_the_journal_when_its_answer_has_come(control: Control):
    for count in range(1, 20):
        assert send(control, "ifax").ok
        assert len(control.call("GET", f"/sandboxes/{control.id}/requests")["requests"]) == count


def test_faxes_have_the_same_ids_whether_others_were_refused_or_not(control: Control):
    for vendor in VENDORS:
        assert send(control, vendor).ok
    control.call("POST", f"/sandboxes/{control.id}/scenarios", json={"http": {"status": 503}, "times": 1})
    assert send(control, "ifax").status_code == 503
    assert send(control, "ifax").ok
    assert control.faxes()[0]["id"] == f"fax-{len(VENDORS) + 1}"


# what a store does
def test_numbers_that_were_counted_up_in_vain_are_given_back(redis: RedisServer):
    store = RedisStore(redis.url)
    try:
        store.create(sandbox(), ())
        box = store.of(BOX)
        for asked in (("a", "b", "b", "c"), ("a",), ("a", "b", "b", "c"), ("a", "b")):
            before = box.numbers()
            with store.reading():
                values = [box.next(name) for name in asked]
            wanted = dict(before)
            for name, value in zip(asked, values, strict=True):
                wanted[name] = wanted.get(name, 0) + 1
                assert value == wanted[name]
            assert box.numbers() == wanted
    finally:
        store.close()


def test_numbers_that_others_have_counted_on_or_cleared_are_not_given_back(redis: RedisServer):
    store, other = RedisStore(redis.url), RedisStore(redis.url)
    try:
        store.create(sandbox(), ())
        box, theirs = store.of(BOX), other.of(BOX)
        with store.reading():
            assert [box.next("a"), box.next("b")] == [1, 1]
        with store.reading():
            assert box.next("a") == 2
            assert theirs.next("b") == 3
        assert box.numbers() == {"a": 2, "b": 3}
        with store.reading():
            assert [box.next("a"), box.next("b")] == [3, 4]
        with store.reading():
            assert box.next("a") == 4
            theirs.clear(())
            for _ in range(5):
                theirs.next("b")
        assert box.numbers() == {"b": 5}
    finally:
        store.close()
        other.close()


def test_what_is_told_is_done_though_the_server_has_forgotten_the_scripts(redis: RedisServer):
    store = RedisStore(redis.url)
    try:
        store.create(sandbox(), ())
        box = store.of(BOX)
        for number in range(3):
            redis.client.script_flush()
            with store.reading():
                box.put_blob(str(number), b"content")
                box.log("requests", {"n": number})
                assert box.number("none") == 0
        entries = [entry["n"] for _, entry in box.journal("requests").entries]
        assert (entries, box.digests()) == ([0, 1, 2], ["0", "1", "2"])
    finally:
        store.close()


def test_a_document_is_seen_by_its_thread_before_it_is_written(store: Store):
    box = store.of(BOX)
    with store.reading():
        box.put_blob("d", b"content")
        assert box.blob("d") == b"content"
        box.commit((fax(),))
        assert box.blob("d") == b"content"
    assert (box.blob("d"), box.digests()) == (b"content", ["d"])


def test_a_commit_holds_only_while_what_it_names_is_the_same(store: Store):
    box = store.of(BOX)
    begun = fax(leased_until=5.0)
    box.commit((begun,))
    box.clear(())
    box.commit((begun.evolve(leased_until=7.0),))
    with pytest.raises(Conflict, match="fax fax-1 has changed"):
        box.commit((after(begun, leased_until=None),), same=(begun,))
    with box.together(), pytest.raises(Conflict, match="fax fax-1 has changed"):
        box.commit((after(begun, leased_until=None),), same=(begun,))
    box.commit((after(begun, leased_until=None),), same=(begun.evolve(leased_until=7.0),))
    assert box.get(Fax, "fax-1") == after(begun, leased_until=None)


@pytest.mark.parametrize(
    "look",
    [
        lambda box: box.get(Fax, "fax-1"),
        lambda box: box.find(Fax, "acme/7001"),
        lambda box: box.list(Fax, "fax")[0],
        lambda box: box.count("fax") and box.get(Fax, "fax-1"),
        lambda box: box.due() and box.get(Fax, "fax-1"),
        lambda box: box.numbers()["made"] and box.items()[-1],
    ],
)
def test_a_fax_of_a_request_is_seen_by_its_thread_before_it_is_logged(
    store: Store, look: Callable[[SandboxStore], Fax | None]
):
    box, made = store.of(BOX), fax(names=("7001",), due_at=5.0)
    with store.reading(request="ifax POST /send"):
        box.commit((made,), adds=(Add("made", 1),))
        assert look(box) == made
        box.log("requests", {"n": 1})
    assert box.get(Fax, "fax-1") == made


def test_a_fax_is_written_with_the_entry_of_its_request_and_told_of_then(
    redis: RedisServer, trips: list[int]
):
    store, told = RedisStore(redis.url), []
    try:
        store.create(sandbox(), ())
        box = store.of(BOX)
        trips.clear()
        with store.reading(request="ifax POST /send"):
            box.commit((fax(),))
            store.afterwards(lambda: told.append("fax"))
            assert (trips, told) == ([], [])
            box.log("requests", {"n": 1})
            assert (trips, told) == ([2], ["fax"])
        with store.reading(request="ifax POST /send"):
            box.commit((fax(2),))
        assert box.get(Fax, "fax-2") == fax(2)
    finally:
        store.close()


def test_a_request_hears_that_its_fax_could_not_be_written(redis: RedisServer):
    store, other = RedisStore(redis.url), RedisStore(redis.url)
    try:
        store.create(sandbox(), ())
        box = store.of(BOX)
        with store.reading(request="ifax POST /send"):
            box.commit((fax(),))
            other.remove(BOX)
            with pytest.raises(Unwritten, match="no sandbox"):
                box.log("requests", {"n": 1})
        store.create(sandbox(), ())
        with store.reading(request="ifax POST /send"):
            box.commit((fax(),))
            other.remove(BOX)
            with pytest.raises(Unwritten, match="no sandbox"):
                box.number("made")
        store.create(sandbox(), ())
        session = store.reading(request="ifax POST /send")
        session.__enter__()
        box.commit((fax(),))
        other.remove(BOX)
        with pytest.raises(Unwritten):
            session.__exit__(None, None, None)
    finally:
        store.close()
        other.close()
