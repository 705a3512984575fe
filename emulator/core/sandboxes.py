"""Making sandboxes, and what is done to a whole one: reset, settings, money, time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from emulator.core.clock import Clock, Mode, instant
from emulator.core.engine import TRIES, Engine
from emulator.core.errors import Conflict
from emulator.core.fax import Fax
from emulator.core.ids import Ids
from emulator.core.sandbox import Hook, Sandbox, Settings, balance_of
from emulator.core.store import Add
from emulator.core.vendor import Vendor

DEFAULT = "default"
KEPT = ("clock", "settings")
"""Kinds of items that a reset keeps."""


class Sandboxes:
    """The sandboxes of one engine. `chance` gives so many random hex digits, for ids, keys and seeds not chosen."""

    def __init__(self, engine: Engine, chance: Callable[[int], str], *, speed: float | None = 20.0) -> None:
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
        speed: float | None | str = "",
        now: float | None = None,
        hooks: Mapping[str, Mapping[str, Hook]] | None = None,
        balance: int | None = None,
    ) -> Sandbox:
        """Make a sandbox whose credentials find it; `balance` in micros holds for every vendor."""
        sandbox_id = sandbox_id or self.chance(12)
        real = self.engine.real()
        keys = Ids(self.chance(32))
        vendors = self.engine.vendors.values()
        minted = {vendor.name: self._credentials(vendor, sandbox_id, keys) for vendor in vendors}
        sandbox = Sandbox(
            id=sandbox_id,
            name=name or sandbox_id,
            seed=seed if seed is not None else self.chance(16),
            credentials=minted,
            created_at=instant(real),
        )
        clock = Clock(
            mode=mode,
            speed=self.speed if isinstance(speed, str) else speed,
            base=instant(real if now is None else now),
            real_base=real,
        )
        settings = [self._settings(vendor, (hooks or {}).get(vendor.name, {})) for vendor in vendors]
        self.store.create(sandbox, (clock, *settings))
        funds = {vendor.name: vendor.balance if balance is None else balance for vendor in vendors}
        self.store.commit(sandbox_id, adds=[Add(balance_of(vendor), amount) for vendor, amount in funds.items()])
        for vendor in vendors:
            for key in vendor.keys(minted[vendor.name]):
                self.store.bind(f"{vendor.name}/{key}", sandbox_id)
        return sandbox

    def reset(self, sandbox_id: str) -> None:
        """Forget faxes, journals, vendor objects and queued scenarios; keep credentials, settings, balances and clock."""
        self.store.sandbox(sandbox_id)
        self.store.clear(sandbox_id, KEPT)

    def set_clock(self, sandbox_id: str, **change: Any) -> Clock:
        """Change mode, speed or the present; raise Invalid for a step back."""
        for _ in range(TRIES):
            clock = self.engine.clock(sandbox_id).change(self.engine.real(), **change)
            try:
                self.store.commit(sandbox_id, (clock,))
                return clock
            except Conflict:
                continue
        raise Conflict("the clock is changed by too many at once")

    def set_vendor(self, sandbox_id: str, vendor: str, *, balance: int | None = None, **changes: Any) -> Settings:
        """Change portal settings; a balance in micros replaces the old one and lets faxes on credit hold go on."""
        for _ in range(TRIES):
            settings = self.engine.settings(sandbox_id, vendor)
            settings = replace(settings, version=settings.version + 1, **changes)
            held = self.engine.balance(sandbox_id, vendor)
            adds = [] if balance is None else [Add(balance_of(vendor), balance - held, balance, balance)]
            try:
                self.store.commit(sandbox_id, (settings, *self._on_hold(sandbox_id, vendor, adds)), adds=adds)
                return settings
            except Conflict:
                continue
        raise Conflict("the settings are changed by too many at once")

    def _on_hold(self, sandbox_id: str, vendor: str, adds: list[Add]) -> list[Fax]:
        if not adds:
            return []
        at = self.engine.now(sandbox_id)
        held = self.store.list(sandbox_id, Fax, f"hold/{vendor}", limit=10_000)
        return [fax.evolve(version=fax.version + 1, due_at=at) for fax in held]

    def _credentials(self, vendor: Vendor, sandbox_id: str, keys: Ids) -> dict[str, str]:
        return dict(vendor.credentials) if sandbox_id == DEFAULT else vendor.mint(keys)

    def _settings(self, vendor: Vendor, hooks: Mapping[str, Hook]) -> Settings:
        return Settings(id=vendor.name, **{**vendor.settings, **hooks})
