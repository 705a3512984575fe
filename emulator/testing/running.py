"""A server in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from emulator.client import Localfax

THREADS = 16


@contextmanager
def running_server(seed: str = "tests", allow_target: tuple[str, ...] = ()) -> Iterator[Localfax]:
    """Serve on a free loopback port for as long as the context lasts."""
    from emulator.app import App
    from emulator.config import Config
    from emulator.serve import in_process

    app = App(Config(seed=seed, allow_target=allow_target))
    try:
        with in_process(app, THREADS) as running, Localfax(running.url) as server:
            yield server
    finally:
        app.close()
