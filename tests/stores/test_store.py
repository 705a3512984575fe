"""What every store must do, whatever it keeps its records in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import Any

import pytest

from emulator.core.clock import Clock
from emulator.core.delivery import Delivery, DeliveryState
from emulator.core.errors import Conflict, LimitReached, NotFound
from emulator.core.fax import Entry, Fax
from emulator.core.item import Item, Record
from emulator.core.machine import State
from emulator.core.message import Message
from emulator.core.sandbox import Sandbox, Settings
from emulator.core.store import Add, Due, Store

BOX = "box"


def sandbox(name: str = BOX) -> Sandbox:
    return Sandbox(id=name, name=name, seed="s", credentials={"acme": {"key": name}}, created_at=1.0)


def fax(number: int = 1, **more: Any) -> Fax:
    given = {"vendor": "acme", "to": "+1", "state": State.received, "created_at": 1.0, "changed_at": 1.0}
    return Fax(id=f"fax-{number}", sequence=number, **{**given, **more})


def delivery(number: int = 1, **more: Any) -> Delivery:
    given = {"vendor": "acme", "fax": "fax-1", "event": "e", "rule": "outbound", "created_at": 1.0}
    message = Message("http://x/", fields=(("a", [1, {"b": None}]),))
    return Delivery(id=f"delivery-{number}", sequence=number, message=message, **{**given, **more})


def record(number: int = 1, **more: Any) -> Record:
    return Record(id=f"record-{number}", sequence=number, **{"group": "labels", **more})


class Told:
    """What a listener was told; a shared store tells from a thread of its own."""

    def __init__(self) -> None:
        self._told: Queue[str] = Queue()
        self.hear = self._told.put

    def next(self) -> str:
        return self._told.get(timeout=10)


def after(item: Any, **changes: Any) -> Any:
    """Give the next version of an item."""
    return item.evolve(version=item.version + 1, **changes)


@pytest.fixture(autouse=True)
def _box(store: Store) -> None:
    store.create(sandbox(), ())


# sandboxes
def test_a_sandbox_is_there_at_once_with_its_items_and_counters(store: Store):
    clock, settings = Clock(base=1.0, real_base=2.0), Settings(id="acme")
    store.create(sandbox("new"), (clock, settings), (Add("balance/acme", 5),))
    assert store.sandbox("new") == sandbox("new")
    assert store.get("new", Clock, "clock") == clock
    assert store.get("new", Settings, "acme") == settings
    assert store.number("new", "balance/acme") == 5


def test_an_id_that_is_taken_is_refused_and_nothing_is_changed(store: Store):
    store.commit(BOX, (fax(),))
    with pytest.raises(Conflict):
        store.create(sandbox(), (fax(2),))
    assert [each.id for each in store.list(BOX, Fax, "fax")] == ["fax-1"]


def test_sandboxes_are_listed_in_the_order_of_their_ids(store: Store):
    for name in ("c", "a", "d"):
        store.create(sandbox(name), ())
    assert [each.id for each in store.sandboxes()] == ["a", "box", "c", "d"]
    assert [each.id for each in store.sandboxes(limit=2)] == ["a", "box"]
    assert [each.id for each in store.sandboxes(after="box", limit=1)] == ["c"]
    assert [each.id for each in store.sandboxes(after="b")] == ["box", "c", "d"]
    assert store.sandboxes(after="d") == []


def test_a_credential_finds_its_sandbox(store: Store):
    store.bind("acme/key", BOX)
    assert store.bound("acme/key") == BOX
    assert store.bound("acme/other") is None


def test_a_removed_sandbox_is_gone_with_everything(store: Store):
    store.create(sandbox("kept"), ())
    store.bind("acme/key", BOX)
    store.bind("acme/kept", "kept")
    store.commit(BOX, (fax(due_at=1.0),), adds=(Add("n", 1),))
    store.put_blob(BOX, "d", b"content")
    store.log(BOX, "requests", {"a": 1})
    store.remove(BOX)
    assert (store.bound("acme/key"), store.bound("acme/kept")) == (None, "kept")
    assert [each.id for each in store.sandboxes()] == ["kept"]
    store.create(sandbox(), ())
    assert (store.get(BOX, Fax, "fax-1"), store.count(BOX, "fax"), store.number(BOX, "n")) == (None, 0, 0)
    assert (store.due(BOX), store.blob(BOX, "d"), store.journal(BOX, "requests").entries) == (None, None, ())


CALLS: dict[str, Callable[[Store], object]] = {
    "sandbox": lambda store: store.sandbox("none"),
    "remove": lambda store: store.remove("none"),
    "clear": lambda store: store.clear("none", ()),
    "bind": lambda store: store.bind("acme/key", "none"),
    "get": lambda store: store.get("none", Fax, "fax-1"),
    "find": lambda store: store.find("none", Fax, "acme/1"),
    "commit": lambda store: store.commit("none", (fax(),)),
    "list": lambda store: store.list("none", Fax, "fax"),
    "count": lambda store: store.count("none", "fax"),
    "items": lambda store: store.items("none"),
    "next": lambda store: store.next("none", "n"),
    "number": lambda store: store.number("none", "n"),
    "numbers": lambda store: store.numbers("none"),
    "due": lambda store: store.due("none"),
    "exclusive": lambda store: store.exclusive("none", "play", wait=0).__enter__(),
    "put_blob": lambda store: store.put_blob("none", "d", b""),
    "blob": lambda store: store.blob("none", "d"),
    "digests": lambda store: store.digests("none"),
    "drop_blob": lambda store: store.drop_blob("none", "d"),
    "log": lambda store: store.log("none", "requests", {}),
    "journal": lambda store: store.journal("none", "requests"),
    "journals": lambda store: store.journals("none"),
}


@pytest.mark.parametrize("call", CALLS)
def test_an_unknown_sandbox_is_not_found(store: Store, call: str):
    with pytest.raises(NotFound, match="no sandbox none"):
        CALLS[call](store)


def test_clear_keeps_items_of_the_kinds_named_credentials_and_balances(store: Store):
    store.bind("acme/key", BOX)
    settings = Settings(id="acme", lines=3)
    store.commit(BOX, (settings, fax(names=("A1",), due_at=5.0)), adds=(Add("balance/acme", 7), Add("n", 1)))
    store.put_blob(BOX, "d", b"content")
    store.log(BOX, "requests", {"a": 1})
    store.clear(BOX, ("settings",))
    assert (store.get(BOX, Settings, "acme"), store.bound("acme/key"), store.sandbox(BOX)) == (
        settings, BOX, sandbox(),
    )  # fmt: skip
    assert store.numbers(BOX) == {"balance/acme": 7}
    assert (store.get(BOX, Fax, "fax-1"), store.find(BOX, Fax, "acme/A1"), store.due(BOX)) == (
        None,
        None,
        None,
    )
    assert (store.count(BOX, "fax"), store.list(BOX, Fax, "fax"), store.count(BOX, "settings")) == (0, [], 1)
    assert (store.blob(BOX, "d"), store.journal(BOX, "requests").entries) == (None, ())
    store.commit(BOX, (fax(), after(settings)))
    assert store.count(BOX, "fax") == 1


# items
def test_an_item_comes_back_as_it_was_written(store: Store):
    items: tuple[Item, ...] = (
        fax(details={"deep": [1, {"a": None}]}, timeline=(Entry(1.0, "state", "received", {"n": 1}),)),
        delivery(state=DeliveryState.dropped),
        record(data={"Ä": "\x00", "list": []}, names=("a",)),
    )
    store.commit(BOX, items)
    for item in items:
        assert store.get(BOX, type(item), item.id) == item
    assert sorted(store.items(BOX), key=lambda item: item.kind) == sorted(items, key=lambda item: item.kind)


def test_an_item_of_another_kind_may_have_the_same_id(store: Store):
    one, other = record(), fax().evolve(id="record-1")
    store.commit(BOX, (one, other))
    assert (store.get(BOX, Record, "record-1"), store.get(BOX, Fax, "record-1")) == (one, other)


def test_what_is_not_there_is_none(store: Store):
    assert store.get(BOX, Fax, "fax-1") is None
    assert store.find(BOX, Fax, "acme/A1") is None


def test_a_write_replaces_what_was_there(store: Store):
    store.commit(BOX, (fax(),))
    changed = after(fax(), state=State.failed)
    store.commit(BOX, (changed,))
    assert store.get(BOX, Fax, "fax-1") == changed
    assert store.count(BOX, "fax") == 1


@pytest.mark.parametrize("version", [1, 3, 0, -1])
def test_a_write_with_another_version_than_the_next_is_refused(store: Store, version: int):
    store.commit(BOX, (fax(),))
    with pytest.raises(Conflict):
        store.commit(BOX, (fax().evolve(version=version),))
    assert store.get(BOX, Fax, "fax-1") == fax()


def test_a_new_item_begins_with_version_1(store: Store):
    with pytest.raises(Conflict):
        store.commit(BOX, (fax().evolve(version=2),))
    assert store.get(BOX, Fax, "fax-1") is None


def test_a_commit_writes_all_or_nothing(store: Store):
    store.commit(BOX, (fax(),), adds=(Add("n", 1),))
    stale = fax(state=State.failed)
    with pytest.raises(Conflict):
        store.commit(BOX, (fax(2), delivery(), stale), adds=(Add("n", 1),), deletes=(fax(),))
    with pytest.raises(LimitReached):
        store.commit(BOX, (fax(2),), adds=(Add("m", 1), Add("n", 1, at_most=1)), deletes=(fax(),))
    assert [each.id for each in store.items(BOX)] == ["fax-1"]
    assert store.numbers(BOX) == {"n": 1}


def test_a_deleted_item_is_gone_everywhere(store: Store):
    item = fax(names=("A1",), due_at=1.0)
    store.commit(BOX, (item,))
    store.commit(BOX, deletes=(item,))
    assert (store.get(BOX, Fax, "fax-1"), store.find(BOX, Fax, "acme/A1"), store.due(BOX)) == (
        None,
        None,
        None,
    )
    assert store.count(BOX, "fax") == 0
    store.commit(BOX, (fax(),))


def test_a_delete_wants_the_version_that_is_stored(store: Store):
    store.commit(BOX, (fax(),))
    for gone in (after(fax()), fax(2)):
        with pytest.raises(Conflict):
            store.commit(BOX, deletes=(gone,))
    assert store.get(BOX, Fax, "fax-1") == fax()


def test_an_item_is_found_by_each_of_its_names(store: Store):
    store.commit(BOX, (fax(names=("A1", "B1")), record(names=("acme/A1",))))
    assert store.find(BOX, Fax, "acme/A1") == store.find(BOX, Fax, "acme/B1") == fax(names=("A1", "B1"))
    assert store.find(BOX, Record, "acme/A1") == record(names=("acme/A1",))


def test_a_name_that_an_item_gave_up_finds_it_no_more(store: Store):
    store.commit(BOX, (fax(names=("A1", "B1")),))
    store.commit(BOX, (after(fax(), names=("B1", "C1")),))
    assert store.find(BOX, Fax, "acme/A1") is None
    assert store.find(BOX, Fax, "acme/B1") == store.find(BOX, Fax, "acme/C1") is not None


def test_a_name_that_another_item_took_stays_with_it(store: Store):
    old, new = fax(1, names=("A1",)), fax(2, names=("A1",))
    store.commit(BOX, (old,))
    store.commit(BOX, (new,))
    store.commit(BOX, (after(old, names=()),))
    assert store.find(BOX, Fax, "acme/A1") == new


# lists
def numbers(items: list[Fax]) -> list[int]:
    return [item.sequence for item in items]


def test_a_page_is_in_the_order_of_sequence_whatever_the_order_of_writing(store: Store):
    store.commit(BOX, [fax(number) for number in (3, 1, 5, 2, 4)])
    assert numbers(store.list(BOX, Fax, "fax")) == [5, 4, 3, 2, 1]
    assert numbers(store.list(BOX, Fax, "fax", descending=False)) == [1, 2, 3, 4, 5]


def test_a_page_begins_after_a_cursor(store: Store):
    store.commit(BOX, [fax(number) for number in range(1, 8)])
    assert numbers(store.list(BOX, Fax, "fax", limit=3)) == [7, 6, 5]
    assert numbers(store.list(BOX, Fax, "fax", after=5, limit=3)) == [4, 3, 2]
    assert numbers(store.list(BOX, Fax, "fax", after=2, limit=3)) == [1]
    assert numbers(store.list(BOX, Fax, "fax", after=1)) == []
    assert numbers(store.list(BOX, Fax, "fax", after=5, limit=1, descending=False)) == [6]
    assert numbers(store.list(BOX, Fax, "fax", after=7, descending=False)) == []


def test_a_page_may_skip_some(store: Store):
    store.commit(BOX, [fax(number) for number in range(1, 8)])
    assert numbers(store.list(BOX, Fax, "fax", offset=2, limit=2)) == [5, 4]
    assert numbers(store.list(BOX, Fax, "fax", offset=2, limit=2, descending=False)) == [3, 4]
    assert numbers(store.list(BOX, Fax, "fax", after=6, offset=1, limit=2)) == [4, 3]
    assert numbers(store.list(BOX, Fax, "fax", offset=7)) == []


def test_a_cursor_of_an_item_that_is_gone_still_works(store: Store):
    store.commit(BOX, [fax(number) for number in (1, 2, 3)])
    store.commit(BOX, deletes=(fax(2),))
    assert numbers(store.list(BOX, Fax, "fax", after=2)) == [1]


def test_an_item_stands_in_each_of_its_lists_and_leaves_those_that_it_gives_up(store: Store):
    filed = fax(folders=("inbox", "starred"))
    store.commit(BOX, (filed,))
    assert [store.count(BOX, name) for name in ("fax", "fax/acme", "inbox", "starred", "bin")] == [
        1,
        1,
        1,
        1,
        0,
    ]
    moved = after(filed, folders=("starred", "bin"))
    store.commit(BOX, (moved,))
    assert [store.count(BOX, name) for name in ("inbox", "starred", "bin")] == [0, 1, 1]
    assert store.list(BOX, Fax, "bin") == [moved]
    assert store.list(BOX, Fax, "inbox") == []


def test_an_item_keeps_its_place_when_it_changes(store: Store):
    store.commit(BOX, [fax(number) for number in (1, 2, 3)])
    store.commit(BOX, (after(fax(2), pages=7),))
    assert [(each.sequence, each.pages) for each in store.list(BOX, Fax, "fax")] == [(3, 0), (2, 7), (1, 0)]


def test_an_unknown_list_is_empty(store: Store):
    assert (store.list(BOX, Fax, "none"), store.count(BOX, "none")) == ([], 0)


def test_sandboxes_do_not_see_each_other(store: Store):
    store.create(sandbox("other"), ())
    store.commit(BOX, (fax(names=("A1",), due_at=1.0),), adds=(Add("n", 1),))
    store.put_blob(BOX, "d", b"content")
    assert (store.get("other", Fax, "fax-1"), store.find("other", Fax, "acme/A1")) == (None, None)
    assert (store.count("other", "fax"), store.due("other"), store.number("other", "n")) == (0, None, 0)
    assert store.blob("other", "d") is None


# numbers
def test_a_counter_gives_one_number_after_the_other(store: Store):
    assert [store.next(BOX, "n") for _ in range(3)] == [1, 2, 3]
    assert (store.next(BOX, "m"), store.number(BOX, "n"), store.number(BOX, "none")) == (1, 3, 0)


def test_counters_are_added_to(store: Store):
    store.commit(BOX, adds=(Add("n", 5), Add("m", -2)))
    store.commit(BOX, adds=(Add("n", -3),))
    assert store.numbers(BOX) == {"n": 2, "m": -2}
    assert store.next(BOX, "n") == 3


def test_several_additions_to_one_counter_add_up(store: Store):
    store.commit(BOX, adds=(Add("n", 2, at_most=2), Add("n", 1, at_most=3)))
    assert store.number(BOX, "n") == 3
    with pytest.raises(LimitReached):
        store.commit(BOX, adds=(Add("n", 1), Add("n", 1, at_most=4)))
    assert store.number(BOX, "n") == 3


@pytest.mark.parametrize(
    "add",
    [Add("n", 1, at_most=5), Add("n", -1, at_least=5), Add("n", 0, at_most=4), Add("n", 0, at_least=6)],
)
def test_an_addition_beyond_its_bounds_is_refused_by_its_name(store: Store, add: Add):
    store.commit(BOX, adds=(Add("n", 5),))
    with pytest.raises(LimitReached) as reached:
        store.commit(BOX, adds=(Add("m", 1), add))
    assert reached.value.name == "n"
    assert store.numbers(BOX) == {"n": 5}


def test_bounds_are_reached_but_not_crossed(store: Store):
    store.commit(BOX, adds=(Add("n", 5, at_least=5, at_most=5), Add("n", 0, at_least=5, at_most=5)))
    assert store.number(BOX, "n") == 5


# time
def test_what_is_due_comes_by_instant_then_faxes_then_by_sequence(store: Store):
    store.commit(
        BOX, (fax(2, due_at=5.0), fax(1, due_at=5.0), fax(3, due_at=4.5), delivery(due_at=5.0), fax(4))
    )
    order = []
    while (due := store.due(BOX)) is not None:
        order.append((due.at, due.id))
        kind: Any = {"fax": Fax, "delivery": Delivery}[due.kind]
        store.commit(BOX, (after(store.get(BOX, kind, due.id), due_at=None),))
    assert order == [(4.5, "fax-3"), (5.0, "fax-1"), (5.0, "fax-2"), (5.0, "delivery-1")]


def test_what_is_put_off_or_brought_forward_is_due_at_the_new_instant_only(store: Store):
    first = fax(due_at=5.0)
    store.commit(BOX, (first, fax(2, due_at=6.0)))
    second = after(first, due_at=7.0)
    store.commit(BOX, (second,))
    assert store.due(BOX) == Due(6.0, "fax", "fax-2")
    third = after(second, due_at=5.0)
    store.commit(BOX, (third,))
    assert store.due(BOX) == Due(5.0, "fax", "fax-1")
    store.commit(BOX, (after(third, due_at=None),))
    assert store.due(BOX) == Due(6.0, "fax", "fax-2")


def test_a_listener_is_told_when_what_is_due_first_comes_nearer(store: Store):
    told = Told()
    store.commit(BOX, (fax(due_at=5.0),))
    store.on_due(told.hear)
    store.commit(BOX, (fax(2, due_at=4.0),))
    assert told.next() == BOX
    store.commit(BOX, (after(fax(2), due_at=3.0),))
    assert told.next() == BOX


def test_a_listener_is_told_of_a_clock_and_of_the_end_of_a_lock_that_was_wanted(store: Store):
    told = Told()
    store.on_due(told.hear)
    store.commit(BOX, (Clock(base=1.0, real_base=1.0),))
    assert told.next() == BOX
    with store.exclusive(BOX, "play", wait=0), store.exclusive(BOX, "play", wait=0) as wanted:
        assert not wanted
    assert told.next() == BOX


def test_a_listener_is_not_told_of_what_comes_later(store: Store):
    told = Told()
    store.create(sandbox("other"), ())
    store.commit(BOX, (fax(due_at=5.0),))
    store.on_due(told.hear)
    store.commit(BOX, (fax(2, due_at=6.0), fax(3)))
    store.commit("other", (fax(due_at=5.0),))
    assert told.next() == "other"


def test_a_lock_is_held_by_one_at_a_time(store: Store):
    def try_it(name: str) -> bool:
        with store.exclusive(BOX, name, wait=0) as mine:
            return mine

    with ThreadPoolExecutor(1) as pool:
        with store.exclusive(BOX, "play", wait=0) as mine:
            assert mine
            assert not pool.submit(try_it, "play").result()
            assert pool.submit(try_it, "other").result()
        assert pool.submit(try_it, "play").result()


def test_a_lock_is_waited_for(store: Store):
    held, order = threading.Event(), []

    def second() -> None:
        held.wait()
        with store.exclusive(BOX, "play", wait=10) as mine:
            order.append(("second", mine))

    with ThreadPoolExecutor(1) as pool:
        with store.exclusive(BOX, "play", wait=10):
            waiting = pool.submit(second)
            held.set()
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.05)
            order.append(("first", True))
        waiting.result()
    assert order == [("first", True), ("second", True)]


def test_a_lock_is_let_go_after_an_error(store: Store):
    with pytest.raises(ZeroDivisionError), store.exclusive(BOX, "play", wait=0):
        raise ZeroDivisionError
    with store.exclusive(BOX, "play", wait=0) as mine:
        assert mine


# blobs
def test_content_is_kept_by_its_digest(store: Store):
    store.put_blob(BOX, "a", b"\x00\xff")
    store.put_blob(BOX, "b", b"")
    store.put_blob(BOX, "a", b"\x00\xff")
    assert (store.blob(BOX, "a"), store.blob(BOX, "b"), store.blob(BOX, "c")) == (b"\x00\xff", b"", None)
    assert sorted(store.digests(BOX)) == ["a", "b"]
    store.drop_blob(BOX, "a")
    store.drop_blob(BOX, "c")
    assert (store.blob(BOX, "a"), list(store.digests(BOX))) == (None, ["b"])


# journals
def test_a_journal_numbers_its_entries(store: Store):
    assert [store.log(BOX, "requests", {"n": number}) for number in range(3)] == [1, 2, 3]
    assert store.journal(BOX, "requests").entries == ((1, {"n": 0}), (2, {"n": 1}), (3, {"n": 2}))
    assert store.journal(BOX, "requests").dropped == 0
    assert list(store.journals(BOX)) == ["requests"]


def test_a_journal_is_read_in_pages_and_from_its_end(store: Store):
    for number in range(1, 8):
        store.log(BOX, "requests", {"n": number})

    def read(**options: Any) -> list[int]:
        return [number for number, _ in store.journal(BOX, "requests", **options).entries]

    assert read(limit=3) == [1, 2, 3]
    assert read(after=3, limit=3) == [4, 5, 6]
    assert read(limit=2, newest=True) == [6, 7]
    assert read(after=5, newest=True) == [6, 7]
    assert read(after=7) == []


def test_a_journal_that_nobody_wrote_is_empty(store: Store):
    page = store.journal(BOX, "none")
    assert (page.entries, page.dropped, list(store.journals(BOX))) == ((), 0, [])


# side by side
def test_of_several_writers_of_one_version_one_wins(store: Store):
    store.commit(BOX, (fax(),))

    def write(state: State) -> bool:
        try:
            store.commit(BOX, (after(fax(), state=state),), adds=(Add("wins", 1),))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, list(State)[:8]))
    assert (won.count(True), store.number(BOX, "wins")) == (1, 1)


def test_a_bounded_counter_is_never_beyond_its_bound(store: Store):
    def take(_: int) -> bool:
        try:
            store.commit(BOX, adds=(Add("lines", 1, at_most=3),))
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(40))) == 3


def test_numbers_are_given_to_one_caller_each(store: Store):
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda _: store.next(BOX, "n"), range(200)))
    assert sorted(given) == list(range(1, 201))
