"""The command, run as a user runs it: in a process of its own where that matters, else in this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from emulator.cli import main
from localfax import Localfax, Sandbox
from tests.conftest import Control

COMMAND = str(Path(sys.executable).parent / "localfax")
HUNG = 300.0
"""Real seconds after which a command counts as hung, on a machine that has much else to do."""
Run = Callable[..., subprocess.CompletedProcess[str]]


def variables(given: Mapping[str, str]) -> dict[str, str]:
    """Give this process's variables without those that `localfax` reads, and these."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOCALFAX_")}
    return {**clean, **given}


def run_process(
    *words: object, environ: Mapping[str, str] = {}, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run the installed `localfax` with these words; give its code and what it printed."""
    return subprocess.run(
        [COMMAND, *map(str, words)],
        env=variables(environ),
        capture_output=True,
        text=True,
        timeout=HUNG,
        **options,
    )


def run_command(*words: object, environ: Mapping[str, str] = {}) -> subprocess.CompletedProcess[str]:
    """Do what the installed command does with these words; give its code and what it printed."""
    stdout, stderr = captured(), captured()
    surroundings = patch.dict(os.environ, variables(environ), clear=True)
    with surroundings, redirect_stdout(stdout), redirect_stderr(stderr), pytest.raises(SystemExit) as ended:
        main([*map(str, words)], prog_name="localfax")
    code = ended.value.code or 0
    assert isinstance(code, int)
    return subprocess.CompletedProcess(words, code, text_of(stdout), text_of(stderr))


def captured() -> TextIOWrapper:
    return TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True)


def text_of(stream: TextIOWrapper) -> str:
    assert isinstance(stream.buffer, BytesIO)
    return stream.buffer.getvalue().decode()


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
