"""The engine: what the living worlds of all sandboxes share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from emulator.core.dialect.vendor import Vendor
from emulator.core.engine.living import NOBODY, Asker, LivingWorld
from emulator.core.message import Fetch, Fetched, FetchFailed, Trouble
from emulator.core.scripting.rules import find_standing, take_queued
from emulator.core.scripting.scenario import ScenarioSource
from emulator.core.storage.store import Store
from emulator.core.world import Listener


def no_way_out(request: Fetch) -> Fetched:
    """Fetch nothing: this engine has no way out of the program."""
    raise FetchFailed(Trouble.refused)


class Engine:
    """Faxes of all sandboxes over one store.

    `real` gives seconds since 1970, `files` are scenarios that all sandboxes share, `fetch` gets documents
    from outside. Who wants to hear what happens appends to `listeners`.
    """

    def __init__(
        self,
        store: Store,
        vendors: Mapping[str, Vendor],
        *,
        real: Callable[[], float],
        files: Sequence[ScenarioSource] = (),
        fetch: Callable[[Fetch], Fetched] = no_way_out,
    ) -> None:
        self.store = store
        self.vendors = vendors
        self.real = real
        self.fetch = fetch
        self.sources: Sequence[ScenarioSource] = (take_queued, find_standing, *files)
        self.listeners: list[Listener] = []

    def world(self, sandbox_id: str, asker: Asker = NOBODY) -> LivingWorld:
        """The world of a sandbox, on behalf of a request if there is one."""
        return LivingWorld(
            self.store,
            sandbox_id,
            real=self.real,
            listeners=self.listeners,
            vendors=self.vendors,
            sources=self.sources,
            fetch=self.fetch,
            asker=asker,
        )
