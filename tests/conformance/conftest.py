"""Every vendor, and one more: a folder that lies among the tests and that nothing else in the tree names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import emulator.vendors
from emulator.app import App
from emulator.config import Config
from emulator.core.dialect.vendor import Vendor
from emulator.server.http_server import in_process
from emulator.vendors import _folders, all_vendors
from tests.conftest import Control

SIXTH = "acme"
NAMES = (*all_vendors(), SIXTH)


@pytest.fixture(scope="module")
def vendors() -> Iterator[dict[str, Vendor]]:
    """Those of the program and the example, found as every vendor is: by its folder."""
    folder = str(Path(__file__).parent / "vendors")
    emulator.vendors.__path__.append(folder)
    forget()
    yield all_vendors()
    emulator.vendors.__path__.remove(folder)
    forget()


def forget() -> None:
    """Let vendors be looked for again."""
    all_vendors.cache_clear()
    _folders.cache_clear()


@pytest.fixture(scope="module")
def program(vendors: dict[str, Vendor]) -> Iterator[App]:
    """A running program that has the sixth vendor."""
    app = App(Config(seed="conformance"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def six(program: App) -> Iterator[Control]:
    """The same behind a socket."""
    with in_process(program, threads=8) as running:
        yield Control(running.url)


@pytest.fixture
def control(six: Control) -> Control:
    """A fresh sandbox with a manual clock."""
    return six.create()
