"""A Localfax that has faxes already: `python -m tests.bench.prefilled PORT COUNT [STORE]`."""

from __future__ import annotations

import sys

from emulator.app import App
from emulator.config import Config
from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.faxes.fax import Submission
from emulator.server.process import serve


def prefilled(count: int, store: str = "memory") -> App:
    """Make the program; the default sandbox stands still and holds so many faxes of iFax."""
    app = App(Config(speed=0.0, seed="bench", store=store))
    sandbox = app.store.of(DEFAULT).sandbox
    for number in range(count):
        with app.store.reading():
            fax = Submission("ifax", "+12125550123", vendor_id=f"old-{number}", pages=1)
            app.engine.world(sandbox.id).submit(fax)
    return app


if __name__ == "__main__":
    serve(lambda others: prefilled(int(sys.argv[2]), *sys.argv[3:]), "127.0.0.1", int(sys.argv[1]))
