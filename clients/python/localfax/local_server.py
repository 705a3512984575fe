"""The server of tests: one that runs elsewhere, one in this process, or one that a command starts."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from subprocess import PIPE, Popen
from typing import Any

from localfax.applications import AppCall, open_application
from localfax.connection import Unreachable
from localfax.received import Received
from localfax.server import Localfax

_THREADS = 16
_PATIENCE = 120.0
"""Real seconds that a command may take to start; uvx fetches the server the first time."""
_TELL = "import os, sys; print('url', os.environ['LOCALFAX_URL'], flush=True); sys.stdin.read()"
"""What `localfax exec` runs: it says where the server is, and lives until this process lets go of it."""


class NoServer(Exception):
    """Nobody answers where LOCALFAX_URL says, or no command starts one."""


@contextmanager
def find_server(environ: Mapping[str, str] = os.environ) -> Iterator[Localfax]:
    """Use the server that LOCALFAX_URL names, else run one; raise NoServer when there is none to be had.

    It runs in this process where the server is installed, and where not, or where LOCALFAX_COMMAND is set, by
    a command.
    """
    if url := environ.get("LOCALFAX_URL"):
        with Localfax(url) as server:
            _greet(server)
            yield server
    elif find_spec("emulator") and not environ.get("LOCALFAX_COMMAND"):
        with run_server() as server:
            yield server
    else:
        with start_server(find_command(environ)) as server:
            yield server


def _greet(server: Localfax) -> None:
    try:
        server.sandbox().clock()
    except Unreachable as wrong:
        way = "start a server there, or unset LOCALFAX_URL for one in this process"
        raise NoServer(f"LOCALFAX_URL is {server.url}, but {wrong}: {way}") from None


def find_command(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Find what starts a server: LOCALFAX_COMMAND, else `localfax` on the path, else uvx; raise NoServer."""
    if given := environ.get("LOCALFAX_COMMAND"):
        return shlex.split(given)
    if found := shutil.which("localfax", path=environ.get("PATH")):
        return [found]
    if uvx := shutil.which("uvx", path=environ.get("PATH")):
        return [uvx, "localfax"]
    raise NoServer(
        "no Localfax server is at hand: name a running one as LOCALFAX_URL, or what starts one as "
        "LOCALFAX_COMMAND, or put `localfax` or `uvx` on the path"
    )


@contextmanager
def start_server(command: Sequence[str]) -> Iterator[Localfax]:
    """Run a server of a command's own on a free port during the block; it ends with this process, too."""
    words = [*command, "exec", "--", sys.executable, "-c", _TELL]
    try:
        running = Popen(words, stdin=PIPE, stdout=PIPE, text=True, start_new_session=True)
    except OSError as wrong:
        raise NoServer(f"{shlex.join(command)} starts no server: {wrong.strerror}") from None
    with running:
        assert running.stdin is not None
        assert running.stdout is not None
        url = next((line[4:].strip() for line in running.stdout if line.startswith("url ")), None)
        if url is None:
            raise NoServer(f"{shlex.join(words)} started no server: it ended with {running.wait()}")
        try:
            with Localfax(url) as server:
                server.ready(_PATIENCE)
                yield server
        finally:
            running.stdin.close()


class OwnServer(Localfax):
    """A server in this process: it posts into applications without a port, by the hosts in `inside`."""

    def __init__(self, url: str, inside: dict[str, Any]) -> None:
        super().__init__(url)
        self._inside, self._numbers = inside, count(1)

    @contextmanager
    def serve(self, app: Any) -> Iterator[str]:
        """Have an application reached during the block; its URL is for this server alone."""
        with open_application(app) as application:
            host = f"app{next(self._numbers)}.localfax.test"
            self._inside[host] = _asked_in_parts(application)
            try:
                yield f"http://{host}"
            finally:
                del self._inside[host]


def _asked_in_parts(application: AppCall) -> Any:
    def ask(method: str, target: str, headers: Any, body: bytes) -> tuple[int, Any, bytes]:
        path, _, query = target.partition("?")
        answered = application(Received(method, path, query, tuple(headers), body))
        return answered.status, answered.headers, answered.body

    return ask


@contextmanager
def run_server(*, repeatable: bool = False, allow_target: tuple[str, ...] = ()) -> Iterator[Localfax]:
    """Serve in this process, on a free loopback port, during the block; the server must be installed here.

    One that is repeatable gives its sandboxes the same ids and credentials each time.
    """
    from emulator.app import App
    from emulator.config import Config
    from emulator.core.sandbox import Ids
    from emulator.outbound.http_client import HttpClient
    from emulator.server.http_server import in_process

    app = App(Config(seed="tests", allow_target=allow_target))
    if repeatable:
        numbers = count()
        app.sandboxes.chance = lambda digits: Ids("repeatable").hex("chance", next(numbers), digits)
    try:
        inside = outside.inside if isinstance(outside := app.player.courier.outside, HttpClient) else {}
        with in_process(app, _THREADS) as running, OwnServer(running.url, inside) as server:
            yield server
    finally:
        app.close()
