"""What every test has at hand: a running server on real sockets, fresh sandboxes, a receiver for webhooks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from emulator.app import App
from emulator.config import Config
from emulator.serve import in_process
from tests.receiver import Receiver

FIXTURES = Path(__file__).parent.parent / "fixtures"
WAIT = 30.0
"""Real seconds after which a call of a test counts as hung."""


class Control:
    """The control plane of a running server, and one sandbox of it."""

    def __init__(self, url: str, sandbox: dict[str, Any] | None = None) -> None:
        self.url = url
        self.root = f"{url}/_localfax"
        self.sandbox = sandbox or {"id": "default"}

    @property
    def id(self) -> str:
        return str(self.sandbox["id"])

    def call(self, method: str, path: str, status: int | None = None, **options: Any) -> Any:
        """Call `/_localfax{path}`; give the JSON answer after checking its status."""
        answer = requests.request(method, self.root + path, timeout=WAIT, **options)
        assert answer.status_code == (status or answer.status_code), answer.text
        assert status or answer.ok, answer.text
        return answer.json() if answer.content else None

    def create(self, **body: Any) -> Control:
        """Make a sandbox; without `clock` it has a manual one."""
        body.setdefault("clock", {"mode": "manual"})
        return Control(self.url, self.call("POST", "/sandboxes", 201, json=body))

    def base_url(self, vendor: str) -> str:
        return str(self.sandbox["vendors"][vendor]["base_url"])

    def credentials(self, vendor: str) -> dict[str, str]:
        return dict(self.sandbox["vendors"][vendor]["credentials"])

    def advance(self, **target: Any) -> dict[str, Any]:
        """Advance the clock; without a target until idle."""
        path = f"/sandboxes/{self.id}/clock/advance"
        return dict(self.call("POST", path, 200, json=target or {"until": "idle"}))

    def vendor(self, name: str, **changes: Any) -> dict[str, Any]:
        """Read a vendor's settings, or change them."""
        method = "PATCH" if changes else "GET"
        options = {"json": changes} if changes else {}
        return dict(self.call(method, f"/sandboxes/{self.id}/vendors/{name}", 200, **options))

    def faxes(self) -> list[dict[str, Any]]:
        """List the faxes, newest first."""
        return list(self.call("GET", f"/sandboxes/{self.id}/faxes", 200)["faxes"])

    def fax(self, fax_id: str) -> dict[str, Any]:
        return dict(self.call("GET", f"/sandboxes/{self.id}/faxes/{fax_id}", 200))

    def webhooks(self) -> list[dict[str, Any]]:
        """List the deliveries, newest first."""
        return list(self.call("GET", f"/sandboxes/{self.id}/webhooks", 200)["webhooks"])

    def now(self) -> str:
        return str(self.call("GET", f"/sandboxes/{self.id}/clock", 200)["now"])


@pytest.fixture(scope="session")
def app() -> Iterator[App]:
    """A running program with a memory store of its own."""
    program = App(Config(seed="tests"))
    yield program
    program.close()


@pytest.fixture(scope="session")
def server(app: App) -> Iterator[Control]:
    """The program behind real sockets, for the whole session: each test takes a sandbox of its own."""
    with in_process(app, threads=24) as running:
        yield Control(running.url)


@pytest.fixture
def control(server: Control) -> Control:
    """A fresh sandbox with a manual clock."""
    return server.create()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of webhooks that answers 200."""
    with Receiver() as running:
        yield running


@pytest.fixture(scope="session")
def document() -> Callable[[str], bytes]:
    """Give the bytes of a sample document of fixtures/documents by name."""
    return lambda name: (FIXTURES / "documents" / name).read_bytes()


@pytest.fixture(autouse=True)
def no_thread_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread of its own behind."""
    long_lived = {"app", "server", "control"} & set(request.fixturenames)
    before = set(threading.enumerate())
    yield
    if long_lived:
        return
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    assert not left, f"threads left behind: {left}"
