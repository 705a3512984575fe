"""A proxy on both loops, and nothing beyond this machine."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from emulator.server.proxy import is_address
from tests.server.proxy.proxied import FURTHER, LOOPS, Proxied


@pytest.fixture(scope="module", params=LOOPS, ids=["asyncio", "uvloop"])
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("ca")
    app = App(Config(seed="proxy", ca_dir=str(folder), intercept_host=(f"{FURTHER}=ifax",)))
    with in_process(app, new_loop=request.param) as served:
        yield Proxied(served, folder)
    app.close()


@pytest.fixture(autouse=True)
def no_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Nothing in these tests may lead beyond this machine, not even a question for a name."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: Any, *rest: Any, **options: Any) -> Any:
        if not is_address(host) and host != "localhost":
            asked.append(host)
            raise socket.gaierror(f"{host} was looked up")
        return real(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield asked
    assert asked == []


@pytest.fixture(params=LOOPS, ids=["asyncio", "uvloop"])
def new_loop(request: pytest.FixtureRequest) -> Callable[[], asyncio.AbstractEventLoop]:
    return request.param
