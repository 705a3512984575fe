"""The server of tests: one that runs elsewhere, or one in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count

from localfax.connection import Unreachable
from localfax.server import Localfax

_THREADS = 16


class NoServer(Exception):
    """Nobody answers where LOCALFAX_URL says."""


@contextmanager
def find_server(environ: Mapping[str, str] = os.environ) -> Iterator[Localfax]:
    """Use the server that LOCALFAX_URL names, else run one; raise NoServer when that one does not answer."""
    url = environ.get("LOCALFAX_URL")
    if not url:
        with run_server() as server:
            yield server
        return
    with Localfax(url) as server:
        try:
            server.sandbox().clock()
        except Unreachable as wrong:
            way = "start a server there, or unset LOCALFAX_URL for one in this process"
            raise NoServer(f"LOCALFAX_URL is {url}, but {wrong}: {way}") from None
        yield server


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
