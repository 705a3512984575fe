"""The examples of docs/examples, each running beside a sandbox of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator.explore.application import Commands
from emulator.explore.exploration import Tried, explore
from emulator.explore.session import Session
from emulator.explore.trial import Waits
from emulator.explore.words import read_picks
from localfax import Localfax, Sandbox
from tests.bench.process import free_port
from tests.conftest import WAIT, Control

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
WORDS = ("delivered=.state:delivered", "failed=.state:failed")


def load(name: str, environ: Mapping[str, str]) -> Any:
    """Import an example anew, with a sandbox's keys in its environment; give its application."""
    kept = dict(os.environ)
    os.environ.update(environ)
    try:
        spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        __import__("sys").modules[spec.name] = module  # Django finds its routes by the name
        spec.loader.exec_module(module)
        return module.app
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def run_program(command: list[str], port: int, environ: Mapping[str, str]) -> Iterator[str]:
    """Run an example in a process of its own until it answers; end it afterwards."""
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        command,
        env={**os.environ, **environ, "PORT": str(port), "PHP_CLI_SERVER_WORKERS": "6"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_it_answers(url, process)
        yield url
    finally:
        os.killpg(process.pid, 9)
        process.wait(WAIT)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline, tick = time.monotonic() + WAIT, threading.Event()
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(f"{url}/faxes?to=0", timeout=WAIT)
            return
        except requests.ConnectionError:
            tick.wait(0.02)
    raise AssertionError(f"{url} does not answer")


@dataclass
class Explored:
    """An example that runs, and an exploration of it."""

    session: Session

    def __call__(self, but: Collection[str] = (), **options: Any) -> list[Tried]:
        usual = self.session.begin()
        found = self.session.combinations(usual, **({"pairs": False, "orders": 4} | options))
        return list(explore([each for each in found if each.name not in but], self.session.play))


Start = Callable[[str, str], Explored]


@pytest.fixture
def start(server: Control) -> Iterator[Start]:
    """Start an example that uses a vendor, and give what explores it."""
    with ExitStack() as stack:

        def begin(name: str, vendor: str, timeout: float = 8.0, **settings: Any) -> Explored:
            sandbox: Sandbox = server.create().client
            url = stack.enter_context(_serve(name, sandbox.environ))
            hook = {"url": f"{url}/hook", "auth": None}
            sandbox.settings(vendor, webhooks={"outbound": hook, "inbound": hook}, **settings)
            where = f"curl -sf '{url}/faxes?to={{to}}'"
            send = f"curl -sf {url}/faxes -d to={{to}} -d order={{order}}"
            commands = Commands(where, send, effects=".effects")
            return Explored(
                Session(sandbox, vendor, commands, read_picks(WORDS), "test", Waits(timeout, 0.5))
            )

        yield begin


@contextmanager
def _serve(name: str, environ: Mapping[str, str]) -> Iterator[str]:
    if name == "node":
        with run_program(["node", str(EXAMPLES / "node.mjs")], free_port(), environ) as url:
            yield url
    elif name == "php":
        port = free_port()
        command = ["php", "-S", f"127.0.0.1:{port}", str(EXAMPLES / "app.php")]
        with run_program(command, port, environ) as url:
            yield url
    else:
        # A server that is not told to run here serves the application on a port.
        with Localfax(environ["LOCALFAX_URL"]).serve(load(name, environ)) as url:
            yield url
