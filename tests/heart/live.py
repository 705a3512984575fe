"""A world in real time, for tests."""

from __future__ import annotations

import threading
import time
from typing import Any

from emulator.core.faxes.fax import Fax, Submission
from emulator.core.sandbox import Hook, Mode, Sandbox
from emulator.heart.pump import Pump
from tests.core.world import HOOK, World

WAIT = 20.0


class Live(World):
    """A world in real time, whose pump plays the running clocks; webhooks are counted."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.engine.real = time.time
        self.posts = threading.Semaphore(0)
        self.network.when_called = lambda what: self.posts.release()
        self.pump = Pump(self.player)

    def running(self, speed: float | None = None, **options: Any) -> Sandbox:
        """Make a sandbox with a running clock whose vendor posts webhooks."""
        hooks = {"acme": {"outbound": Hook(HOOK)}}
        return self.make(mode=Mode.running, speed=speed, hooks=hooks, **options)

    def submit(self, sandbox: Sandbox, **more: Any) -> Fax:
        return self.engine.world(sandbox.id).submit(Submission("acme", "+12125550123", pages=1, **more))

    def wait(self, count: int = 1) -> None:
        """Wait until so many webhooks have come."""
        for number in range(count):
            assert self.posts.acquire(timeout=WAIT), f"{number} of {count} webhooks came"

    def states(self, sandbox: Sandbox) -> list[str]:  # type: ignore[override]
        return [fax.state.value for fax in self.store.of(sandbox.id).list(Fax, "fax", limit=1000)]


def hook(url: str) -> dict[str, dict[str, Hook]]:
    return {"acme": {"outbound": Hook(url)}}
