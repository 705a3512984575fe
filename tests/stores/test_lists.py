"""What every store must do with the ordered lists that items stand in."""

from __future__ import annotations

from emulator.core.faxes.fax import Fax
from emulator.core.storage.store import Add, Store
from tests.stores.things import BOX, after, fax, sandbox


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
