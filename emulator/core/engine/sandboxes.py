"""Making sandboxes, and what is done to a whole one: reset, settings, money, time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.engine import Engine
from emulator.core.engine.waiting import awake, first_of_each
from emulator.core.errors import Conflict, LimitReached
from emulator.core.faxes.fax import Fax
from emulator.core.item import Add
from emulator.core.sandbox import OVERLAY, Clock, Hook, Ids, Mode, Sandbox, Settings, balance_of, instant
from emulator.core.world import World

DEFAULT = "default"
KEPT = ("clock", "settings", "rule")
"""Kinds of items that a reset keeps."""


class Sandboxes:
    """The sandboxes of one engine. `chance` gives so many random hex digits, for ids, keys and seeds.

    `profiles` are the switches, by vendor, of every sandbox that does not set them otherwise, and `hooks` the
    webhooks, by vendor and direction. `taught` are switches, by vendor, that each has unless it is
    given others of that name.
    """

    def __init__(
        self,
        engine: Engine,
        chance: Callable[[int], str],
        *,
        speed: float | None = 20.0,
        profiles: Mapping[str, Mapping[str, Any]] | None = None,
        hooks: Mapping[str, Mapping[str, Hook]] | None = None,
        taught: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.taught = taught or {}
        self.profiles = profiles or {}
        self.hooks = hooks or {}
        self.engine = engine
        self.store = engine.store
        self.chance = chance
        self.speed = speed

    def create(
        self,
        name: str | None = None,
        *,
        sandbox_id: str | None = None,
        seed: str | None = None,
        mode: Mode = Mode.running,
        speed: float | str | None = "",
        now: float | None = None,
        hooks: Mapping[str, Mapping[str, Hook]] | None = None,
        profiles: Mapping[str, Mapping[str, Any]] | None = None,
        balance: int | None = None,
        below_micro: int = 0,
    ) -> Sandbox:
        """Make a sandbox whose credentials find it; `balance` in micros holds for every vendor.

        `below_micro` is what the balance holds beside them, as in the settings. Without a name it is called
        after the seed that is given, as vendors show it and a run must be repeatable, or after its id.
        """
        if name is None and sandbox_id is None and seed is not None:
            name = Ids(seed).hex("sandbox/name", 0, 12)
        sandbox_id = sandbox_id or self.chance(12)
        real = self.engine.real()
        keys = Ids(self.chance(32))
        vendors = self.engine.vendors.values()
        minted = {vendor.name: self._credentials(vendor, sandbox_id, keys) for vendor in vendors}
        sandbox = Sandbox(
            id=sandbox_id,
            name=name or sandbox_id,
            seed=self.chance(16) if seed is None else seed,
            credentials=minted,
            created_at=instant(real),
        )
        clock = Clock(
            mode=mode,
            speed=self.speed if isinstance(speed, str) else speed,
            base=instant(real if now is None else now),
            real_base=real,
        )
        settings = [
            replace(
                _settings(vendor, clock, {**self.hooks, **(hooks or {})}.get(vendor.name, {})),
                profile=self._profile(vendor, clock, (profiles or {}).get(vendor.name)),
                below_micro=below_micro,
            )
            for vendor in vendors
        ]
        funds = {vendor.name: vendor.balance if balance is None else balance for vendor in vendors}
        adds = [Add(balance_of(vendor), amount) for vendor, amount in funds.items()]
        self.store.create(sandbox, (clock, *settings), adds)
        self._bind(sandbox)
        return sandbox

    def open(self, sandbox_id: str, seed: str | None = None) -> bool:
        """Make a sandbox unless a shared store has it already; tell whether it was made."""
        try:
            self.create(sandbox_id, sandbox_id=sandbox_id, seed=seed)
        except Conflict:
            self._bind(self.store.of(sandbox_id).sandbox)  # who made it may have died in between
            return False
        return True

    def _profile(self, vendor: Vendor, clock: Clock, wanted: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """The switches that a sandbox begins with: the vendor's, its own or, without any, the server's."""
        usual = _settings(vendor, clock, {}).profile
        chosen = self.profiles.get(vendor.name, {}) if wanted is None else wanted
        switches = {**usual, **self.taught.get(vendor.name, {}), **chosen}
        self.engine.heeds_overlays |= OVERLAY in switches
        return switches

    def _bind(self, sandbox: Sandbox) -> None:
        for vendor in self.engine.vendors.values():
            for key in vendor.keys(sandbox.credentials.get(vendor.name, {})):
                self.store.bind(f"{vendor.name}/{key}", sandbox.id)

    def reset(self, sandbox_id: str) -> None:
        """Forget all but credentials, settings, standing rules, balances and the clock."""
        world = self.engine.world(sandbox_id)
        world.store.clear(KEPT)
        world.tell("sandbox", "reset")

    def remove(self, sandbox_id: str) -> None:
        """Forget a sandbox and its credentials; raise NotFound."""
        self.store.remove(sandbox_id)
        self.engine.world(sandbox_id).tell("sandbox", "removed")

    def set_clock(self, sandbox_id: str, **change: Any) -> Clock:
        """Change mode, speed or the present; raise Invalid for a step back."""
        world = self.engine.world(sandbox_id)

        def once() -> Clock:
            clock = world.clock.change(world.real(), **change)
            world.commit((clock,))
            world.tell("clock", clock)
            return clock

        return world.retry(once, "the clock")

    def set_vendor(
        self,
        sandbox_id: str,
        vendor: str,
        change: Callable[[Settings], Mapping[str, Any]] = lambda settings: {},
        *,
        balance: int | None = None,
        **changes: Any,
    ) -> Settings:
        """Change portal settings, and wake the faxes that may go on with them.

        `change` gives further changes, made anew from the settings when another writer came first. A balance
        in micros replaces the old one and wakes all that are on credit hold.
        """
        world = self.engine.world(sandbox_id)

        def once() -> Settings:
            settings = world.settings(vendor)
            settings = replace(settings, version=settings.version + 1, **{**changes, **change(settings)})
            self.engine.heeds_overlays |= OVERLAY in settings.profile
            name, held = balance_of(vendor), world.balance(vendor)
            adds = [] if balance is None else [Add(name, balance - held, balance, balance)]
            woken = _parked(world, vendor, funded=balance is not None)
            try:
                world.commit((settings, *woken), adds=adds)
            except LimitReached:
                raise Conflict(f"{name} has changed") from None
            world.tell("settings", vendor)
            return settings

        return world.retry(once, "the settings")

    def _credentials(self, vendor: Vendor, sandbox_id: str, keys: Ids) -> dict[str, str]:
        return dict(vendor.credentials) if sandbox_id == DEFAULT else vendor.mint(keys)


def _settings(vendor: Vendor, clock: Clock, hooks: Mapping[str, Hook]) -> Settings:
    return Settings(id=vendor.name, **{**vendor.settings, **vendor.beginning(clock), **hooks})


def _parked(world: World, vendor: str, *, funded: bool) -> list[Fax]:
    """The faxes that may go on now: the first that wait for a line (each that finds room wakes the next), and
    with new funds all that are on credit hold."""
    at = world.now
    parked = first_of_each(_all(world, f"waiting/{vendor}"))
    if funded:
        parked += _all(world, f"hold/{vendor}")
    return [awake(fax, at) for fax in parked]


def _all(world: World, name: str) -> list[Fax]:
    count = world.store.count(name)
    return world.list(Fax, name, limit=count, descending=False) if count else []
