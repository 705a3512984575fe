"""What every store must do with documents and journals."""

from __future__ import annotations

from typing import Any

from emulator.core.storage.store import SandboxStore


def test_content_is_kept_by_its_digest(box: SandboxStore):
    box.put_blob("a", b"\x00\xff")
    box.put_blob("b", b"")
    box.put_blob("a", b"\x00\xff")
    assert (box.blob("a"), box.blob("b"), box.blob("c")) == (b"\x00\xff", b"", None)
    assert sorted(box.digests()) == ["a", "b"]


def test_a_journal_numbers_its_entries(box: SandboxStore):
    assert [box.log("requests", {"n": number}) for number in range(3)] == [1, 2, 3]
    assert box.journal("requests").entries == ((1, {"n": 0}), (2, {"n": 1}), (3, {"n": 2}))
    assert box.journal("requests").dropped == 0
    assert list(box.journals()) == ["requests"]


def test_a_journal_is_read_in_pages_and_from_its_end(box: SandboxStore):
    for number in range(1, 8):
        box.log("requests", {"n": number})

    def read(**options: Any) -> list[int]:
        return [number for number, _ in box.journal("requests", **options).entries]

    assert read(limit=3) == [1, 2, 3]
    assert read(after=3, limit=3) == [4, 5, 6]
    assert read(limit=2, newest=True) == [6, 7]
    assert read(after=5, newest=True) == [6, 7]
    assert read(after=7) == []


def test_a_journal_that_nobody_wrote_is_empty(box: SandboxStore):
    page = box.journal("none")
    assert (page.entries, page.dropped, list(box.journals())) == ((), 0, [])
