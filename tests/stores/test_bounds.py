"""What every store lets go of to stay within its bounds, and counts."""

from __future__ import annotations

import pytest

from emulator.core.sandboxes.sandbox import Sandbox
from emulator.core.storage.store import DROPPED, SPARE, Store
from tests.stores.conftest import MakeStore


def store_with(make_store: MakeStore, *names: str, **options: int) -> Store:
    store = make_store(**options)
    for name in names:
        store.create(Sandbox(id=name, name=name, seed=name, created_at=1.0), ())
    return store


def test_documents_are_bounded_over_all_sandboxes_and_the_oldest_go_first(make_store: MakeStore):
    store = store_with(make_store, "a", "b", blob_bytes=10)
    for name, digest in (("a", "1"), ("b", "2"), ("a", "3")):
        store.put_blob(name, digest, b"1234")
    assert [store.blob("a", "1"), store.blob("b", "2"), store.blob("a", "3")] == [None, b"1234", b"1234"]
    assert (store.number("a", DROPPED), store.number("b", DROPPED)) == (1, 0)
    assert store.digests("a") == ["3"]


def test_a_document_that_is_put_again_is_as_good_as_new(make_store: MakeStore):
    store = store_with(make_store, "a", blob_bytes=10)
    for digest in ("1", "2", "1", "3"):
        store.put_blob("a", digest, b"1234")
    assert [store.blob("a", digest) for digest in ("1", "2", "3")] == [b"1234", None, b"1234"]


def test_the_newest_document_is_kept_even_when_it_alone_is_too_much(make_store: MakeStore):
    store = store_with(make_store, "a", blob_bytes=10)
    store.put_blob("a", "1", b"1234")
    store.put_blob("a", "2", b"x" * 100)
    assert (store.blob("a", "1"), store.blob("a", "2")) == (None, b"x" * 100)


def test_spare_documents_go_before_any_other_and_are_not_counted(make_store: MakeStore):
    store = store_with(make_store, "a", blob_bytes=12)
    for digest in ("1", f"{SPARE}2", f"{SPARE}3", "4", "5"):
        store.put_blob("a", digest, b"1234")
    assert (store.digests("a"), store.number("a", DROPPED)) == (["1", "4", "5"], 0)
    store.put_blob("a", "6", b"1234")
    assert (store.digests("a"), store.number("a", DROPPED)) == (["4", "5", "6"], 1)


@pytest.mark.parametrize("end", ["remove", "clear", "drop_blob"])
def test_documents_that_are_gone_make_room(make_store: MakeStore, end: str):
    store = store_with(make_store, "a", "b", blob_bytes=10)
    store.put_blob("a", "1", b"12345678")
    {"remove": store.remove, "clear": lambda name: store.clear(name, ())}.get(
        end, lambda name: store.drop_blob(name, "1")
    )("a")
    store.put_blob("b", "2", b"1234")
    store.put_blob("b", "3", b"123456")
    assert (store.blob("b", "2"), store.blob("b", "3"), store.number("b", DROPPED)) == (b"1234", b"123456", 0)


def test_a_journal_is_bounded_and_counts_what_it_let_go(make_store: MakeStore):
    store = store_with(make_store, "a", journal_entries=3)
    for number in range(1, 6):
        store.log("a", "requests", {"n": number})
    page = store.journal("a", "requests")
    assert ([number for number, _ in page.entries], page.dropped) == ([3, 4, 5], 2)
