"""A server in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from emulator.client import Localfax

_THREADS = 16


@contextmanager
def run_server(*, repeatable: bool = False, allow_target: tuple[str, ...] = ()) -> Iterator[Localfax]:
    """Serve on a free loopback port during the block.

    One that is repeatable gives its sandboxes the same ids and credentials each time.
    """
    from emulator.app import App
    from emulator.config import Config
    from emulator.core.sandbox import Ids
    from emulator.server.http_server import in_process

    app = App(Config(seed="tests", allow_target=allow_target))
    if repeatable:
        numbers = count()
        app.sandboxes.chance = lambda digits: Ids("repeatable").hex("chance", next(numbers), digits)
    try:
        with in_process(app, _THREADS) as running, Localfax(running.url) as server:
            yield server
    finally:
        app.close()
