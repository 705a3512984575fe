"""A client of Kazoo in a sandbox of its own, as the vendor's own clients call it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests

from emulator.app import App
from emulator.config import Config
from emulator.serve import in_process
from tests.conftest import WAIT, Control
from tests.receiver import Receiver

NUMBER = "18884732963"
UNTRIED = {
    "error_message": "",
    "fax_bad_rows": 0,
    "fax_error_correction": False,
    "fax_receiver_id": "",
    "fax_speed": 0,
    "pages_sent": 0,
    "success": False,
    "time_elapsed": 0,
}
GREGORIAN = 62_167_219_200
GOOD = {"document": {"url": "http://x.test/a.pdf"}, "from_number": NUMBER, "to_number": NUMBER}
BY_URL = {"from_number": NUMBER, "to_number": NUMBER}
REQUIRED = "Field is required but missing"


def rule(message: str, **more: Any) -> dict[str, Any]:
    """Give a broken rule as an error names it."""
    return {"message": message, **more}


class Kazoo:
    """Calls one account with its own token; paths are those below `/v2/accounts/{account}`."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.credentials = control.credentials("kazoo")
        self.account = self.credentials["account"]
        self.token = self.credentials["X-Auth-Token"]
        self.root = control.base_url("kazoo") + "/v2"
        self.base = f"{self.root}/accounts/{self.account}"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call a path of the account, or another URL, with the account's token."""
        headers = {"X-Auth-Token": self.token, **options.pop("headers", {})}
        url = path if path.startswith("http") else self.base + path
        return requests.request(method, url, headers=headers, timeout=WAIT, **options)

    def get(self, path: str, status: int = 200, **options: Any) -> Any:
        return self.answer("GET", path, status, **options)

    def answer(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """Call and give the whole JSON body after checking its status."""
        answer = self.call(method, path, **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    def put(self, path: str, data: Any, status: int = 201, **beside: Any) -> Any:
        """PUT an envelope with this data and give the answer's data."""
        return self.answer("PUT", path, status, json={"data": data, **beside})["data"]

    def send(
        self, content: bytes = b"Hello", to: str = NUMBER, kind: str = "application/pdf", **more: Any
    ) -> Any:
        """Upload a document and give the data of the answer."""
        meta = {"data": {"from_number": NUMBER, "to_number": to, **more}}
        answer = self.call("PUT", "/faxes", files=parts(meta, content, kind))
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]

    def sent(self, *arguments: Any, **more: Any) -> Any:
        """Upload a document, let everything happen, and give it as the outbox shows it."""
        job = self.send(*arguments, **more)["id"]
        self.control.advance()
        return self.ended(job)

    def status(self, job: str) -> str:
        """Give the word that a job in the queue shows."""
        return str(self.get(f"/faxes/outgoing/{job}")["data"]["status"])

    def ended(self, job: str) -> Any:
        """Give the row of the outbox that a job has become."""
        return next(row for row in self.get("/faxes/outbox")["data"] if row["id"].endswith(job))

    def scenario(self, *attempts: Any, **more: Any) -> None:
        """Queue a scenario for the next fax."""
        body = {"match": {"vendor": "kazoo"}, "attempts": list(attempts) or ["delivered"], **more}
        self.control.call("POST", f"/sandboxes/{self.control.id}/scenarios/next", 201, json=body)

    def receive(self, status: int = 201, **more: Any) -> Any:
        """Let somebody fax us; gives the neutral view."""
        body = {"vendor": "kazoo", "to": NUMBER, "from": "12125550123", **more}
        return self.control.call("POST", f"/sandboxes/{self.control.id}/inbound", status, json=body)

    def now(self) -> int:
        """Give the sandbox's instant in Gregorian seconds."""
        from datetime import datetime

        return int(datetime.fromisoformat(self.control.now()).timestamp()) + GREGORIAN


def parts(meta: Mapping[str, Any], content: bytes, kind: str = "application/pdf") -> list[Any]:
    """Give the two parts of a multipart create."""
    return [
        ("content", ("fax.json", json.dumps(meta), "application/json")),
        ("content", ("fax.pdf", content, kind)),
    ]


@pytest.fixture
def kazoo(control: Control) -> Kazoo:
    return Kazoo(control)


@pytest.fixture
def modern(kazoo: Kazoo) -> Kazoo:
    """An account on a 4.3 server."""
    kazoo.control.vendor("kazoo", profile={"kazoo.profile": "4.3"})
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
    return Kazoo(mail_server.create())


@pytest.fixture
def port(mail_app: App) -> int:
    """Where mail is taken."""
    return mail_app.listeners[0].port


@pytest.fixture
def world(mailing: Kazoo, port: int, receiver: Receiver, one_page: bytes) -> Any:
    """An account with one of each thing that the facts name."""
    from tests.vendors.kazoo.facts import World

    return World(mailing, port, receiver, one_page)
