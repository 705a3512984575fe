"""The start of the program: seconds until it is ready, and its memory at rest."""

from __future__ import annotations

import sys

from tests.bench.process import free_port, running
from tests.bench.rows import row

STARTS = 3


def main() -> None:
    """Print the rows of the start."""
    found = [_start() for _ in range(STARTS)]
    ready, resident = (min(each) for each in zip(*found, strict=True))
    row("start to ready", f"{ready:.2f} s", "0.35 s", ready <= 0.35)
    row("resting memory", f"{resident:.0f} MB", "50 MB", resident <= 50)


def _start() -> tuple[float, float]:
    port = free_port()
    command = [sys.executable, "-m", "emulator.cli", "serve", "--port", str(port)]
    with running(command, port, "/_localfax/ready") as server:
        return server.ready_after, server.resident_mb()
