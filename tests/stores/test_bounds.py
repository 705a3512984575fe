"""What every store lets go of to stay within its bounds, and counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

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
    "drop_blob": lambda store: store.of("a").drop_blob("1"),
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
