"""What every store must do with items: found by id and by name, written all or not at all."""

from __future__ import annotations

import pytest

from emulator.core.errors import Conflict, LimitReached
from emulator.core.faxes.fax import Entry, Fax
from emulator.core.faxes.machine import State
from emulator.core.item import Item, Record
from emulator.core.storage.store import Add, Store
from emulator.core.webhooks.delivery import DeliveryState
from tests.stores.things import BOX, after, delivery, fax, record


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
