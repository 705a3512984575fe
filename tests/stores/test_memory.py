from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from emulator.core.errors import NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.faxes.machine import State
from emulator.core.sandboxes.sandbox import Sandbox
from emulator.stores.memory import MemoryStore
from emulator.stores.memory.box import FEWEST


def store_with(*names: str, **options: int) -> MemoryStore:
    store = MemoryStore(**options)
    for name in names:
        store.create(Sandbox(id=name, name=name, seed=name, created_at=1.0), ())
    return store


def fax(number: int, **more: object) -> Fax:
    given = {"vendor": "acme", "to": "+1", "state": State.received, "created_at": 1.0, "changed_at": 1.0}
    return Fax(id=f"fax-{number}", sequence=number, names=(str(number),), **{**given, **more})  # type: ignore[arg-type]


def test_instants_that_are_put_off_again_and_again_are_not_kept():
    store = store_with("a")
    item = fax(1, due_at=1e9)
    store.commit("a", (item,))
    for number in range(3 * FEWEST):
        item = item.evolve(version=item.version + 1, due_at=2e9 + number)
        store.commit("a", (item,))
    assert len(store._boxes.box("a").due) <= FEWEST
    due = store.due("a")
    assert due is not None
    assert due.at == item.due_at


def test_many_instants_are_all_kept():
    store = store_with("a")
    store.commit("a", [fax(number, due_at=1e9 - number) for number in range(3 * FEWEST)])
    due = store.due("a")
    assert due is not None
    assert (due.at, len(store._boxes.box("a").due)) == (1e9 - 3 * FEWEST + 1, 3 * FEWEST)


def test_a_commit_to_a_sandbox_that_is_being_removed_is_kept_or_not_found():
    store = store_with("a", blob_bytes=1000)
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def write(number: int) -> str:
        try:
            store.put_blob("a", str(number), b"1234")
            store.commit("a", (fax(number),))
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
    assert (store._boxes.documents.total, len(store._boxes.documents)) == (0, 0)


def test_a_closed_store_has_let_everything_go():
    store = store_with("a")
    store.put_blob("a", "1", b"1234")
    store.close()
    assert store.sandboxes() == []
