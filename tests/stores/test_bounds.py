"""What every store lets go of to stay within its bounds, and counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.core.storage.journals import ENTRY_BYTES
from emulator.core.storage.store import DROPPED, SPARE, Store
from tests.stores.conftest import MakeStore
from tests.stores.things import sandbox


def store_with(make_store: MakeStore, *names: str, **options: int) -> Store:
    store = make_store(**options)
    for name in names:
        store.create(sandbox(name), ())
    return store


def test_documents_are_bounded_over_all_sandboxes_and_the_oldest_go_first(make_store: MakeStore):
    store = store_with(make_store, "a", "b", blob_bytes=10)
    a, b = store.of("a"), store.of("b")
    for name, digest in (("a", "1"), ("b", "2"), ("a", "3")):
        store.of(name).put_blob(digest, b"1234")
    assert [a.blob("1"), b.blob("2"), a.blob("3")] == [None, b"1234", b"1234"]
    assert (a.number(DROPPED), b.number(DROPPED)) == (1, 0)
    assert a.digests() == ["3"]


def test_a_document_that_is_put_again_is_as_good_as_new(make_store: MakeStore):
    box = store_with(make_store, "a", blob_bytes=10).of("a")
    for digest in ("1", "2", "1", "3"):
        box.put_blob(digest, b"1234")
    assert [box.blob(digest) for digest in ("1", "2", "3")] == [b"1234", None, b"1234"]


def test_the_newest_document_is_kept_even_when_it_alone_is_too_much(make_store: MakeStore):
    box = store_with(make_store, "a", blob_bytes=10).of("a")
    box.put_blob("1", b"1234")
    box.put_blob("2", b"x" * 100)
    assert (box.blob("1"), box.blob("2")) == (None, b"x" * 100)


def test_spare_documents_go_before_any_other_and_are_not_counted(make_store: MakeStore):
    box = store_with(make_store, "a", blob_bytes=12).of("a")
    for digest in ("1", f"{SPARE}2", f"{SPARE}3", "4", "5"):
        box.put_blob(digest, b"1234")
    assert (box.digests(), box.number(DROPPED)) == (["1", "4", "5"], 0)
    box.put_blob("6", b"1234")
    assert (box.digests(), box.number(DROPPED)) == (["4", "5", "6"], 1)


ENDS: dict[str, Callable[[Store], object]] = {
    "remove": lambda store: store.remove("a"),
    "clear": lambda store: store.of("a").clear(()),
}


@pytest.mark.parametrize("end", ENDS)
def test_documents_that_are_gone_make_room(make_store: MakeStore, end: str):
    store = store_with(make_store, "a", "b", blob_bytes=10)
    a, b = store.of("a"), store.of("b")
    a.put_blob("1", b"12345678")
    ENDS[end](store)
    b.put_blob("2", b"1234")
    b.put_blob("3", b"123456")
    assert (b.blob("2"), b.blob("3"), b.number(DROPPED)) == (b"1234", b"123456", 0)


def test_a_journal_is_bounded_and_counts_what_it_let_go(make_store: MakeStore):
    box = store_with(make_store, "a", journal_entries=3).of("a")
    for number in range(1, 6):
        box.log("requests", {"n": number})
    page = box.journal("requests")
    assert ([number for number, _ in page.entries], page.dropped) == ([3, 4, 5], 2)


def test_all_journals_are_bounded_in_bytes_and_who_writes_most_loses_its_oldest(make_store: MakeStore):
    store = store_with(make_store, "a", "b", journal_bytes=100_000)
    a, b = store.of("a"), store.of("b")
    b.log("requests", {"n": "kept"})
    for number in range(1, 301):
        a.log("requests", {"n": number, "text": "x" * 1000})
    page = a.journal("requests", limit=1000)
    numbers = [number for number, _ in page.entries]
    assert numbers == list(range(page.dropped + 1, 301))
    assert 70 < len(numbers) <= 104
    assert [entry for _, entry in b.journal("requests").entries] == [{"n": "kept"}]


def test_of_one_sandbox_the_longest_journal_gives_way(make_store: MakeStore):
    box = store_with(make_store, "a", journal_bytes=100_000).of("a")
    box.log("fetches", {"n": 1})
    for number in range(300):
        box.log("requests", {"n": number, "text": "x" * 1000})
    assert (box.journal("fetches").dropped, len(box.journal("fetches").entries)) == (0, 1)


def test_what_is_forgotten_leaves_room_for_others(make_store: MakeStore):
    store = store_with(make_store, "a", "b", journal_bytes=100_000)
    for name in ("a", "b", "a", "b"):
        for number in range(70):
            store.of(name).log("requests", {"n": number, "text": "x" * 1000})
        assert store.of(name).journal("requests").dropped == 0
        store.of(name).clear(())


LONG: dict[str, Any] = {
    "a text": {"text": "x" * 10**6},
    "many names": {"fields": {str(number): "x" for number in range(100_000)}},
    "many rows": {"rows": ["x"] * 10**6},
    "deep": {"rows": [[[[[[[[[[["x" * 10**6]]]]]]]]]]]},
    "a text that is no Unicode": {"text": "\ud800" * 10**6},
}


@pytest.mark.parametrize("entry", LONG)
def test_a_long_entry_is_cut_and_says_by_how_much(make_store: MakeStore, entry: str):
    box = store_with(make_store, "a").of("a")
    box.log("requests", {"at": 1.0, **LONG[entry]})
    ((_, kept),) = box.journal("requests").entries
    assert kept["at"] == 1.0
    assert len(json.dumps(kept)) <= ENTRY_BYTES
    assert kept["cut"]["entry"] > 700_000
