"""What every store must do when one thread reads at one moment, and writes as one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from emulator.core.errors import Conflict, LimitReached, NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.item import Add
from emulator.core.sandbox import Clock, Settings
from emulator.core.storage.store import Due, SandboxStore, Store
from emulator.stores.memory import MemoryStore
from tests.stores.things import BOX, after, delivery, fax, record, sandbox


def elsewhere(look: Callable[[], Any]) -> Any:
    """Look with another thread, as another call does."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(look).result()


# writes
def test_what_is_written_together_is_seen_by_its_thread_at_once_and_then_by_all(box: SandboxStore):
    box.commit((fax(1, due_at=9.0, folders=("old",)),), adds=(Add("n", 5),))
    with box.together():
        moved = after(fax(1, due_at=9.0), due_at=3.0, folders=("new",), names=("A1",))
        box.commit((moved, fax(2, due_at=2.0)), adds=(Add("n", 1),))
        assert box.get(Fax, "fax-1") == box.find(Fax, "acme/A1") == moved
        assert box.due() == Due(2.0, "fax", "fax-2")
        assert (box.number("n"), box.next("n"), box.numbers()) == (6, 7, {"n": 7})
        assert (box.count("fax"), box.count("old"), box.list(Fax, "new")) == (
            2,
            0,
            [moved],
        )
    assert elsewhere(lambda: box.list(Fax, "fax")) == [fax(2, due_at=2.0), moved]
    assert elsewhere(lambda: (box.number("n"), box.due())) == (7, Due(2.0, "fax", "fax-2"))


def test_an_item_may_change_often_before_it_is_written(box: SandboxStore):
    item = fax(due_at=1.0)
    box.commit((item,))
    with box.together():
        for at in range(2, 40):
            item = after(item, due_at=float(at))
            box.commit((item,))
            assert box.due() == Due(float(at), "fax", "fax-1")
        box.commit((record(),))
        box.commit(deletes=(record(),))
    assert elsewhere(lambda: box.items()) == [item]
    box.commit((after(item, due_at=None),))
    assert box.due() is None


def test_a_commit_that_cannot_be_is_refused_at_once_and_the_others_stand(box: SandboxStore):
    box.commit((fax(1),), adds=(Add("n", 1),))
    with box.together():
        box.commit((fax(2),), adds=(Add("n", 1, at_most=2),))
        with pytest.raises(Conflict):
            box.commit((fax(1, version=3), fax(3)))
        with pytest.raises(Conflict):
            box.commit(deletes=(after(fax(1)),))
        with pytest.raises(LimitReached) as reached:
            box.commit((fax(4),), adds=(Add("m", 1), Add("n", 1, at_most=2)))
        box.commit((after(fax(1)),))
    assert reached.value.name == "n"
    assert elsewhere(lambda: [each.id for each in box.list(Fax, "fax")]) == ["fax-2", "fax-1"]
    assert box.numbers() == {"n": 2}


def test_what_came_before_an_error_is_written(box: SandboxStore):
    def fail() -> None:
        box.commit((fax(),))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), box.together():
        fail()
    assert elsewhere(lambda: box.get(Fax, "fax-1")) == fax()


def test_what_is_to_be_done_afterwards_finds_it_written(store: Store, box: SandboxStore):
    seen: list[Any] = []
    look = lambda: seen.append(elsewhere(lambda: box.get(Fax, "fax-1")))  # noqa: E731
    store.afterwards(look)
    with box.together():
        box.commit((fax(),))
        store.afterwards(look)
    assert seen == [None, fax()]


def test_what_is_done_afterwards_may_write(store: Store, box: SandboxStore):
    with box.together():
        box.commit((fax(),))
        store.afterwards(lambda: box.commit((after(fax(), pages=3),)))
    found = elsewhere(lambda: box.get(Fax, "fax-1"))
    assert (found.version, found.pages) == (2, 3)


def test_however_much_is_due_it_comes_in_its_order(box: SandboxStore):
    count, random, played = 100, Random(1), []
    box.commit([fax(number, due_at=float(random.randrange(30))) for number in range(count)])
    with box.together():
        while (due := box.due()) is not None:
            item = box.get(Fax, due.id)
            assert item is not None
            played.append((due.at, item.sequence))
            later = due.at + 20.0 if item.version < 3 else None
            box.commit((after(item, due_at=later),))
    assert (len(played), played) == (3 * count, sorted(played))
    assert elsewhere(lambda: box.due()) is None


def test_documents_and_journals_are_kept_in_the_midst_of_it(box: SandboxStore):
    with box.together():
        box.commit((fax(),))
        box.put_blob("d", b"content")
        assert (box.log("requests", {}), box.blob("d")) == (1, b"content")
    assert elsewhere(lambda: box.get(Fax, "fax-1")) == fax()


def test_another_sandbox_is_written_as_ever(store: Store, box: SandboxStore):
    store.create(sandbox("other"), (Settings(id="acme"),))
    other = store.of("other")
    with box.together():
        other.commit((fax(due_at=1.0),), adds=(Add("n", 1),))
        assert elsewhere(lambda: other.due()) == Due(1.0, "fax", "fax-1")
        assert (other.number("n"), other.sandbox) == (1, sandbox("other"))
        assert other.get(Settings, "acme") == Settings(id="acme")


def test_an_unknown_sandbox_is_not_found_by_who_does_things_in_a_row(store: Store):
    with pytest.raises(NotFound), store.of("none").together():
        store.of("none").commit((fax(),))
    with pytest.raises(NotFound), store.reading():
        store.of("none").count("rule")


@pytest.mark.parametrize("seed", range(3))
def test_it_is_as_if_each_commit_were_made_alone(box: SandboxStore, seed: int):
    """A memory store that writes each thing as it comes is the measure; both are told the same."""
    memory, random = MemoryStore(), Random(seed)
    memory.create(sandbox(), ())
    plain = memory.of(BOX)
    for _ in range(8):
        with box.together():
            for _ in range(random.randrange(25)):
                told = commit_of(random, plain)
                assert outcome(box, *told) == outcome(plain, *told)
                assert (box.due(), box.number("n")) == (plain.due(), plain.number("n"))
        for name in ("fax", "fax/acme", "f0", "f1"):
            assert box.list(Fax, name) == plain.list(Fax, name)
        assert box.numbers() == plain.numbers()
        names = [f"acme/{number}{letter}" for number in range(6) for letter in "ab"]
        assert [box.find(Fax, name) for name in names] == [plain.find(Fax, name) for name in names]


def commit_of(random: Random, box: SandboxStore) -> tuple[list[Fax], list[Add], list[Fax]]:
    """Make up a commit, most often one that can be."""
    puts, deletes = [], []
    for number in random.sample(range(6), random.randrange(3)):
        old = box.get(Fax, f"fax-{number}")
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


def outcome(box: SandboxStore, puts: list[Fax], adds: list[Add], deletes: list[Fax]) -> str:
    try:
        box.commit(puts, adds=adds, deletes=deletes)
    except (Conflict, LimitReached) as refused:
        return str(refused)
    return "written"


# reads
def test_reads_in_a_row_see_what_their_thread_writes(store: Store, box: SandboxStore):
    clock, settings = Clock(base=1.0, real_base=2.0), Settings(id="acme")
    box.commit((clock, settings), adds=(Add("balance/acme", 5),))
    with store.reading():
        assert (box.sandbox, box.get(Clock, "clock")) == (sandbox(), clock)
        assert (box.get(Settings, "acme"), box.get(Settings, "none")) == (settings, None)
        assert (box.number("balance/acme"), box.due(), box.count("rule")) == (5, None, 0)
        ahead, lines = after(clock, base=9.0), after(settings, lines=3)
        box.commit((ahead, lines, delivery(due_at=4.0)), adds=(Add("balance/acme", -2),))
        assert (box.get(Clock, "clock"), box.get(Settings, "acme")) == (ahead, lines)
        assert (box.number("balance/acme"), box.due()) == (3, Due(4.0, "delivery", "delivery-1"))
        assert [box.next("n"), box.next("n"), box.number("n")] == [1, 2, 2]
        box.clear(("clock",))
        assert (box.get(Settings, "acme"), box.due()) == (None, None)


def test_a_credential_finds_another_sandbox_as_soon_as_it_is_bound_to_it(store: Store):
    store.create(sandbox("other"), ())
    for name in (BOX, "other", BOX):
        elsewhere(lambda name=name: store.bind("acme/key", name))
        with store.reading():
            assert (store.bound("acme/key"), store.of(name).sandbox.id) == (name, name)


def test_a_credential_of_a_sandbox_that_is_gone_finds_none(store: Store):
    store.bind("acme/key", BOX)
    with store.reading():
        assert store.bound("acme/key") == BOX
    store.remove(BOX)
    with store.reading():
        assert store.bound("acme/key") is None
