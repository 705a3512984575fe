"""Accounts of Kazoo in sandboxes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from tests.conftest import Control
from tests.receiver import Receiver
from tests.vendors.kazoo.client import Kazoo
from tests.vendors.kazoo.world import BEGINNING, World

Build = Callable[..., World]


CLOCK = {"mode": "manual", "now": BEGINNING}


@pytest.fixture
def kazoo(server: Control) -> Kazoo:
    """An account whose clock stands at a known instant, a whole second.

    Its jobs are tried once unless a test says otherwise, so that most tests look at one end.
    """
    return Kazoo(server.create(clock=CLOCK, profiles={"kazoo": {"retries": "tries"}}))


@pytest.fixture
def modern(kazoo: Kazoo) -> Kazoo:
    """An account on a 4.3 server."""
    kazoo.modernise()
    return kazoo


@pytest.fixture
def one_page(document: Any) -> bytes:
    return bytes(document("one-page.pdf"))


@pytest.fixture
def three_pages(document: Any) -> bytes:
    return bytes(document("three-pages.pdf"))


@pytest.fixture(scope="session")
def mail_app() -> Iterator[App]:
    """A program that takes mail too."""
    program = App(Config(seed="mail", smtp_port=0))
    yield program
    program.close()


@pytest.fixture(scope="session")
def mail_server(mail_app: App) -> Iterator[Control]:
    with in_process(mail_app, threads=8) as running:
        yield Control(running.url)


@pytest.fixture
def mailing(mail_server: Control) -> Kazoo:
    """An account whose server takes mail."""
    return Kazoo(mail_server.create(clock=CLOCK, profiles={"kazoo": {"retries": "tries"}}))


@pytest.fixture
def port(mail_app: App) -> int:
    """Where mail is taken."""
    return mail_app.listeners[0].port


@pytest.fixture
def build(mail_server: Control, port: int, receiver: Receiver, one_page: bytes) -> Build:
    """Make accounts that have one of each thing which the facts name."""

    def made(place: str = "accounts", *, modern: bool = False) -> World:
        control = mail_server.create(seed="facts", clock=CLOCK)
        return World(Kazoo(control), port, receiver, one_page, place, modern=modern)

    return made


@pytest.fixture
def world(build: Build) -> World:
    return build()
