from __future__ import annotations

from typing import Any

import pytest

from emulator.core.engine import snapshot
from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.errors import Conflict, Invalid, NotFound
from emulator.core.item import Record
from emulator.core.sandbox import Hook, Mode, Settings
from tests.core.world import START, World


def test_a_sandbox_is_found_by_the_credentials_that_were_made_for_it(world: World):
    other = world.make(name="other")
    keys = {other.credentials["acme"]["key"], world.sandbox.credentials["acme"]["key"]}
    assert len(keys) == 2
    assert world.store.bound(f"acme/{other.credentials['acme']['key']}") == other.id
    assert world.store.bound("acme/nobody") is None


def test_the_default_sandbox_has_the_documented_credentials(world: World):
    made = world.make(sandbox_id=DEFAULT)
    assert made.credentials == {"acme": {"key": "acme-key"}}
    assert world.store.bound("acme/acme-key") == DEFAULT


def test_a_sandbox_begins_with_what_was_asked_for(world: World):
    made = world.make(
        name="asked", seed="7", mode=Mode.running, speed=None, now=START + 5, balance=42,
        hooks={"acme": {"inbound": Hook("http://in/", "a:b")}},
    )  # fmt: skip
    clock, settings = world.engine.world(made.id).clock, world.engine.world(made.id).settings("acme")
    assert (made.name, made.seed, made.created_at) == ("asked", "7", START)
    assert (clock.mode, clock.speed, clock.now(world.real())) == (Mode.running, None, START + 5)
    assert settings == Settings(id="acme", max_attempts=3, inbound=Hook("http://in/", "a:b"))
    assert world.engine.world(made.id).balance("acme") == 42


def test_a_sandbox_that_is_not_told_has_names_money_and_time_of_the_usual_kind(world: World):
    made = world.sandboxes.create()
    assert (made.name, world.engine.world(made.id).balance("acme")) == (made.id, 1_000_000)
    clock = world.engine.world(made.id).clock
    assert (clock.mode, clock.speed, clock.now(START)) == (Mode.running, 20, START)


def test_two_sandboxes_have_faxes_numbers_and_time_of_their_own(world: World):
    world.send(vendor_id="A1")
    other = world.make()
    world.advance(by=10)
    assert world.engine.world(other.id).now == START
    assert world.engine.world(other.id).find("acme", "A1") is None
    assert world.store.of(other.id).next("fax") == 1


def test_an_id_that_is_taken_is_refused(world: World):
    with pytest.raises(Conflict):
        world.make(sandbox_id=world.sandbox.id)


def test_a_reset_forgets_all_but_credentials_settings_balances_and_the_clock(world: World):
    world.set(balance=7, lines=3)
    world.send()
    world.advance(by=10)
    world.own.store.log("requests", {"path": "/"})
    world.own.store.put_blob("d", b"document")
    world.own.store.commit((Record(id="r", group="labels"),))
    world.sandboxes.reset(world.sandbox.id)
    settings = world.own.settings("acme")
    assert (settings.lines, settings.outbound, world.own.balance("acme")) == (
        3, Hook("http://receiver.test/hook"), 7,
    )  # fmt: skip
    assert world.now() == 10
    assert world.store.bound(f"acme/{world.sandbox.credentials['acme']['key']}") == world.sandbox.id
    assert world.own.store.numbers() == {"balance/acme": 7}
    assert [world.own.store.count(name) for name in ("fax", "delivery", "labels")] == [0, 0, 0]
    assert world.own.store.blob("d") is None
    assert world.own.store.journal("requests").entries == ()
    assert world.own.store.due() is None
    assert world.send().id == "fax-1"


def test_a_removed_sandbox_is_gone_with_its_credentials(world: World):
    world.store.remove(world.sandbox.id)
    assert world.store.bound(f"acme/{world.sandbox.credentials['acme']['key']}") is None
    with pytest.raises(NotFound, match=f"no sandbox {world.sandbox.id}"):
        world.send()


def test_the_clock_is_changed_from_the_present_on(world: World):
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.running, speed=10)
    world.real.pass_(2)
    assert world.now() == 20
    world.sandboxes.set_clock(world.sandbox.id, mode=Mode.manual)
    world.real.pass_(2)
    assert world.now() == 20
    with pytest.raises(Invalid, match="time never goes back"):
        world.sandboxes.set_clock(world.sandbox.id, now=START)


def test_settings_of_an_unknown_vendor_are_not_found(world: World):
    with pytest.raises(NotFound, match="no vendor nobody in sandbox"):
        world.sandboxes.set_vendor(world.sandbox.id, "nobody", lines=1)


def test_a_change_of_parts_is_made_anew_when_another_comes_in_between(world: World):
    """As two calls do that change the profile at one time: neither is lost."""
    sandbox, others = world.sandbox.id, iter(["first", "second"])

    def change(settings: Settings) -> dict[str, Any]:
        if other := next(others, None):
            world.set(profile={**settings.profile, other: True}, lines=3)
        return {"profile": {**settings.profile, "mine": True}}

    changed = world.sandboxes.set_vendor(sandbox, "acme", change, max_attempts=9)
    assert changed.profile == {"first": True, "second": True, "mine": True}
    assert (changed.lines, changed.max_attempts) == (3, 9)
    assert world.engine.world(sandbox).settings("acme") == changed


def test_a_snapshot_brings_the_credentials_of_its_records_but_takes_none_from_another_sandbox(world: World):
    def record(name: str, sandbox_id: str) -> None:
        kept = Record(id=name, group="logins", credentials=(f"acme/{name}",))
        world.store.of(sandbox_id).commit((kept,))
        world.store.bind(f"acme/{name}", sandbox_id)

    gone, here = world.make(), world.sandbox.id
    record("login", gone.id)
    taken = snapshot.take(world.engine.world(gone.id))
    world.sandboxes.remove(gone.id)
    snapshot.load(world.engine.world(here), taken)
    assert world.store.bound("acme/login") == here
    other = world.make()
    snapshot.load(world.engine.world(other.id), taken)
    assert world.store.bound("acme/login") == here
    world.sandboxes.remove(here)
    assert world.store.bound("acme/login") is None
