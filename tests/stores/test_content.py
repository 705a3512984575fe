"""What every store must do with documents and journals."""

from __future__ import annotations

from typing import Any

from emulator.core.storage.store import Store
from tests.stores.things import BOX


def test_content_is_kept_by_its_digest(store: Store):
    store.put_blob(BOX, "a", b"\x00\xff")
    store.put_blob(BOX, "b", b"")
    store.put_blob(BOX, "a", b"\x00\xff")
    assert (store.blob(BOX, "a"), store.blob(BOX, "b"), store.blob(BOX, "c")) == (b"\x00\xff", b"", None)
    assert sorted(store.digests(BOX)) == ["a", "b"]
    store.drop_blob(BOX, "a")
    store.drop_blob(BOX, "c")
    assert (store.blob(BOX, "a"), list(store.digests(BOX))) == (None, ["b"])


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
