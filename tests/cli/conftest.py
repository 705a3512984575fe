"""The installed command, run as a user runs it: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from emulator.client import Localfax, Sandbox
from tests.conftest import Control

COMMAND = str(Path(sys.executable).parent / "localfax")
HUNG = 300.0
"""Real seconds after which a command counts as hung, on a machine that has much else to do."""
Run = Callable[..., subprocess.CompletedProcess[str]]


def run_command(
    *words: object, environ: Mapping[str, str] = {}, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run `localfax` with these words; give its code and what it printed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOCALFAX_")}
    return subprocess.run(
        [COMMAND, *map(str, words)],
        env={**clean, **environ},
        capture_output=True,
        text=True,
        timeout=HUNG,
        **options,
    )


@pytest.fixture
def sandbox(server: Control) -> Any:
    """A fresh sandbox with a manual clock, as the client shows it."""
    with Localfax(server.url) as client:
        yield client.create(clock={"mode": "manual"}, seed="cli")


@pytest.fixture
def localfax(server: Control, sandbox: Sandbox) -> Run:
    """The command, with its server and sandbox set by LOCALFAX_URL and LOCALFAX_SANDBOX."""
    environ = {"LOCALFAX_URL": server.url, "LOCALFAX_SANDBOX": sandbox.id}
    return lambda *words, **options: run_command(*words, environ=environ, **options)


@pytest.fixture
def read(localfax: Run) -> Callable[..., Any]:
    """Run a reading command with --json; give what it says."""

    def run(*words: object) -> Any:
        done = localfax(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
