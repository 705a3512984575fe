from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from emulator.core.errors import NotFound
from emulator.stores.memory import MemoryStore
from emulator.stores.memory.box import FEWEST
from tests.stores.things import fax, sandbox


def store_with(*names: str, **options: int) -> MemoryStore:
    store = MemoryStore(**options)
    for name in names:
        store.create(sandbox(name), ())
    return store


def test_instants_that_are_put_off_again_and_again_are_not_kept():
    store = store_with("a")
    item, box = fax(1, due_at=1e9), store.of("a")
    box.commit((item,))
    for number in range(3 * FEWEST):
        item = item.evolve(version=item.version + 1, due_at=2e9 + number)
        box.commit((item,))
    assert len(store.boxes["a"].due) <= FEWEST
    due = box.due()
    assert due is not None
    assert due.at == item.due_at


def test_many_instants_are_all_kept():
    store = store_with("a")
    box = store.of("a")
    box.commit([fax(number, due_at=1e9 - number) for number in range(3 * FEWEST)])
    due = box.due()
    assert due is not None
    assert (due.at, len(store.boxes["a"].due)) == (1e9 - 3 * FEWEST + 1, 3 * FEWEST)


def test_a_commit_to_a_sandbox_that_is_being_removed_is_kept_or_not_found():
    store = store_with("a", blob_bytes=1000)
    box = store.of("a")
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def write(number: int) -> str:
        try:
            box.put_blob(str(number), b"1234")
            box.commit((fax(number),))
        except NotFound:
            return "not found"
        return "kept"

    try:
        with ThreadPoolExecutor(4) as pool:
            results = pool.map(write, range(200))
            pool.submit(store.remove, "a").result()
            assert set(results) <= {"kept", "not found"}
    finally:
        sys.setswitchinterval(usual)
    assert (store.blobs.total, len(store.blobs)) == (0, 0)


def test_a_closed_store_has_let_everything_go():
    store = store_with("a")
    store.of("a").put_blob("1", b"1234")
    store.close()
    assert store.sandboxes() == []
