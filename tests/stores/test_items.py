"""What every store must do with items: found by id and by name, written all or not at all."""

from __future__ import annotations

import pytest

from emulator.core.errors import Conflict, LimitReached
from emulator.core.faxes.fax import Entry, Fax
from emulator.core.faxes.machine import State
from emulator.core.item import Add, Item, Record
from emulator.core.storage.store import SandboxStore
from emulator.core.webhooks.delivery import DeliveryState
from tests.stores.things import after, delivery, fax, record


def test_an_item_comes_back_as_it_was_written(box: SandboxStore):
    items: tuple[Item, ...] = (
        fax(details={"deep": [1, {"a": None}]}, timeline=(Entry(1.0, "state", "received", {"n": 1}),)),
        delivery(state=DeliveryState.dropped),
        record(data={"Ä": "\x00", "list": []}, names=("a",)),
    )
    box.commit(items)
    for item in items:
        assert box.get(type(item), item.id) == item
    assert sorted(box.items(), key=lambda item: item.kind) == sorted(items, key=lambda item: item.kind)


def test_an_item_of_another_kind_may_have_the_same_id(box: SandboxStore):
    one, other = record(), fax().evolve(id="record-1")
    box.commit((one, other))
    assert (box.get(Record, "record-1"), box.get(Fax, "record-1")) == (one, other)


def test_what_is_not_there_is_none(box: SandboxStore):
    assert box.get(Fax, "fax-1") is None
    assert box.find(Fax, "acme/A1") is None


def test_a_write_replaces_what_was_there(box: SandboxStore):
    box.commit((fax(),))
    changed = after(fax(), state=State.failed)
    box.commit((changed,))
    assert box.get(Fax, "fax-1") == changed
    assert box.count("fax") == 1


def test_a_write_with_another_version_than_the_next_is_refused(box: SandboxStore):
    box.commit((fax(),))
    for version in (1, 3, 0, -1):
        with pytest.raises(Conflict):
            box.commit((fax().evolve(version=version),))
    assert box.get(Fax, "fax-1") == fax()


def test_a_new_item_begins_with_version_1(box: SandboxStore):
    with pytest.raises(Conflict):
        box.commit((fax().evolve(version=2),))
    assert box.get(Fax, "fax-1") is None


def test_a_commit_writes_all_or_nothing(box: SandboxStore):
    box.commit((fax(),), adds=(Add("n", 1),))
    stale = fax(state=State.failed)
    with pytest.raises(Conflict):
        box.commit((fax(2), delivery(), stale), adds=(Add("n", 1),), deletes=(fax(),))
    with pytest.raises(LimitReached):
        box.commit((fax(2),), adds=(Add("m", 1), Add("n", 1, at_most=1)), deletes=(fax(),))
    assert [each.id for each in box.items()] == ["fax-1"]
    assert box.numbers() == {"n": 1}


def test_a_deleted_item_is_gone_everywhere(box: SandboxStore):
    item = fax(names=("A1",), due_at=1.0)
    box.commit((item,))
    box.commit(deletes=(item,))
    assert (box.get(Fax, "fax-1"), box.find(Fax, "acme/A1"), box.due()) == (
        None,
        None,
        None,
    )
    assert box.count("fax") == 0
    box.commit((fax(),))


def test_a_delete_wants_the_version_that_is_stored(box: SandboxStore):
    box.commit((fax(),))
    for gone in (after(fax()), fax(2)):
        with pytest.raises(Conflict):
            box.commit(deletes=(gone,))
    assert box.get(Fax, "fax-1") == fax()


def test_an_item_is_found_by_each_of_its_names(box: SandboxStore):
    box.commit((fax(names=("A1", "B1")), record(names=("acme/A1",))))
    assert box.find(Fax, "acme/A1") == box.find(Fax, "acme/B1") == fax(names=("A1", "B1"))
    assert box.find(Record, "acme/A1") == record(names=("acme/A1",))


def test_a_name_that_an_item_gave_up_finds_it_no_more(box: SandboxStore):
    box.commit((fax(names=("A1", "B1")),))
    box.commit((after(fax(), names=("B1", "C1")),))
    assert box.find(Fax, "acme/A1") is None
    assert box.find(Fax, "acme/B1") == box.find(Fax, "acme/C1") is not None


def test_a_name_that_another_item_took_stays_with_it(box: SandboxStore):
    old, new = fax(1, names=("A1",)), fax(2, names=("A1",))
    box.commit((old,))
    box.commit((new,))
    box.commit((after(old, names=()),))
    assert box.find(Fax, "acme/A1") == new
