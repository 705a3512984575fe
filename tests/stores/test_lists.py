"""What every store must do with the ordered lists that items stand in."""

from __future__ import annotations

from emulator.core.faxes.fax import Fax
from emulator.core.item import Add
from emulator.core.storage.store import SandboxStore, Store
from tests.stores.things import after, fax, sandbox


def numbers(items: list[Fax]) -> list[int]:
    return [item.sequence for item in items]


def test_a_page_is_in_the_order_of_sequence_whatever_the_order_of_writing(box: SandboxStore):
    box.commit([fax(number) for number in (3, 1, 5, 2, 4)])
    assert numbers(box.list(Fax, "fax")) == [5, 4, 3, 2, 1]
    assert numbers(box.list(Fax, "fax", descending=False)) == [1, 2, 3, 4, 5]


def test_a_page_begins_after_a_cursor(box: SandboxStore):
    box.commit([fax(number) for number in range(1, 8)])
    assert numbers(box.list(Fax, "fax", limit=3)) == [7, 6, 5]
    assert numbers(box.list(Fax, "fax", after=5, limit=3)) == [4, 3, 2]
    assert numbers(box.list(Fax, "fax", after=2, limit=3)) == [1]
    assert numbers(box.list(Fax, "fax", after=1)) == []
    assert numbers(box.list(Fax, "fax", after=5, limit=1, descending=False)) == [6]
    assert numbers(box.list(Fax, "fax", after=7, descending=False)) == []


def test_a_page_may_skip_some(box: SandboxStore):
    box.commit([fax(number) for number in range(1, 8)])
    assert numbers(box.list(Fax, "fax", offset=2, limit=2)) == [5, 4]
    assert numbers(box.list(Fax, "fax", offset=2, limit=2, descending=False)) == [3, 4]
    assert numbers(box.list(Fax, "fax", after=6, offset=1, limit=2)) == [4, 3]
    assert numbers(box.list(Fax, "fax", offset=7)) == []


def test_a_cursor_of_an_item_that_is_gone_still_works(box: SandboxStore):
    box.commit([fax(number) for number in (1, 2, 3)])
    box.commit(deletes=(fax(2),))
    assert numbers(box.list(Fax, "fax", after=2)) == [1]


def test_an_item_stands_in_each_of_its_lists_and_leaves_those_that_it_gives_up(box: SandboxStore):
    filed = fax(folders=("inbox", "starred"))
    box.commit((filed,))
    assert [box.count(name) for name in ("fax", "fax/acme", "inbox", "starred", "bin")] == [
        1,
        1,
        1,
        1,
        0,
    ]
    moved = after(filed, folders=("starred", "bin"))
    box.commit((moved,))
    assert [box.count(name) for name in ("inbox", "starred", "bin")] == [0, 1, 1]
    assert box.list(Fax, "bin") == [moved]
    assert box.list(Fax, "inbox") == []


def test_an_item_keeps_its_place_when_it_changes(box: SandboxStore):
    box.commit([fax(number) for number in (1, 2, 3)])
    box.commit((after(fax(2), pages=7),))
    assert [(each.sequence, each.pages) for each in box.list(Fax, "fax")] == [(3, 0), (2, 7), (1, 0)]


def test_an_unknown_list_is_empty(box: SandboxStore):
    assert (box.list(Fax, "none"), box.count("none")) == ([], 0)


def test_sandboxes_do_not_see_each_other(store: Store, box: SandboxStore):
    store.create(sandbox("other"), ())
    other = store.of("other")
    box.commit((fax(names=("A1",), due_at=1.0),), adds=(Add("n", 1),))
    box.put_blob("d", b"content")
    assert (other.get(Fax, "fax-1"), other.find(Fax, "acme/A1")) == (None, None)
    assert (other.count("fax"), other.due(), other.number("n")) == (
        0,
        None,
        0,
    )
    assert other.blob("d") is None
