"""A server, and the environment in which unmodified programs come to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from localfax.interception.environment import intercept
from tests.bench.process import free_port
from tests.cli.conftest import HUNG, variables
from tests.conftest import Control

PROGRAMS = Path(__file__).parent / "programs"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Control]:
    """A server for anybody's credentials, whose default sandbox is in a hurry."""
    folder = str(tmp_path_factory.mktemp("ca"))
    app = App(Config(seed="intercept", any_credentials=True, speed=None, ca_dir=folder))
    with in_process(app) as running:
        yield Control(running.url)
    app.close()


@pytest.fixture(scope="module")
def surroundings(stand_in: Control, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What `localfax exec --intercept` sets."""
    found = stand_in.call("GET", "/interception", 200)
    folder = tmp_path_factory.mktemp("set up")  # with a space, as users' folders have
    plain = {**variables({}), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return intercept(folder, stand_in.url, found["hosts"], found["certificate"], plain)


@pytest.fixture
def run(surroundings: dict[str, str], tmp_path: Path) -> Run:
    """Run a program in it."""

    def run_program(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
        command = [*map(str, words)]
        return subprocess.run(
            command, cwd=tmp_path, env=surroundings | more, capture_output=True, text=True, timeout=HUNG
        )

    return run_program


@pytest.fixture(name="free_port")
def any_port() -> int:
    """A port for a program to hear of its faxes at."""
    return free_port()


@pytest.fixture
def listening(stand_in: Control, free_port: int) -> int:
    """That port, to which all vendors post; nothing is left of faxes before."""
    stand_in.call("POST", "/sandboxes/default/reset", 200)
    for vendor in ("ifax", "openfax"):
        stand_in.vendor(vendor, webhooks={"outbound": f"http://127.0.0.1:{free_port}/hook"})
    return free_port


@pytest.fixture
def application(stand_in: Control, run: Run, listening: int) -> Callable[..., str]:
    """Run an application that sends by two vendors and hears of both; see that both came, give its stderr."""

    def run_application(*words: object, **more: str) -> str:
        done = run(*words, listening, **more)
        assert (done.returncode, done.stdout) == (0, "1 Success heard 2\n"), done.stderr
        assert {(fax["vendor"], fax["state"]) for fax in stand_in.faxes()} == {
            ("ifax", "delivered"), ("openfax", "delivered"),
        }  # fmt: skip
        assert len(stand_in.faxes()) == 2
        return done.stderr

    return run_application
