"""An iFax that is this program with twelve differences planted into it, and a recording made of it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from emulator.app import App
from emulator.config import Config
from emulator.outbound.policy import OutboundPolicy
from emulator.server.http_server import in_process
from emulator.traffic.proxy import WEBHOOKS, RecordingProxy
from emulator.traffic.recorder import HarFile
from localfax import Localfax, Sandbox
from localfax.receiver import Receiver
from tests.sending import pages

NAMES = ("Mary Wintergreen", "Dr. Oddfellow", "Wintergreen's liver", "wintergreen@clinic.example.org")
NUMBERS = ("+13107778888", "+14157776666", "+16467775555", "+442079468877")
"""Of people, none of which may be found in what is written."""

Data = dict[str, Any]


def _rename(data: Data) -> Data:
    return data | {"data": {"faxJobId": data["data"]["jobId"]}}


def _in_data(**changes: Callable[[Data], Any]) -> Callable[[Data], Data]:
    def change(data: Data) -> Data:
        inner = data["data"]
        return data | {"data": inner | {name: make(inner) for name, make in changes.items()}}

    return change


def _without(data: Data) -> Data:
    return data | {"data": {name: value for name, value in data["data"].items() if name != "faxCallLength"}}


def _another_word(data: Data) -> Data:
    inner = data["data"]
    word = {"sending": "in_progress"}.get(inner["faxStatus"], inner["faxStatus"])
    return data | {"data": inner | {"faxStatus": word}}


def _reversed(data: Data) -> Data:
    return data | {"data": data["data"][::-1]}


def _refusal(data: Data) -> Data:
    return data | {"code": 12009}


PLANTED: Mapping[str, tuple[tuple[Callable[[Data], bool], Callable[[Data], Data]], ...]] = {
    "fax-send": (
        (lambda data: data["status"] == 1, _rename),  # a renamed field
        (lambda data: data["status"] == 0, _refusal),  # another code
    ),
    "fax-status": (
        (lambda data: data["status"] == 1, _in_data(faxTotalPages=lambda fax: str(fax["faxTotalPages"]))),
        (lambda data: data["status"] == 1, _without),  # a missing field
        (lambda data: data["status"] == 1, _another_word),  # a word that no table has
    ),
    "fax-cancel": (
        (lambda data: data["status"] == 1, lambda data: data | {"message": "Fax has been stopped."}),
    ),
    "fax-resend": (
        (lambda data: data["status"] == 1, lambda data: data | {"priority": 7}),
    ),  # one more field
    "fax-lists": ((lambda data: True, _reversed),),  # another order
}
STATUSES = {"fax-download": 404}
"""Of a refusal."""
HEADERLESS = frozenset({"number-list"})

EXPECTED = {
    ("send", "renamed", "data.jobId"),
    ("send", "code", "code"),
    ("status", "type", "data.faxTotalPages"),
    ("status", "missing", "data.faxCallLength"),
    ("status", "word", "data.faxStatus"),
    ("cancel", "text", "message"),
    ("resend", "extra", "priority"),
    ("list", "order", "data"),
    ("download", "status", ""),
    ("number-list", "header", "content-type"),
    ("faxes", "timing", "delivered"),
    ("fax.sent", "retry", ""),
}


class Planted:
    """A WSGI layer that changes what iFax answers."""

    def __init__(self, app: App) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        told: list[Any] = []
        content = b"".join(self.app(environ, lambda status, headers, *rest: told.extend((status, headers))))
        status, headers = told[0], [pair for pair in told[1] if pair[0].lower() != "content-length"]
        path = environ.get("PATH_INFO", "")
        name = path.rpartition("/")[2]
        if "/customer/" in path:
            data = json.loads(content)
            for fits, change in PLANTED.get(name, ()):
                data = change(data) if fits(data) else data
            if name in STATUSES and data["status"] == 0:
                status = f"{STATUSES[name]} Not Found"
            if name in HEADERLESS:
                headers = [pair for pair in headers if pair[0].lower() != "content-type"]
            content = json.dumps(data, separators=(",", ":")).encode()
        start_response(status, [*headers, ("Content-Length", str(len(content)))])
        return [content]


def _with_another_retry(app: App) -> None:
    """Let iFax try a webhook again after seven minutes, not five."""
    vendor = app.vendors["ifax"]

    def notices(moment: Any) -> Any:
        return [
            replace(each, rule=replace(each.rule, delays=(420.0, *each.rule.delays[1:])))
            for each in vendor.notices(moment)
        ]

    app.vendors["ifax"] = replace(vendor, notices=notices)


class Client:
    """An application that uses iFax."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key, self.session = url, key, requests.Session()

    def ask(self, operation: str, **body: Any) -> Any:
        answer = self.session.post(
            f"{self.url}/v1/customer/{operation}", json=body, headers={"accessToken": self.key}, timeout=30
        )
        return answer.json()

    def send(self, to: str, count: int = 1) -> str:
        file = {"fileName": "liver-of-mary.pdf", "fileData": b64encode(pages(count)).decode()}
        said = self.ask("fax-send", faxNumber=to, faxData=[file], subject=NAMES[2], from_name=NAMES[0],
                        to_name=NAMES[1], message=f"Write to {NAMES[3]} or call {NUMBERS[2]}")  # fmt: skip
        return str(said["data"].get("faxJobId") or said["data"].get("jobId"))


@contextmanager
def upstream(layer: Callable[[App], Any], *overlay: str) -> Iterator[tuple[Localfax, App]]:
    """Serve a program behind a layer, which leaves its control plane as it is."""
    app = App(Config(seed="upstream", log="off", overlay=overlay))
    try:
        with in_process(layer(app), 8) as real, Localfax(real.url) as server:
            yield server, app
    finally:
        app.close()


def record(path: Path, plant: bool = True) -> list[str]:
    """Record a morning of an application with the planted iFax; return the secrets that were about."""
    with upstream(Planted if plant else lambda app: app) as (server, app), Receiver() as application:
        if plant:
            _with_another_retry(app)
        sandbox = server.create(clock={"mode": "manual", "now": "2026-03-04T10:00:00Z"}, seed="up")
        file = HarFile(path)
        proxy = RecordingProxy(
            "ifax",
            file,
            sandbox.base_url("ifax"),
            policy=OutboundPolicy(),
            host="api.ifaxapp.com",
            receiver=f"{application.url}/hooks/mary",
            now=lambda: datetime.fromisoformat(sandbox.clock()["now"]).timestamp(),
        )
        with in_process(proxy, 8) as running:
            hook = {"url": f"{running.url}{WEBHOOKS}", "auth": "wintergreen:hunter2hunter2"}
            sandbox.settings("ifax", webhooks={"outbound": hook, "inbound": hook})
            if plant:
                slow = {"name": "slow", "attempts": [{"delivered": {"pace": 3}}]}
                sandbox.add_scenarios(slow)
            secrets = _morning(
                Client(running.url, sandbox.credentials("ifax")["accessToken"]), sandbox, application
            )
        file.close()
    return secrets


def _morning(client: Client, sandbox: Sandbox, application: Receiver) -> list[str]:
    application.answer(500, times=1)
    first = client.send(NUMBERS[0], 3)
    client.ask("fax-status", jobId=first)
    sandbox.advance(20)
    client.ask("fax-status", jobId=first)
    sandbox.advance(250)
    client.ask("fax-status", jobId=first)
    sandbox.advance(900)
    second = client.send(NUMBERS[1])
    for _ in range(5):
        client.ask("fax-status", jobId=second)
        sandbox.advance(30)
    client.ask("fax-status", jobId=second)
    third = client.send(NUMBERS[3])
    client.ask("fax-cancel", jobId=third)
    client.ask("fax-resend", jobId=first)
    client.ask("fax-send", faxData=[])
    client.ask("fax-download", jobId=99999999)
    client.ask("inbound/number-list")
    client.ask("fax-lists")
    sandbox.advance(600)
    fax = sandbox.receive("ifax", "+12125550100", NUMBERS[2], pages=2, force=True)
    sandbox.settle()
    keys = list(sandbox.credentials("ifax").values())
    ids = [fax.data["vendor_view"]["id"] for fax in sandbox.faxes()]
    document = b64encode(pages(3)).decode()
    digits = [number.lstrip("+") for number in NUMBERS]
    texts = [
        "Wintergreen",
        "wintergreen",
        "Oddfellow",
        "liver-of-mary",
        "hunter2",
        "clinic.example",
        "/hooks/mary",
    ]
    return [*keys, *ids, *NAMES, *NUMBERS, *digits, *texts, document[100:160], fax.id and application.url]
