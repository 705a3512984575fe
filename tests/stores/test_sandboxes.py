"""What every store must do with sandboxes and the credentials that find them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from emulator.core.errors import Conflict, NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.item import Add
from emulator.core.sandbox import Clock, Settings
from emulator.core.storage.store import SandboxStore, Store
from tests.stores.things import BOX, after, fax, sandbox


def test_a_sandbox_is_there_at_once_with_its_items_and_counters(store: Store):
    clock, settings = Clock(base=1.0, real_base=2.0), Settings(id="acme")
    store.create(sandbox("new"), (clock, settings), (Add("balance/acme", 5),))
    assert store.of("new").sandbox == sandbox("new")
    assert store.of("new").get(Clock, "clock") == clock
    assert store.of("new").get(Settings, "acme") == settings
    assert store.of("new").number("balance/acme") == 5


def test_an_id_that_is_taken_is_refused_and_nothing_is_changed(store: Store, box: SandboxStore):
    box.commit((fax(),))
    with pytest.raises(Conflict):
        store.create(sandbox(), (fax(2),))
    assert [each.id for each in box.list(Fax, "fax")] == ["fax-1"]


def test_sandboxes_are_listed_in_the_order_of_their_ids(store: Store):
    for name in ("c", "a", "d"):
        store.create(sandbox(name), ())
    assert [each.id for each in store.sandboxes()] == ["a", "box", "c", "d"]
    assert [each.id for each in store.sandboxes(limit=2)] == ["a", "box"]
    assert [each.id for each in store.sandboxes(after="box", limit=1)] == ["c"]
    assert [each.id for each in store.sandboxes(after="b")] == ["box", "c", "d"]
    assert store.sandboxes(after="d") == []


def test_a_credential_finds_its_sandbox(store: Store):
    store.bind("acme/key", BOX)
    assert store.bound("acme/key") == BOX
    assert store.bound("acme/other") is None


def test_a_removed_sandbox_is_gone_with_everything(store: Store, box: SandboxStore):
    store.create(sandbox("kept"), ())
    store.bind("acme/key", BOX)
    store.bind("acme/kept", "kept")
    box.commit((fax(due_at=1.0),), adds=(Add("n", 1),))
    box.put_blob("d", b"content")
    box.log("requests", {"a": 1})
    store.remove(BOX)
    assert (store.bound("acme/key"), store.bound("acme/kept")) == (None, "kept")
    assert [each.id for each in store.sandboxes()] == ["kept"]
    store.create(sandbox(), ())
    assert (box.get(Fax, "fax-1"), box.count("fax"), box.number("n")) == (None, 0, 0)
    assert (box.due(), box.blob("d"), box.journal("requests").entries) == (None, None, ())


ACTS: tuple[Callable[[SandboxStore], object], ...] = (
    lambda box: box.sandbox,
    lambda box: box.clear(()),
    lambda box: box.get(Fax, "fax-1"),
    lambda box: box.find(Fax, "acme/1"),
    lambda box: box.commit((fax(),)),
    lambda box: box.list(Fax, "fax"),
    lambda box: box.count("fax"),
    lambda box: box.items(),
    lambda box: box.next("n"),
    lambda box: box.number("n"),
    lambda box: box.numbers(),
    lambda box: box.due(),
    lambda box: box.exclusive("play", wait=0).__enter__(),
    lambda box: box.put_blob("d", b""),
    lambda box: box.blob("d"),
    lambda box: box.digests(),
    lambda box: box.log("requests", {}),
    lambda box: box.journal("requests"),
    lambda box: box.journals(),
)


def test_a_sandbox_that_does_not_exist_or_was_removed_is_not_found_by_any_act(
    store: Store, box: SandboxStore
):
    store.remove(BOX)
    for missing, act in product((store.of("none"), box), ACTS):
        with pytest.raises(NotFound, match=f"no sandbox {missing.id}"):
            act(missing)


def test_only_what_exists_is_removed_or_bound(store: Store):
    for act in (lambda: store.remove("none"), lambda: store.bind("acme/key", "none")):
        with pytest.raises(NotFound, match="no sandbox none"):
            act()
    assert store.bound("acme/key") is None


def test_a_sandbox_may_be_turned_to_before_it_is_there_and_again_after_it_was_removed(store: Store):
    early = store.of("new")
    for name in ("first", "second"):
        store.create(sandbox("new"), (Settings(id=name),))
        assert [each.id for each in early.items()] == [name]
        store.remove("new")


def test_clear_keeps_items_of_the_kinds_named_credentials_and_balances(store: Store, box: SandboxStore):
    store.bind("acme/key", BOX)
    settings = Settings(id="acme", lines=3)
    box.commit((settings, fax(names=("A1",), due_at=5.0)), adds=(Add("balance/acme", 7), Add("n", 1)))
    box.put_blob("d", b"content")
    box.log("requests", {"a": 1})
    box.clear(("settings",))
    assert (box.get(Settings, "acme"), store.bound("acme/key"), box.sandbox) == (
        settings, BOX, sandbox(),
    )  # fmt: skip
    assert box.numbers() == {"balance/acme": 7}
    assert (box.get(Fax, "fax-1"), box.find(Fax, "acme/A1"), box.due()) == (
        None,
        None,
        None,
    )
    assert (box.count("fax"), box.list(Fax, "fax"), box.count("settings")) == (0, [], 1)
    assert (box.blob("d"), box.journal("requests").entries) == (None, ())
    box.commit((fax(), after(settings)))
    assert box.count("fax") == 1
