"""The start of the program: seconds until it is ready, and its memory at rest."""

from __future__ import annotations

import os
import sys
from tempfile import TemporaryDirectory

from tests.bench.process import free_port, running
from tests.bench.rows import row

STARTS = 3


def main() -> None:
    """Print the rows of the start."""
    with TemporaryDirectory() as folder:
        _start(folder)  # which compiles the modules, as installing does
        found = [_start(folder) for _ in range(STARTS)]
    ready, resident = (min(each) for each in zip(*found, strict=True))
    row("start to ready", f"{ready:.2f} s", "0.35 s", ready <= 0.35)
    row("resting memory", f"{resident:.0f} MB", "50 MB", resident <= 50)


def _start(compiled: str) -> tuple[float, float]:
    port = free_port()
    command = [sys.executable, "-m", "emulator.cli", "serve", "--port", str(port)]
    env = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
    with running(command, port, "/_localfax/ready", env=env) as server:
        return server.ready_after, server.resident_mb()
