"""A server of several workers: `python -m tests.soak.server PORT STORE WORKERS LEASE EXPIRE`."""

from __future__ import annotations

import sys

from emulator.app import App
from emulator.config import Config
from emulator.server.process import serve

JOURNAL_MB = 4
"""Little, so that journals are full early and what still grows is seen."""


def main(port: str, store: str, workers: str, lease: str, expire: str) -> None:
    """Serve until told to end; a lease shorter than the usual one lets a test see what comes after it."""
    config = Config(
        port=int(port), store=store, workers=int(workers), expire=float(expire), journal_mb=JOURNAL_MB
    )
    serve(
        lambda others: App(config, lease=float(lease), others=others),
        config.host,
        config.port,
        workers=config.workers,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
