"""What every store must do when one thread reads at one moment, and writes as one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from emulator.core.errors import Conflict, LimitReached, NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.sandboxes.clock import Clock
from emulator.core.sandboxes.sandbox import Settings
from emulator.core.storage.store import Add, Due, Store
from emulator.stores.memory import MemoryStore
from tests.stores.things import BOX, after, delivery, fax, record, sandbox


def elsewhere(look: Callable[[], Any]) -> Any:
    """Look with another thread, as another call does."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(look).result()


# writes
def test_what_is_written_together_is_seen_by_its_thread_at_once_and_then_by_all(store: Store):
    store.commit(BOX, (fax(1, due_at=9.0, folders=("old",)),), adds=(Add("n", 5),))
    with store.together(BOX):
        moved = after(fax(1, due_at=9.0), due_at=3.0, folders=("new",), names=("A1",))
        store.commit(BOX, (moved, fax(2, due_at=2.0)), adds=(Add("n", 1),))
        assert store.get(BOX, Fax, "fax-1") == store.find(BOX, Fax, "acme/A1") == moved
        assert store.due(BOX) == Due(2.0, "fax", "fax-2")
        assert (store.number(BOX, "n"), store.next(BOX, "n"), store.numbers(BOX)) == (6, 7, {"n": 7})
        assert (store.count(BOX, "fax"), store.count(BOX, "old"), store.list(BOX, Fax, "new")) == (
            2,
            0,
            [moved],
        )
    assert elsewhere(lambda: store.list(BOX, Fax, "fax")) == [fax(2, due_at=2.0), moved]
    assert elsewhere(lambda: (store.number(BOX, "n"), store.due(BOX))) == (7, Due(2.0, "fax", "fax-2"))


def test_an_item_may_change_often_before_it_is_written(store: Store):
    item = fax(due_at=1.0)
    store.commit(BOX, (item,))
    with store.together(BOX):
        for at in range(2, 40):
            item = after(item, due_at=float(at))
            store.commit(BOX, (item,))
            assert store.due(BOX) == Due(float(at), "fax", "fax-1")
        store.commit(BOX, (record(),))
        store.commit(BOX, deletes=(record(),))
    assert elsewhere(lambda: store.items(BOX)) == [item]
    store.commit(BOX, (after(item, due_at=None),))
    assert store.due(BOX) is None


def test_a_commit_that_cannot_be_is_refused_at_once_and_the_others_stand(store: Store):
    store.commit(BOX, (fax(1),), adds=(Add("n", 1),))
    with store.together(BOX):
        store.commit(BOX, (fax(2),), adds=(Add("n", 1, at_most=2),))
        with pytest.raises(Conflict):
            store.commit(BOX, (fax(1, version=3), fax(3)))
        with pytest.raises(Conflict):
            store.commit(BOX, deletes=(after(fax(1)),))
        with pytest.raises(LimitReached) as reached:
            store.commit(BOX, (fax(4),), adds=(Add("m", 1), Add("n", 1, at_most=2)))
        store.commit(BOX, (after(fax(1)),))
    assert reached.value.name == "n"
    assert elsewhere(lambda: [each.id for each in store.list(BOX, Fax, "fax")]) == ["fax-2", "fax-1"]
    assert store.numbers(BOX) == {"n": 2}


def test_what_came_before_an_error_is_written(store: Store):
    def fail() -> None:
        store.commit(BOX, (fax(),))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.together(BOX):
        fail()
    assert elsewhere(lambda: store.get(BOX, Fax, "fax-1")) == fax()


def test_what_is_to_be_done_afterwards_finds_it_written(store: Store):
    seen: list[Any] = []
    look = lambda: seen.append(elsewhere(lambda: store.get(BOX, Fax, "fax-1")))  # noqa: E731
    store.afterwards(look)
    with store.together(BOX):
        store.commit(BOX, (fax(),))
        store.afterwards(look)
    assert seen == [None, fax()]


def test_what_is_done_afterwards_may_write(store: Store):
    with store.together(BOX):
        store.commit(BOX, (fax(),))
        store.afterwards(lambda: store.commit(BOX, (after(fax(), pages=3),)))
    found = elsewhere(lambda: store.get(BOX, Fax, "fax-1"))
    assert (found.version, found.pages) == (2, 3)


def test_however_much_is_due_it_comes_in_its_order(store: Store):
    count, random, played = 100, Random(1), []
    store.commit(BOX, [fax(number, due_at=float(random.randrange(30))) for number in range(count)])
    with store.together(BOX):
        while (due := store.due(BOX)) is not None:
            item = store.get(BOX, Fax, due.id)
            assert item is not None
            played.append((due.at, item.sequence))
            later = due.at + 20.0 if item.version < 3 else None
            store.commit(BOX, (after(item, due_at=later),))
    assert (len(played), played) == (3 * count, sorted(played))
    assert elsewhere(lambda: store.due(BOX)) is None


def test_documents_and_journals_are_kept_in_the_midst_of_it(store: Store):
    with store.together(BOX):
        store.commit(BOX, (fax(),))
        store.put_blob(BOX, "d", b"content")
        assert (store.log(BOX, "requests", {}), store.blob(BOX, "d")) == (1, b"content")
    assert elsewhere(lambda: store.get(BOX, Fax, "fax-1")) == fax()


def test_another_sandbox_is_written_as_ever(store: Store):
    store.create(sandbox("other"), (Settings(id="acme"),))
    with store.together(BOX):
        store.commit("other", (fax(due_at=1.0),), adds=(Add("n", 1),))
        assert elsewhere(lambda: store.due("other")) == Due(1.0, "fax", "fax-1")
        assert (store.number("other", "n"), store.sandbox("other")) == (1, sandbox("other"))
        assert store.get("other", Settings, "acme") == Settings(id="acme")


def test_an_unknown_sandbox_is_not_found_by_who_does_things_in_a_row(store: Store):
    with pytest.raises(NotFound), store.together("none"):
        store.commit("none", (fax(),))
    with pytest.raises(NotFound), store.reading():
        store.sandbox("none")


@pytest.mark.parametrize("seed", range(3))
def test_it_is_as_if_each_commit_were_made_alone(store: Store, seed: int):
    """A memory store that writes each thing as it comes is the measure; both are told the same."""
    plain, random = MemoryStore(), Random(seed)
    plain.create(sandbox(), ())
    for _ in range(8):
        with store.together(BOX):
            for _ in range(random.randrange(25)):
                told = commit_of(random, plain)
                assert outcome(store, *told) == outcome(plain, *told)
                assert (store.due(BOX), store.number(BOX, "n")) == (plain.due(BOX), plain.number(BOX, "n"))
        for name in ("fax", "fax/acme", "f0", "f1"):
            assert store.list(BOX, Fax, name) == plain.list(BOX, Fax, name)
        assert store.numbers(BOX) == plain.numbers(BOX)
        names = [f"acme/{number}{letter}" for number in range(6) for letter in "ab"]
        assert [store.find(BOX, Fax, name) for name in names] == [
            plain.find(BOX, Fax, name) for name in names
        ]


def commit_of(random: Random, store: Store) -> tuple[list[Fax], list[Add], list[Fax]]:
    """Make up a commit, most often one that can be."""
    puts, deletes = [], []
    for number in random.sample(range(6), random.randrange(3)):
        old = store.get(BOX, Fax, f"fax-{number}")
        if old is not None and random.random() < 0.2:
            deletes.append(old)
            continue
        made = fax(
            number,
            version=(old.version + 1 if old else 1) + (random.random() < 0.05),
            due_at=random.choice([None, float(random.randrange(5))]),
            folders=tuple(random.sample(["f0", "f1"], random.randrange(3))),
            names=(f"{number}{random.choice('ab')}",),
        )
        puts.append(made)
    adds = [Add("n", random.randrange(-2, 4), at_least=0, at_most=20)] if random.random() < 0.5 else []
    return puts, adds, deletes


def outcome(store: Store, puts: list[Fax], adds: list[Add], deletes: list[Fax]) -> str:
    try:
        store.commit(BOX, puts, adds=adds, deletes=deletes)
    except (Conflict, LimitReached) as refused:
        return str(refused)
    return "written"


# reads
def test_reads_in_a_row_see_what_their_thread_writes(store: Store):
    clock, settings = Clock(base=1.0, real_base=2.0), Settings(id="acme")
    store.commit(BOX, (clock, settings), adds=(Add("balance/acme", 5),))
    with store.reading():
        assert (store.sandbox(BOX), store.get(BOX, Clock, "clock")) == (sandbox(), clock)
        assert (store.get(BOX, Settings, "acme"), store.get(BOX, Settings, "none")) == (settings, None)
        assert (store.number(BOX, "balance/acme"), store.due(BOX), store.count(BOX, "rule")) == (5, None, 0)
        ahead, lines = after(clock, base=9.0), after(settings, lines=3)
        store.commit(BOX, (ahead, lines, delivery(due_at=4.0)), adds=(Add("balance/acme", -2),))
        assert (store.get(BOX, Clock, "clock"), store.get(BOX, Settings, "acme")) == (ahead, lines)
        assert (store.number(BOX, "balance/acme"), store.due(BOX)) == (3, Due(4.0, "delivery", "delivery-1"))
        assert [store.next(BOX, "n"), store.next(BOX, "n"), store.number(BOX, "n")] == [1, 2, 2]
        store.clear(BOX, ("clock",))
        assert (store.get(BOX, Settings, "acme"), store.due(BOX)) == (None, None)


def test_a_credential_finds_another_sandbox_as_soon_as_it_is_bound_to_it(store: Store):
    store.create(sandbox("other"), ())
    for name in (BOX, "other", BOX):
        elsewhere(lambda name=name: store.bind("acme/key", name))
        with store.reading():
            assert (store.bound("acme/key"), store.sandbox(name).id) == (name, name)


def test_a_credential_of_a_sandbox_that_is_gone_finds_none(store: Store):
    store.bind("acme/key", BOX)
    with store.reading():
        assert store.bound("acme/key") == BOX
    store.remove(BOX)
    with store.reading():
        assert store.bound("acme/key") is None
