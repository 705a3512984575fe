"""What every store must do with sandboxes and the credentials that find them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from emulator.core.errors import Conflict, NotFound
from emulator.core.faxes.fax import Fax
from emulator.core.sandboxes.clock import Clock
from emulator.core.sandboxes.sandbox import Settings
from emulator.core.storage.store import Add, Store
from tests.stores.things import BOX, after, fax, sandbox


def test_a_sandbox_is_there_at_once_with_its_items_and_counters(store: Store):
    clock, settings = Clock(base=1.0, real_base=2.0), Settings(id="acme")
    store.create(sandbox("new"), (clock, settings), (Add("balance/acme", 5),))
    assert store.sandbox("new") == sandbox("new")
    assert store.get("new", Clock, "clock") == clock
    assert store.get("new", Settings, "acme") == settings
    assert store.number("new", "balance/acme") == 5


def test_an_id_that_is_taken_is_refused_and_nothing_is_changed(store: Store):
    store.commit(BOX, (fax(),))
    with pytest.raises(Conflict):
        store.create(sandbox(), (fax(2),))
    assert [each.id for each in store.list(BOX, Fax, "fax")] == ["fax-1"]


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


def test_a_removed_sandbox_is_gone_with_everything(store: Store):
    store.create(sandbox("kept"), ())
    store.bind("acme/key", BOX)
    store.bind("acme/kept", "kept")
    store.commit(BOX, (fax(due_at=1.0),), adds=(Add("n", 1),))
    store.put_blob(BOX, "d", b"content")
    store.log(BOX, "requests", {"a": 1})
    store.remove(BOX)
    assert (store.bound("acme/key"), store.bound("acme/kept")) == (None, "kept")
    assert [each.id for each in store.sandboxes()] == ["kept"]
    store.create(sandbox(), ())
    assert (store.get(BOX, Fax, "fax-1"), store.count(BOX, "fax"), store.number(BOX, "n")) == (None, 0, 0)
    assert (store.due(BOX), store.blob(BOX, "d"), store.journal(BOX, "requests").entries) == (None, None, ())


CALLS: dict[str, Callable[[Store], object]] = {
    "sandbox": lambda store: store.sandbox("none"),
    "remove": lambda store: store.remove("none"),
    "clear": lambda store: store.clear("none", ()),
    "bind": lambda store: store.bind("acme/key", "none"),
    "get": lambda store: store.get("none", Fax, "fax-1"),
    "find": lambda store: store.find("none", Fax, "acme/1"),
    "commit": lambda store: store.commit("none", (fax(),)),
    "list": lambda store: store.list("none", Fax, "fax"),
    "count": lambda store: store.count("none", "fax"),
    "items": lambda store: store.items("none"),
    "next": lambda store: store.next("none", "n"),
    "number": lambda store: store.number("none", "n"),
    "numbers": lambda store: store.numbers("none"),
    "due": lambda store: store.due("none"),
    "exclusive": lambda store: store.exclusive("none", "play", wait=0).__enter__(),
    "put_blob": lambda store: store.put_blob("none", "d", b""),
    "blob": lambda store: store.blob("none", "d"),
    "digests": lambda store: store.digests("none"),
    "drop_blob": lambda store: store.drop_blob("none", "d"),
    "log": lambda store: store.log("none", "requests", {}),
    "journal": lambda store: store.journal("none", "requests"),
    "journals": lambda store: store.journals("none"),
}


@pytest.mark.parametrize("call", CALLS)
def test_an_unknown_sandbox_is_not_found(store: Store, call: str):
    with pytest.raises(NotFound, match="no sandbox none"):
        CALLS[call](store)


def test_clear_keeps_items_of_the_kinds_named_credentials_and_balances(store: Store):
    store.bind("acme/key", BOX)
    settings = Settings(id="acme", lines=3)
    store.commit(BOX, (settings, fax(names=("A1",), due_at=5.0)), adds=(Add("balance/acme", 7), Add("n", 1)))
    store.put_blob(BOX, "d", b"content")
    store.log(BOX, "requests", {"a": 1})
    store.clear(BOX, ("settings",))
    assert (store.get(BOX, Settings, "acme"), store.bound("acme/key"), store.sandbox(BOX)) == (
        settings, BOX, sandbox(),
    )  # fmt: skip
    assert store.numbers(BOX) == {"balance/acme": 7}
    assert (store.get(BOX, Fax, "fax-1"), store.find(BOX, Fax, "acme/A1"), store.due(BOX)) == (
        None,
        None,
        None,
    )
    assert (store.count(BOX, "fax"), store.list(BOX, Fax, "fax"), store.count(BOX, "settings")) == (0, [], 1)
    assert (store.blob(BOX, "d"), store.journal(BOX, "requests").entries) == (None, ())
    store.commit(BOX, (fax(), after(settings)))
    assert store.count(BOX, "fax") == 1
