"""What every test has at hand: a running server on real sockets, fresh sandboxes, a receiver for webhooks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from localfax import Sandbox
from localfax.connection import ROOT, Connection
from tests.receiver import Receiver

FIXTURES = Path(__file__).parent.parent / "fixtures"
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads the fixtures; in C, where that is there, ten times as fast."""
WAIT = 120.0
"""Real seconds after which a call of a test counts as hung, on a machine that has much else to do."""
KEPT = requests.Session()
"""Connections of the tests' clients to the servers of this process, open from one request to the next."""
KEPT.trust_env = False  # a proxy never knows loopback


def read_yaml(path: str) -> Any:
    """Give what a YAML file of the fixtures says."""
    return yaml.load((FIXTURES / path).read_text(encoding="utf-8"), YAML)


def exchange(method: str, url: str, **options: Any) -> requests.Response:
    """Make a request without the price of a session and a connection of its own."""
    return KEPT.request(method, url, timeout=WAIT, **options)


class Control:
    """A sandbox of a running server as the shipped client finds it, told in plain JSON."""

    def __init__(
        self, url: str, sandbox: dict[str, Any] | None = None, connection: Connection | None = None
    ) -> None:
        self.client = Sandbox(connection or Connection(url), sandbox or {"id": "default"})
        self.url = url
        self.root = f"{url}{ROOT}"
        self.sandbox = self.client.data
        self.base_url = self.client.base_url
        self.credentials = self.client.credentials

    @property
    def id(self) -> str:
        return self.client.id

    def call(self, method: str, path: str, status: int | None = None, **options: Any) -> Any:
        """Call `/_localfax{path}`; give the JSON answer after checking its status."""
        answer = self.client.connection.answer(method, path, **options)
        assert answer.status_code == (status or answer.status_code), answer.text
        assert status or answer.ok, answer.text
        return answer.json() if answer.content else None

    def create(self, **body: Any) -> Control:
        """Make a sandbox; without `clock` it has a manual one."""
        body.setdefault("clock", {"mode": "manual"})
        made = self.call("POST", "/sandboxes", 201, json=body)
        return Control(self.url, made, self.client.connection)

    def advance(self, **target: Any) -> dict[str, Any]:
        """Advance the clock; without a target until idle."""
        return dict(self.client.call("POST", "/clock/advance", target or {"until": "idle"}))

    def vendor(self, name: str, **changes: Any) -> dict[str, Any]:
        """Read a vendor's settings, or change them."""
        if "vendors" not in self.client.data:  # the default one, of which nothing was read
            self.client.data = self.call("GET", f"/sandboxes/{self.id}", 200)
        return self.client.settings(name, **changes)

    def faxes(self) -> list[dict[str, Any]]:
        """List the faxes, newest first."""
        return [fax.data for fax in self.client.faxes()]

    def fax(self, fax_id: str) -> dict[str, Any]:
        return self.client.fax(fax_id).data

    def webhooks(self) -> list[dict[str, Any]]:
        """List the deliveries, newest first."""
        return [webhook.data for webhook in self.client.webhooks()]

    def script(self, **scenario: Any) -> None:
        """Have the next faxes go as a scenario says."""
        self.client.add_scenarios(scenario)

    def receive(self, vendor: str, to: str, **given: Any) -> dict[str, Any]:
        """Let somebody fax the account, to the end."""
        body = {"vendor": vendor, "to": to, "from": "+12125550188", "force": True} | given
        fax = self.client.call("POST", "/inbound", body)
        self.advance()
        return dict(fax)

    def now(self) -> str:
        return str(self.client.clock()["now"])


@pytest.fixture(scope="session", autouse=True)
def own_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is kept for a user, like the authority, out of the folder of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


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
def forgetful() -> Iterator[Control]:
    """A server of its own, which keeps a megabyte of documents."""
    with closing(App(Config(seed="tests", documents_mb=1))) as app, in_process(app) as running:
        yield Control(running.url)


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
